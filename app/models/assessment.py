"""Assessment: figures, and nothing that would trace them back to a record."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HANDLE_LENGTH, Base, Bytes16, UtcDateTime
from app.models.lease import Leased
from app.models.states import JobState, one_of


class Assessment(Leased, Base):
    """``document`` is the report as data; it is deleted with the epoch."""

    __tablename__ = "assessment"
    __table_args__ = (CheckConstraint(one_of("state", JobState), name="assessment_state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    epoch_id: Mapped[bytes] = mapped_column(
        Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), index=True
    )
    run_id: Mapped[int] = mapped_column(ForeignKey("collection_run.id", ondelete="CASCADE"))
    question: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Window, options and baseline; None for the run's own window and the defaults."""
    state: Mapped[str] = mapped_column(String(8))
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code: Mapped[str | None] = mapped_column(String(32))
