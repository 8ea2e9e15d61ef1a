"""Lease: which process works on a row, and until when no other process may."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import UtcDateTime


class Leased:
    """Columns of a row that one process at a time works on."""

    lease_owner: Mapped[str | None] = mapped_column(String(16))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)

    def release_lease(self) -> None:
        """Let another process claim the row at once."""
        self.lease_owner = self.lease_until = None
