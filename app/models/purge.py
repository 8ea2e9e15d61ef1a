"""Purge: a deletion that is due, and the receipt once it is done."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HANDLE_LENGTH, Base, Bytes16, UtcDateTime
from app.models.lease import Leased


class Purge(Leased, Base):
    """Outlives the epoch it deletes: no foreign key to it, and its id goes when the rows have."""

    __tablename__ = "purge"
    __table_args__ = (
        CheckConstraint("state IN ('sealed', 'done')", name="purge_state"),
        CheckConstraint("(state = 'done') = (epoch_id IS NULL)", name="purge_forgets_epoch"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    epoch_handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    epoch_id: Mapped[bytes | None] = mapped_column(Bytes16)
    state: Mapped[str] = mapped_column(String(8))
    allow_list_hash: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    keys_destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rows: Mapped[dict[str, int]] = mapped_column(JSON)
    """Rows removed per table."""
