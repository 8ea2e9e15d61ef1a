"""Firms, engagements, connections, epochs and the work on them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "firm",
    "heartbeat",
    "engagement",
    "member",
    "connection",
    "purge",
    "web_session",
    "epoch",
    "collection_run",
    "token",
    "assessment",
    "window",
)


def upgrade() -> None:
    """Apply."""
    _firm()
    _heartbeat()
    _engagement()
    _member()
    _connection()
    _purge()
    _web_session()
    _epoch()
    _collection_run()
    _token()
    _assessment()
    _window()


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _firm() -> None:
    op.create_table(
        "firm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def _heartbeat() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _engagement() -> None:
    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("client_name", sa.String(length=200), nullable=False),
        sa.Column("subdomain", sa.String(length=100), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(since IS NULL AND until IS NULL) OR since < until", name="engagement_window"
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handle"),
    )
    op.create_index("ix_engagement_firm_id", "engagement", ["firm_id"], unique=False)


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_index("ix_member_firm_id", "member", ["firm_id"], unique=False)


def _connection() -> None:
    op.create_table(
        "connection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("connected_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("lost_at", sa.BigInteger(), nullable=True),
        sa.Column("lost_reason", sa.String(length=32), nullable=True),
        sa.CheckConstraint("region IN ('us', 'eu')", name="connection_region"),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("engagement_id"),
        sa.UniqueConstraint("handle"),
    )


def _purge() -> None:
    op.create_table(
        "purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("epoch_handle", sa.String(length=16), nullable=False),
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("allow_list_hash", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline_at", sa.BigInteger(), nullable=False),
        sa.Column("keys_destroyed_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("lease_owner", sa.String(length=16), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (epoch_id IS NULL)", name="purge_forgets_epoch"),
        sa.CheckConstraint("state IN ('sealed', 'done')", name="purge_state"),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("epoch_handle"),
        sa.UniqueConstraint("handle"),
    )
    op.create_index("ix_purge_engagement_id", "purge", ["engagement_id"], unique=False)


def _web_session() -> None:
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_web_session_seen_at", "web_session", ["seen_at"], unique=False)


def _epoch() -> None:
    op.create_table(
        "epoch",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.LargeBinary(length=16), nullable=False),
        sa.Column("allow_list_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(id) = 16", name="epoch_id_length"),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handle"),
    )
    op.create_index("ix_epoch_connection_id", "epoch", ["connection_id"], unique=False)


def _collection_run() -> None:
    op.create_table(
        "collection_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("rate_limited", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=16), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="run_state"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handle"),
    )
    op.create_index("ix_collection_run_epoch_id", "collection_run", ["epoch_id"], unique=False)


def _token() -> None:
    op.create_table(
        "token",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("refreshing_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id"),
    )


def _assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("document", sa.JSON(), nullable=True),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("lease_owner", sa.String(length=16), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name="assessment_state"
        ),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["collection_run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handle"),
    )
    op.create_index("ix_assessment_epoch_id", "assessment", ["epoch_id"], unique=False)


def _window() -> None:
    op.create_table(
        "window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("resource", sa.String(length=32), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("declared", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'cut', 'absent')", name="window_state"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["collection_run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_window_epoch_id", "window", ["epoch_id"], unique=False)
    op.create_index("ix_window_run_id", "window", ["run_id"], unique=False)
