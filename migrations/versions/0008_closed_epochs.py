"""An epoch is closed, a purge is due: "sealed" is the word for encryption only."""

from collections.abc import Sequence
from types import ModuleType

import sqlalchemy as sa
from alembic import context, op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.execute(sa.text("ALTER TABLE epoch RENAME COLUMN sealed_at TO closed_at"))
    _rename_state("sealed", "due")


def downgrade() -> None:
    """Take back."""
    _rename_state("due", "sealed")
    op.execute(sa.text("ALTER TABLE epoch RENAME COLUMN closed_at TO sealed_at"))


def _rename_state(old: str, new: str) -> None:
    deletion = _deletion()
    rows = deletion.take_purges()
    deletion.create_purge(new)
    deletion.put_purges(
        {**row, "state": new if row["state"] == old else row["state"]} for row in rows
    )


def _deletion() -> ModuleType:
    return context.script.get_revision("0007").module
