"""Collection: windows with their reasons, objects one by one, budget and breaker, refreshes.

What was collected before is dropped, for it is at PagerDuty: runs turn to "allow_list_changed",
and the next connect, which shows the new allow-list, collects anew.
"""

from collections.abc import Sequence
from types import ModuleType

import sqlalchemy as sa
from alembic import context, op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_RUN_COLUMNS: dict[str, type[sa.Integer]] = {
    "base_run_id": sa.Integer,
    "not_before": sa.BigInteger,
    "away_since": sa.BigInteger,
    "resumed_at": sa.BigInteger,
}
_RUN_COUNTS = ("resumed_requests", "resumed_records")


def upgrade() -> None:
    """Apply."""
    _records_before().downgrade()
    op.execute(sa.text("DELETE FROM assessment"))
    op.execute(sa.text("UPDATE collection_run SET state = 'failed', code = 'allow_list_changed'"))
    op.add_column(
        "engagement", sa.Column("refresh", sa.String(8), server_default="off", nullable=False)
    )
    op.add_column(
        "epoch", sa.Column("extensions", sa.String(64), server_default="", nullable=False)
    )
    for name, kind in _RUN_COLUMNS.items():
        op.add_column("collection_run", sa.Column(name, kind(), nullable=True))
    for name in _RUN_COUNTS:
        op.add_column(
            "collection_run", sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        )
    active = sa.text("state IN ('queued', 'running')")
    op.create_index(
        "one_active_run",
        "collection_run",
        ["epoch_id"],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )
    op.drop_table("window")
    _window()
    _window_object()
    _budget()
    _circuit()


def downgrade() -> None:
    """Take back."""
    for table in ("circuit", "budget", "window_object", "window"):
        op.drop_table(table)
    _connections_before()._window()  # noqa: SLF001 - the table as that revision makes it
    op.drop_index("one_active_run", "collection_run")
    for name in (*_RUN_COLUMNS, *_RUN_COUNTS):
        op.drop_column("collection_run", name)
    op.drop_column("epoch", "extensions")
    op.drop_column("engagement", "refresh")
    _records_before().upgrade()


def _records_before() -> ModuleType:
    return context.script.get_revision("0003").module


def _connections_before() -> ModuleType:
    return context.script.get_revision("0002").module


def _of_epoch() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE")


def _window() -> None:
    counts = ("restarts", "failures", "received", "stored", "duplicate", "skipped", "unknown")
    op.create_table(
        "window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("resource", sa.String(length=32), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("edge", sa.LargeBinary(length=16), nullable=True),
        sa.Column("declared", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("cut_from", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("fields", sa.String(length=200), nullable=True),
        sa.Column("objects", sa.Integer(), nullable=True),
        sa.Column("objects_done", sa.Integer(), nullable=False),
        sa.Column("objects_refused", sa.Integer(), nullable=False),
        sa.Column("objects_gone", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'cut', 'absent')", name="window_state"),
        _of_epoch(),
        sa.ForeignKeyConstraint(["run_id"], ["collection_run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_window_epoch_id", "window", ["epoch_id"])
    op.create_index("ix_window_run_id", "window", ["run_id"])


def _window_object() -> None:
    op.create_table(
        "window_object",
        sa.Column("window_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("object", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint("length(object) = 16", name="window_object_length"),
        _of_epoch(),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("window_id", "object"),
    )
    op.create_index("ix_window_object_epoch_id", "window_object", ["epoch_id"])


def _budget() -> None:
    op.create_table(
        "budget",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("bucket", sa.String(length=16), nullable=False),
        sa.Column("ceiling", sa.Integer(), nullable=True),
        sa.Column("unspent", sa.Integer(), nullable=False),
        sa.Column("in_flight", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("resets_at", sa.BigInteger(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=False),
        sa.Column("aged_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ceiling > 0", name="budget_ceiling"),
        sa.CheckConstraint("in_flight >= 0", name="budget_in_flight"),
        _of_epoch(),
        sa.PrimaryKeyConstraint("epoch_id", "bucket"),
    )


def _circuit() -> None:
    op.create_table(
        "circuit",
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("open_until", sa.BigInteger(), nullable=False),
        sa.Column("trial_until", sa.BigInteger(), nullable=False),
        _of_epoch(),
        sa.PrimaryKeyConstraint("epoch_id"),
    )
