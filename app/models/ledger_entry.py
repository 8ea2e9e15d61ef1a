"""LedgerEntry: one signed statement of a log that is only ever appended to."""

from sqlalchemy import CheckConstraint, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HANDLE_LENGTH, Base
from app.models.states import one_of
from app.verify_receipt import KINDS


class LedgerEntry(Base):
    """``body`` is canonical JSON and names the hash of the entry before it.

    It has no foreign keys: a firm's deletion does not change it.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("purge_handle", "kind", name="ledger_entry_once"),
        CheckConstraint(one_of("kind", KINDS), name="ledger_entry_kind"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 for the first; without gaps."""
    purge_handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH))
    kind: Mapped[str] = mapped_column(String(8))
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """SHA-256 of ``body``."""
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    """Ed25519 over ``body``."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The public half: a log outlives its key. ``body`` names the key by its id."""
