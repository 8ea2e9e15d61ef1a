"""ApiRequest: one request made with the client's token, for the client to see."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytes16, UtcDateTime


class ApiRequest(Base):
    """The request, and how much of the response was stored; deleted with the epoch."""

    __tablename__ = "api_request"
    __table_args__ = (Index("api_request_of_epoch", "epoch_id", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch_id: Mapped[bytes] = mapped_column(Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"))
    method: Mapped[str] = mapped_column(String(8))
    path: Mapped[str] = mapped_column(String(64))
    """The declared template, ``{id}`` for any id."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    """HTTP status; None without a response."""
    kept: Mapped[int]
    """Rows stored of it, nested ones too, without records already read in the same run."""
    dropped: Mapped[int]
    """Records of the response that were not stored."""
