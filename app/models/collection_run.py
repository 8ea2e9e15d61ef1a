"""CollectionRun: one collection, full or refreshing an earlier one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HANDLE_LENGTH, Base, Bytes16, UtcDateTime
from app.models.lease import Leased
from app.models.states import ACTIVE, JobState, one_of


class CollectionRun(Leased, Base):
    """One collection over [since, until); log entries up to ``as_of``, fixed at the start."""

    __tablename__ = "collection_run"
    __table_args__ = (
        CheckConstraint(one_of("state", JobState), name="run_state"),
        # Two active runs would mark each other's records as deleted.
        Index(
            "one_active_run",
            "epoch_id",
            unique=True,
            sqlite_where=text(one_of("state", ACTIVE)),
            postgresql_where=text(one_of("state", ACTIVE)),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    epoch_id: Mapped[bytes] = mapped_column(
        Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), index=True
    )
    base_run_id: Mapped[int | None]
    """The finished run that this one refreshes; none for a full collection."""
    state: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    as_of: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """PagerDuty did not respond: the run is not resumed before."""
    away_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resumed_requests: Mapped[int] = mapped_column(default=0, server_default="0")
    resumed_records: Mapped[int] = mapped_column(default=0, server_default="0")
    """Its progress when it was last resumed: speed is computed from what came since."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    partial: Mapped[bool]
    """The person who authorised it did not see every team."""
    code: Mapped[str | None] = mapped_column(String(32))
    """Why it failed: a ``FailureCode`` or a code of ``collectors.errors``."""
    requests: Mapped[int] = mapped_column(default=0)
    rate_limited: Mapped[int] = mapped_column(default=0)
