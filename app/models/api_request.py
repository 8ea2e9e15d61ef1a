"""ApiRequest: one request made with the client's token, for the client to see."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytes16, UtcDateTime


class ApiRequest(Base):
    """What was asked and how much of the answer was kept; deleted with the epoch."""

    __tablename__ = "api_request"
    __table_args__ = (Index("api_request_of_epoch", "epoch_id", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch_id: Mapped[bytes] = mapped_column(Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"))
    method: Mapped[str] = mapped_column(String(8))
    path: Mapped[str] = mapped_column(String(64))
    """The declared template, ``{id}`` for any id."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    """HTTP status; None where no answer came."""
    kept: Mapped[int]
    """Rows that were stored of it, nested ones too; of what came before in the same run, none."""
    dropped: Mapped[int]
    """Records of the answer that were not stored."""
