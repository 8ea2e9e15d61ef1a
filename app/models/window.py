"""Window: one period of one resource in a run, its progress and its result."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytes16, UtcDateTime
from app.models.states import WindowState, one_of


class Window(Base):
    """``offset`` is where the next page begins; it is committed with the page's rows."""

    __tablename__ = "window"
    __table_args__ = (CheckConstraint(one_of("state", WindowState), name="window_state"),)

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
    state: Mapped[str] = mapped_column(String(8), default=WindowState.OPEN)
    reason: Mapped[str | None] = mapped_column(String(24))
    """Why it is cut or absent: a ``Reason``."""
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its last page arrived."""
    carried: Mapped[bool] = mapped_column(default=False)
    """Copied from the run before, not read again."""
    offset: Mapped[int] = mapped_column(default=0)
    edge: Mapped[bytes | None] = mapped_column(Bytes16)
    """Pseudonym of the last record read: the next page must begin with it, or the list moved."""
    restarts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    declared: Mapped[int | None]
    expected: Mapped[int | None]
    """Its share of what a larger window declared before it was split; for progress only."""
    cut_from: Mapped[int | None]
    """What the larger window declared."""
    received: Mapped[int] = mapped_column(default=0)
    stored: Mapped[int] = mapped_column(default=0)
    duplicate: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)
    """Words outside a closed vocabulary and unreadable optional values: other, null or dropped."""
    fields: Mapped[str | None] = mapped_column(String(200))
    """Names of declared fields that could not be read."""
    objects: Mapped[int | None]
    """How many objects are requested one by one; none for a list."""
    objects_done: Mapped[int] = mapped_column(default=0)
    objects_refused: Mapped[int] = mapped_column(default=0)
    """Those that the role may not read."""
    objects_gone: Mapped[int] = mapped_column(default=0)
    """Deleted at PagerDuty between the list and the request."""


class WindowObject(Base):
    """One object of a window that was requested; a resumed run does not request it again."""

    __tablename__ = "window_object"
    __table_args__ = (CheckConstraint("length(object) = 16", name="window_object_length"),)

    window_id: Mapped[int] = mapped_column(
        ForeignKey("window.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    object: Mapped[bytes] = mapped_column(Bytes16, primary_key=True)
    epoch_id: Mapped[bytes] = mapped_column(
        Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), index=True
    )
