"""Questions: window and options of an assessment that differ from the run's own.

Stored assessments were computed by an older method. Those of an epoch's last collection are
computed anew from what is collected, which stays; of earlier collections there is no certificate
any more, nor all of the rows, so their assessments go.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column("assessment", sa.Column("question", sa.JSON(), nullable=True))
    compute_again()


def downgrade() -> None:
    """Take back."""
    op.execute(sa.text("DELETE FROM assessment WHERE question IS NOT NULL"))
    op.drop_column("assessment", "question")
    compute_again()


def compute_again() -> None:
    op.execute(
        sa.text(
            "DELETE FROM assessment WHERE run_id NOT IN "
            "(SELECT max(id) FROM collection_run WHERE state = 'done' GROUP BY epoch_id)"
        )
    )
    op.execute(
        sa.text(
            "UPDATE assessment SET state = 'queued', document = NULL, finished_at = NULL, "
            "attempts = 0, lease_owner = NULL, lease_until = NULL "
            "WHERE state IN ('done', 'running')"
        )
    )
