"""AllowList: a declaration that somebody agreed to; a later one is held against it."""

from typing import Any

from sqlalchemy import JSON, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AllowList(Base):
    """Tacit's own words, no client's: it outlives every connection under it."""

    __tablename__ = "allow_list"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """SHA-256 of the declaration, as an epoch names it."""
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON)
