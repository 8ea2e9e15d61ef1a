"""Records of PagerDuty objects: numbers and pseudonyms only."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "escalation_policy",
    "escalation_rule",
    "escalation_target",
    "incident",
    "incident_acknowledgement",
    "log_entry",
    "log_entry_assignee",
    "schedule",
    "schedule_entry",
    "service",
)


def upgrade() -> None:
    """Apply."""
    _escalation_policy()
    _escalation_rule()
    _escalation_target()
    _incident()
    _incident_acknowledgement()
    _log_entry()
    _log_entry_assignee()
    _schedule()
    _schedule_entry()
    _service()


def _length(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"length({column}) = 16", name=f"{table}_{column}_length")


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _escalation_policy() -> None:
    op.create_table(
        "escalation_policy",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("num_loops", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        _length("escalation_policy", "id"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "id"),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _escalation_rule() -> None:
    op.create_table(
        "escalation_rule",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("escalation_policy_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("escalation_delay_in_minutes", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        _length("escalation_rule", "escalation_policy_id"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "escalation_policy_id", "position"),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _escalation_target() -> None:
    op.create_table(
        "escalation_target",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("escalation_policy_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("escalation_rule_position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.SmallInteger(), nullable=True),
        sa.Column("id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        _length("escalation_target", "escalation_policy_id"),
        _length("escalation_target", "id"),
        sa.CheckConstraint("type BETWEEN 0 AND 2", name="escalation_target_type_code"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(
            "epoch_id", "escalation_policy_id", "escalation_rule_position", "position"
        ),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("last_status_change_at", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("urgency", sa.SmallInteger(), nullable=True),
        sa.Column("service_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("escalation_policy_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("resolve_reason_type", sa.SmallInteger(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        _length("incident", "escalation_policy_id"),
        _length("incident", "id"),
        _length("incident", "service_id"),
        sa.CheckConstraint(
            "resolve_reason_type BETWEEN 0 AND 1", name="incident_resolve_reason_type_code"
        ),
        sa.CheckConstraint("status BETWEEN 0 AND 3", name="incident_status_code"),
        sa.CheckConstraint("urgency BETWEEN 0 AND 2", name="incident_urgency_code"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "id"),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _incident_acknowledgement() -> None:
    op.create_table(
        "incident_acknowledgement",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("incident_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledger_type", sa.SmallInteger(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "acknowledger_type BETWEEN 0 AND 3",
            name="incident_acknowledgement_acknowledger_type_code",
        ),
        _length("incident_acknowledgement", "incident_id"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "incident_id", "position"),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _log_entry() -> None:
    op.create_table(
        "log_entry",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("type", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("incident_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("agent_type", sa.SmallInteger(), nullable=True),
        sa.Column("agent_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("channel_type", sa.SmallInteger(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("agent_type BETWEEN 0 AND 3", name="log_entry_agent_type_code"),
        sa.CheckConstraint("channel_type BETWEEN 0 AND 13", name="log_entry_channel_type_code"),
        _length("log_entry", "agent_id"),
        _length("log_entry", "id"),
        _length("log_entry", "incident_id"),
        sa.CheckConstraint("type BETWEEN 0 AND 17", name="log_entry_type_code"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "id"),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _log_entry_assignee() -> None:
    op.create_table(
        "log_entry_assignee",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("log_entry_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        _length("log_entry_assignee", "id"),
        _length("log_entry_assignee", "log_entry_id"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "log_entry_id", "position"),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _schedule() -> None:
    op.create_table(
        "schedule",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        _length("schedule", "id"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "id"),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _schedule_entry() -> None:
    op.create_table(
        "schedule_entry",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("schedule_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        _length("schedule_entry", "schedule_id"),
        _length("schedule_entry", "user_id"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "schedule_id", "position"),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _service() -> None:
    op.create_table(
        "service",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("escalation_policy_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        _length("service", "escalation_policy_id"),
        _length("service", "id"),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "id"),
        info={"collected": True},
        sqlite_with_rowid=False,
    )
