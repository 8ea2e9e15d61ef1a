"""What was published of figures over people, so that two assessments cannot be subtracted.

Stored assessments showed such figures of their own windows: they are computed again, as 0006 did.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import context, op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLE = "figure_release"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        _TABLE,
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("options_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", "options_hash"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for column in ("epoch_id", "options_hash", "options", "document"):
            op.execute(sa.text(f"ALTER TABLE {_TABLE} ALTER COLUMN {column} SET STATISTICS 0"))
    context.script.get_revision("0006").module.compute_again()


def downgrade() -> None:
    """Take back."""
    op.drop_table(_TABLE)
    context.script.get_revision("0006").module.compute_again()
