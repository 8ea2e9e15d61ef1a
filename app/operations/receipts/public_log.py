"""Public figures on deletions: how many, how fast, how late, and the log itself."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.extensions import db
from app.models import LedgerEntry, Purge
from app.operations.receipts import ledger
from app.operations.receipts.signing import signing_key
from app.verify_receipt import canonical, key_id

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Deletions:
    """Seconds are from request to receipt, None before the first; quantiles by nearest rank."""

    promises: int
    receipts: int
    breaches: int
    under_way: int
    overdue: int
    half: float | None
    most: float | None
    """19 of 20 took at most this."""
    longest: float | None
    head: LedgerEntry | None


def deletions(session: Session, moment: datetime) -> Deletions:
    """The figures at ``moment``."""
    number = func.count().label("number")
    counted = session.execute(select(LedgerEntry.kind, number).group_by(LedgerEntry.kind))
    counts = {row.kind: row.number for row in counted}
    deadlines, spent = _open_deadlines(session), _seconds(session)
    return Deletions(
        promises=counts.get("promise", 0),
        receipts=counts.get("receipt", 0),
        breaches=counts.get("breach", 0),
        under_way=len(deadlines),
        overdue=sum(deadline < moment for deadline in deadlines),
        half=_ranked(spent, 0.5),
        most=_ranked(spent, 0.95),
        longest=spent[-1] if spent else None,
        head=ledger.head(session),
    )


def keys(session: Session) -> list[dict[str, Any]]:
    """Every public key the log was signed with, and the one it is signed with from now on."""
    used = session.execute(
        select(
            LedgerEntry.public_key, func.min(LedgerEntry.sequence), func.max(LedgerEntry.sequence)
        )
        .group_by(LedgerEntry.public_key)
        .order_by(func.min(LedgerEntry.sequence))
    )
    known = [_key(public, first, last) for public, first, last in used]
    current = signing_key()
    if current.public.hex() not in {each["public_key"] for each in known}:
        known.append(_key(current.public, None, None))
    return [{**each, "current": each["key"] == current.id} for each in known]


def log() -> Iterator[bytes]:
    """The entire log as one list, in pieces; a slow reader keeps no transaction open."""
    with db.read() as session:
        newest = ledger.head(session)
    last = 0 if newest is None else newest.sequence
    yield b"["
    for first in range(1, last + 1, _AT_ONCE):
        with db.read() as session:
            found = session.scalars(
                select(LedgerEntry)
                .where(LedgerEntry.sequence.between(first, min(last, first + _AT_ONCE - 1)))
                .order_by(LedgerEntry.sequence)
            ).all()
        files = b",".join(ledger.file(entry) for entry in found)
        yield files if first == 1 else b"," + files
    yield b"]"


def keys_file(session: Session) -> bytes:
    """The keys as a public file."""
    return canonical(keys(session))


def _key(public: bytes, first: int | None, last: int | None) -> dict[str, Any]:
    return {"key": key_id(public), "public_key": public.hex(), "first": first, "last": last}


def _open_deadlines(session: Session) -> list[datetime]:
    """The promised deadlines of promises without a receipt."""
    other = aliased(LedgerEntry)
    answered = (
        select(other.sequence)
        .where(other.purge_handle == LedgerEntry.purge_handle, other.kind == "receipt")
        .exists()
    )
    bodies = session.scalars(
        select(LedgerEntry.body).where(LedgerEntry.kind == "promise", ~answered)
    )
    return [datetime.fromisoformat(json.loads(body)["statement"]["deadline_at"]) for body in bodies]


def _seconds(session: Session) -> list[float]:
    found = session.execute(
        select(Purge.requested_at, Purge.finished_at).join(
            LedgerEntry,
            (LedgerEntry.purge_handle == Purge.handle) & (LedgerEntry.kind == "receipt"),
        )
    )
    return sorted(
        (finished - requested).total_seconds()
        for requested, finished in found
        if finished is not None
    )


def _ranked(values: list[float], share: float) -> float | None:
    return values[math.ceil(share * len(values)) - 1] if values else None
