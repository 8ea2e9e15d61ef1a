"""The ledger: promises, receipts and breaches, signed and chained, only ever appended to."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.clock import wire
from app.core.errors import NotFound
from app.models import HANDLE, Engagement, LedgerEntry, Purge
from app.operations.receipts.signing import signing_key
from app.operations.receipts.statements import Statement, broken, promised, receipted
from app.operations.transactions.db_clock import moment
from app.verify_receipt import FORMAT, NOTHING_BEFORE, VERSION, canonical


def promise(session: Session, purge: Purge) -> None:
    """Append the promise, in the transaction that closes the epoch.

    The lock of the log must be the last of a transaction: see ``_lock``.
    """
    _append(session, purge, "promise", lambda _promise: promised(purge))


def receipt(session: Session, purge: Purge) -> None:
    """Append the receipt, in the transaction that ends the purge.

    Raises ValueError for a purge that is not finished.
    """
    _append(session, purge, "receipt", lambda made: receipted(session, purge, made))


def breach(session: Session, purge: Purge) -> None:
    """Append that the deadline has passed."""
    _append(session, purge, "breach", lambda made: broken(purge, made))


def find_purge(session: Session, engagement: Engagement, handle: str) -> Purge:
    """A purge of this engagement. Raises NotFound."""
    found = HANDLE.fullmatch(handle) and session.scalar(
        select(Purge).where(Purge.engagement_id == engagement.id, Purge.handle == handle)
    )
    if not found:
        raise NotFound
    return found


def entries(session: Session, purge_handle: str) -> list[LedgerEntry]:
    """The statements on one purge, oldest first."""
    return list(
        session.scalars(
            select(LedgerEntry)
            .where(LedgerEntry.purge_handle == purge_handle)
            .order_by(LedgerEntry.sequence)
        )
    )


def head(session: Session) -> LedgerEntry | None:
    """The newest entry."""
    return session.scalar(select(LedgerEntry).order_by(LedgerEntry.sequence.desc()).limit(1))


def statement(entry: LedgerEntry) -> Statement:
    """The statement of an entry."""
    stated: Statement = json.loads(entry.body)["statement"]
    return stated


def file(entry: LedgerEntry) -> bytes:
    """The public file: the entry, its hash and signature, and the key to check them with."""
    return canonical(
        {
            "entry": json.loads(entry.body),
            "hash": entry.hash.hex(),
            "public_key": entry.public_key.hex(),
            "signature": entry.signature.hex(),
        }
    )


def _append(
    session: Session, purge: Purge, kind: str, state: Callable[[str | None], Statement]
) -> None:
    """Once per purge and kind; ``state`` gets the hash of the promise, if there is one."""
    # Made at its first use, which is slow: no other append waits for it.
    key = signing_key()
    _lock(session)
    made = {entry.kind: entry for entry in entries(session, purge.handle)}
    if kind in made:
        return
    promised_by = made.get("promise")
    stated = state(None if promised_by is None else promised_by.hash.hex())
    before = head(session)
    body = canonical(_body(before, key.id, kind, wire(moment(session)), stated))
    session.add(
        LedgerEntry(
            sequence=1 if before is None else before.sequence + 1,
            purge_handle=purge.handle,
            kind=kind,
            body=body.decode(),
            hash=hashlib.sha256(body).digest(),
            signature=key.sign(body),
            public_key=key.public,
        )
    )
    session.flush()


def _body(
    before: LedgerEntry | None, key: str, kind: str, at: str, stated: Statement
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "sequence": 1 if before is None else before.sequence + 1,
        "previous": NOTHING_BEFORE if before is None else before.hash.hex(),
        "kind": kind,
        "key": key,
        "at": at,
        "statement": stated,
    }


def _lock(session: Session) -> None:
    """One transaction appends at a time.

    SQLite allows only one. On PostgreSQL the log is locked after all rows of the transaction, never
    before: two transactions would deadlock.
    """
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE ledger_entry IN EXCLUSIVE MODE"))
