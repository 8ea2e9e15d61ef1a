"""Engagement: one assessment for one client. The tenant."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HANDLE_LENGTH, Base, UtcDateTime


class Engagement(Base):
    """Without ``since`` and ``until`` the window is the last 90 days before each collection."""

    __tablename__ = "engagement"
    __table_args__ = (
        CheckConstraint(
            "(since IS NULL AND until IS NULL) OR since < until", name="engagement_window"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id", ondelete="CASCADE"), index=True)
    client_name: Mapped[str] = mapped_column(String(200))
    subdomain: Mapped[str] = mapped_column(String(100))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    time_zone: Mapped[str] = mapped_column(String(64))
    refresh: Mapped[str] = mapped_column(String(8), default="off", server_default="off")
    """How often the records are refreshed."""
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The end of the work; 14 days later the records are deleted. None: not set."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
