"""EU hosts: an engagement whose account is in the EU region names its host, acme.eu."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.execute(
        sa.text(
            "UPDATE engagement SET subdomain = subdomain || '.eu' "
            "WHERE id IN (SELECT engagement_id FROM connection WHERE region = 'eu') "
            "AND subdomain NOT LIKE '%.eu'"
        )
    )


def downgrade() -> None:
    """Take back."""
    op.execute(
        sa.text(
            "UPDATE engagement SET subdomain = substr(subdomain, 1, length(subdomain) - 3) "
            "WHERE subdomain LIKE '%.eu'"
        )
    )
