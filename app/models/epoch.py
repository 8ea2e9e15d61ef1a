"""Epoch: a connection from connect to disconnect, and exactly what a purge deletes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HANDLE_LENGTH, Base, Bytes16, UtcDateTime


class Epoch(Base):
    """All records refer to this row with ON DELETE CASCADE.

    Once ``closed_at`` is set, no process may write under it or read from it.
    """

    __tablename__ = "epoch"
    __table_args__ = (CheckConstraint("length(id) = 16", name="epoch_id_length"),)

    id: Mapped[bytes] = mapped_column(Bytes16, primary_key=True)
    handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    connection_id: Mapped[int] = mapped_column(
        ForeignKey("connection.id", ondelete="CASCADE"), index=True
    )
    account: Mapped[bytes] = mapped_column(Bytes16)
    """Pseudonym of the PagerDuty account: a reconnect needs the same one."""
    allow_list_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    extensions: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Names of the extensions that the client allowed, with a space between them."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
