"""Purge: a deletion that is due, and what is known of it once it is done."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import EPOCH_ID_BYTES, HANDLE_LENGTH, Base, UtcDateTime
from app.models.lease import Leased
from app.models.states import one_of


class PurgeState(StrEnum):
    """``DUE`` until everything is deleted and the receipt is signed."""

    DUE = "due"
    DONE = "done"


class Cause(StrEnum):
    """Why an epoch ends."""

    DISCONNECT = "disconnect"
    ENGAGEMENT_ENDED = "engagement_ended"
    RETENTION = "retention"
    GRANT_LOST = "grant_lost"
    FIRM_DELETED = "firm_deleted"


class Revocation(StrEnum):
    """What became of the token; ``FAILED`` includes no response from PagerDuty."""

    REVOKED = "revoked"
    NOT_OFFERED = "not_offered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The process died during the attempt: the column is NULL, the receipt states this."""


class Stage(StrEnum):
    """The stages of a purge, in their order."""

    KEYS = "keys"
    ROWS = "rows"
    RECOUNT = "recount"
    QUEUE = "queue"
    FILES = "files"
    REVOCATION = "revocation"
    RESIDUE = "residue"
    VERIFIED = "verified"
    RECEIPTED = "receipted"
    """State, receipt and end in one transaction."""


_STORED = [each for each in Revocation if each is not Revocation.UNKNOWN]


def masked(handle: str, value: bytes) -> bytes:
    """16 bytes XOR 16 bytes made from a purge's handle; done twice, the value again."""
    mask = hashlib.sha256(handle.encode()).digest()[: len(value)]
    return bytes(one ^ other for one, other in zip(value, mask, strict=True))


class Purge(Leased, Base):
    """Outlives the epoch it deletes: no foreign key, and the epoch's id is cleared at the end."""

    __tablename__ = "purge"
    __table_args__ = (
        CheckConstraint(one_of("state", PurgeState), name="purge_state"),
        CheckConstraint("(state = 'done') = (epoch_mask IS NULL)", name="purge_forgets_epoch"),
        CheckConstraint(one_of("cause", Cause), name="purge_cause"),
        CheckConstraint(one_of("revocation", _STORED), name="purge_revocation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    engagement_id: Mapped[int | None] = mapped_column(
        ForeignKey("engagement.id", ondelete="SET NULL"), index=True
    )
    """None once the firm is deleted: the receipt outlives it."""
    epoch_handle: Mapped[str] = mapped_column(String(HANDLE_LENGTH), unique=True)
    epoch_mask: Mapped[bytes | None] = mapped_column(LargeBinary(EPOCH_ID_BYTES))
    """The epoch's id, masked: files are searched for the id, and this row must not be a hit."""
    state: Mapped[str] = mapped_column(String(8))
    cause: Mapped[str] = mapped_column(String(16))
    allow_list_hash: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    keys_destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rows: Mapped[dict[str, int]] = mapped_column(JSON)
    """Rows removed per table."""
    stages: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON)
    """Per finished stage: when (``at``) and what it found."""
    revocation: Mapped[str | None] = mapped_column(String(16))
    """A ``Revocation``; None while the attempt has no known end."""
    last_code: Mapped[str | None] = mapped_column(String(32))
    """Why the last attempt did not finish: a ``Code``."""

    @property
    def epoch_id(self) -> bytes | None:
        """The id of the epoch to delete; None once that is done."""
        return None if self.epoch_mask is None else masked(self.handle, self.epoch_mask)
