"""AllowList: a declaration that a client agreed to; later ones are compared with it."""

from typing import Any

from sqlalchemy import JSON, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AllowList(Base):
    """Text of Tacit, not of a client: it outlives every connection under it."""

    __tablename__ = "allow_list"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """SHA-256 of the declaration, as an epoch names it."""
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON)
