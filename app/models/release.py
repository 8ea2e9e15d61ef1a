"""FigureRelease: what has been published of figures over people, so that it cannot drift."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytes16, UtcDateTime


class FigureRelease(Base):
    """One set of options of an epoch; no person is in it. Deleted with the epoch."""

    __tablename__ = "figure_release"

    epoch_id: Mapped[bytes] = mapped_column(
        Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), primary_key=True
    )
    options_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """SHA-256 of the options that change figures over people."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When these options were first used."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]
    """Rises with each change: two assessments at once must not both change it."""
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The release as JSON: a window, and every cell with its value and its own window."""
