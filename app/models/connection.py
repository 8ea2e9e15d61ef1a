"""Connection: an authorised PagerDuty account of an engagement."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HANDLE_LENGTH, Base, UtcDateTime


class Connection(Base):
    """Outlives its epochs: it has the state of the account, and none of its data."""

    __tablename__ = "connection"
    __table_args__ = (CheckConstraint("region IN ('us', 'eu')", name="connection_region"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), unique=True
    )
    region: Mapped[str] = mapped_column(String(2))
    partial: Mapped[bool]
    """The authorizer is neither admin nor owner: private teams may be hidden."""
    connected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lost_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lost_reason: Mapped[str | None] = mapped_column(String(32))
