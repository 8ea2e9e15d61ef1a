"""Token: what PagerDuty granted, encrypted."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytes16, UtcDateTime


class Token(Base):
    """``sealed`` opens only with the epoch's key and only as this epoch's token."""

    __tablename__ = "token"

    epoch_id: Mapped[bytes] = mapped_column(
        Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]
    refreshing_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Lease of the process that requests the next token; the others wait and read again."""
