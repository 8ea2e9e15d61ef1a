"""Download: a file, noted before its first byte was sent."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HANDLE_LENGTH, Base, UtcDateTime


class Download(Base):
    """Outlives the epoch: a receipt lists what was downloaded, which no purge can delete."""

    __tablename__ = "download"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    engagement_id: Mapped[int | None] = mapped_column(
        ForeignKey("engagement.id", ondelete="SET NULL"), index=True
    )
    epoch_handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), index=True)
    assessment_handle: Mapped[str | None] = mapped_column(String(HANDLE_LENGTH))
    """None for the client's export, which contains all of them."""
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="SET NULL"), index=True
    )
    """None once the member is deleted, and for the client, who is not a member."""
    file: Mapped[str] = mapped_column(String(32))
    """Which one: ``report.json``, ``report.csv``, ``findings.csv``, ``everything.json``."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes."""
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
