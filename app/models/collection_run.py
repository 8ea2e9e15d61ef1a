"""CollectionRun and its windows: what was asked, and how far it came."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HANDLE_LENGTH, Base, Bytes16, UtcDateTime
from app.models.lease import Leased


class CollectionRun(Leased, Base):
    """One collection over [since, until); log entries up to ``as_of``, fixed at the start."""

    __tablename__ = "collection_run"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="run_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    epoch_id: Mapped[bytes] = mapped_column(
        Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    as_of: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    partial: Mapped[bool]
    """Whoever had authorised it did not see every team."""
    code: Mapped[str | None] = mapped_column(String(32))
    """Why it failed: a word of ours."""
    requests: Mapped[int] = mapped_column(default=0)
    rate_limited: Mapped[int] = mapped_column(default=0)


class Window(Base):
    """One stretch of one resource. ``offset`` is where the next page begins."""

    __tablename__ = "window"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'cut', 'absent')", name="window_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch_id: Mapped[bytes] = mapped_column(
        Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), index=True
    )
    run_id: Mapped[int] = mapped_column(
        ForeignKey("collection_run.id", ondelete="CASCADE"), index=True
    )
    resource: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default="open")
    offset: Mapped[int] = mapped_column(default=0)
    declared: Mapped[int | None]
    expected: Mapped[int | None]
    """Its share of what a larger window declared before it was halved; for progress only."""
    received: Mapped[int] = mapped_column(default=0)
    stored: Mapped[int] = mapped_column(default=0)
    duplicate: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
