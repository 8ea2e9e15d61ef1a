"""Types of log entries that PagerDuty does not document, ends of snoozes, deleted people.

Stored assessments were computed by an older method: they are computed again, as 0006 did.
"""

from collections.abc import Sequence
from types import ModuleType

import sqlalchemy as sa
from alembic import context, op

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BEFORE, _NOW = 17, 21
_ACTIONS = ("log_entry_action nested (log_entry_id, position)", ["type code:4", "at instant"])
_TABLE = "log_entry"
_CHECK = "log_entry_type_code"


def upgrade() -> None:
    """Apply."""
    _allow(_NOW)
    op.add_column("schedule_user", sa.Column("deleted_at", sa.BigInteger(), nullable=True))
    _migration("0005").create(*_ACTIONS)
    if op.get_bind().dialect.name == "postgresql":
        for column in ("epoch_id", "log_entry_id"):
            op.execute(
                sa.text(f"ALTER TABLE log_entry_action ALTER COLUMN {column} SET STATISTICS 0")
            )
    _migration("0006").compute_again()


def downgrade() -> None:
    """Take back."""
    op.drop_table("log_entry_action")
    op.drop_column("schedule_user", "deleted_at")
    op.execute(sa.text("UPDATE log_entry SET type = 0 WHERE type > 17"))
    _allow(_BEFORE)
    _migration("0006").compute_again()


def _allow(highest: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(_CHECK, _TABLE)
        op.create_check_constraint(_CHECK, _TABLE, f"type BETWEEN 0 AND {highest}")
        return
    # SQLite changes no constraint of a table: it is made again.
    records = _migration("0005")
    (declared,) = (each for each in records.declared_tables() if each[0] == "log_entry (id)")
    head, columns = declared
    op.rename_table(_TABLE, "log_entry_before")
    records.create(head, [each.replace("code:17!", f"code:{highest}!") for each in columns])
    op.execute(sa.text("INSERT INTO log_entry SELECT * FROM log_entry_before"))
    op.drop_table("log_entry_before")


def _migration(number: str) -> ModuleType:
    return context.script.get_revision(number).module
