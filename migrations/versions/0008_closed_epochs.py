"""An epoch is closed, a purge is due: "sealed" is the word for encryption only."""

from collections.abc import Mapping, Sequence
from types import ModuleType

import sqlalchemy as sa
from alembic import context, op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WORDS = {
    "sealed": "due",
    "queue_away": "queue_unavailable",
    "database_away": "database_unavailable",
}


def upgrade() -> None:
    """Apply."""
    op.execute(sa.text("ALTER TABLE epoch RENAME COLUMN sealed_at TO closed_at"))
    _rename(_WORDS)


def downgrade() -> None:
    """Take back."""
    _rename({new: old for old, new in _WORDS.items()})
    op.execute(sa.text("ALTER TABLE epoch RENAME COLUMN closed_at TO sealed_at"))


def _rename(words: Mapping[str, str]) -> None:
    deletion = _deletion()
    rows = deletion.take_purges()
    deletion.create_purge(words.get("sealed", "sealed"))
    deletion.put_purges(
        {**row, **{name: words.get(row[name], row[name]) for name in ("state", "last_code")}}
        for row in rows
    )


def _deletion() -> ModuleType:
    return context.script.get_revision("0007").module
