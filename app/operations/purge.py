"""Purge: every row of a sealed epoch, in short transactions, until none is left."""

from sqlalchemy import Table, delete, func, select, tuple_
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import LeaseLost
from app.extensions import db, keystore
from app.logs import Event, event
from app.models import Base, Epoch, Purge
from app.operations.lease import claim, keep, new_owner

CHUNK = 5000


def epoch_tables() -> list[Table]:
    """Every table that hangs from the epoch, found in the metadata, children first."""
    return [
        table
        for table in reversed(Base.metadata.sorted_tables)
        if "epoch_id" in table.c and table.name != Purge.__tablename__
    ]


def purge(handle: str) -> bool:
    """Finish one purge; True when it is done, False while another process works on it."""
    owner = new_owner()
    with db.write() as session:
        due = session.scalar(select(Purge).where(Purge.handle == handle))
        if due is None or due.state == "done":
            return due is not None
        if not claim(session, Purge, due.id, owner):
            return False
        purge_id, epoch_id, epoch_handle = due.id, due.epoch_id, due.epoch_handle
    event(Event.PURGE_STARTED, purge=handle)
    try:
        for table in epoch_tables():
            while _delete_chunk(table, purge_id, epoch_id, owner):
                pass
        _delete_epoch(purge_id, epoch_id, owner)
        # A key or a log that cannot be cleared now leaves the purge due: the sweeper comes again.
        keystore.destroy(epoch_handle)
        if not db.forget_residue():
            _let_go(purge_id, owner)
            return False
        _finish(purge_id, owner)
    except LeaseLost:
        return False
    db.forget_residue()
    event(Event.PURGED, purge=handle)
    return True


def _delete_chunk(table: Table, purge_id: int, epoch_id: bytes | None, owner: str) -> bool:
    """Delete up to 5,000 rows and count them in the same transaction; True if some were left."""
    keys = tuple_(*table.primary_key.columns)
    some = select(*table.primary_key.columns).where(table.c.epoch_id == epoch_id).limit(CHUNK)
    with db.write() as session:
        keep(session, Purge, purge_id, owner)
        result = session.execute(delete(table).where(keys.in_(some)))
        removed = result.rowcount if isinstance(result, CursorResult) else 0
        due = session.get_one(Purge, purge_id)
        due.rows = {**due.rows, table.name: due.rows.get(table.name, 0) + removed}
    return removed == CHUNK


def _delete_epoch(purge_id: int, epoch_id: bytes | None, owner: str) -> None:
    with db.write() as session:
        keep(session, Purge, purge_id, owner)
        due = session.get_one(Purge, purge_id)
        # The cascade is the safety net: what a late transaction left goes with the epoch.
        left = {table.name: _count(session, table, epoch_id) for table in epoch_tables()}
        result = session.execute(delete(Epoch).where(Epoch.id == epoch_id))
        removed = result.rowcount if isinstance(result, CursorResult) else 0
        rows = {name: due.rows.get(name, 0) + count for name, count in left.items()}
        due.rows = {**rows, "epoch": due.rows.get("epoch", 0) + removed}


def _finish(purge_id: int, owner: str) -> None:
    with db.write() as session:
        keep(session, Purge, purge_id, owner)
        due = session.get_one(Purge, purge_id)
        due.keys_destroyed_at = due.finished_at = now()
        due.state, due.epoch_id = "done", None
        due.lease_owner = due.lease_until = None


def _let_go(purge_id: int, owner: str) -> None:
    with db.write() as session:
        keep(session, Purge, purge_id, owner)
        due = session.get_one(Purge, purge_id)
        due.lease_owner = due.lease_until = None


def _count(session: Session, table: Table, epoch_id: bytes | None) -> int:
    count = select(func.count()).select_from(table).where(table.c.epoch_id == epoch_id)
    return session.scalar(count) or 0
