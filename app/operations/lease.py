"""Leases: one process works on a row; who died loses it by the clock, in the database."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from sqlalchemy import or_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import LeaseLost
from app.extensions import bound, db
from app.models import Assessment, CollectionRun, Purge
from app.operations.failures import DATABASE_AWAY

Leasable = type[Assessment] | type[CollectionRun] | type[Purge]


def new_owner() -> str:
    """A name for whoever takes a lease."""
    return secrets.token_hex(8)


def _term() -> timedelta:
    return timedelta(seconds=bound.config.lease_seconds)


def claim(session: Session, table: Leasable, row_id: int, owner: str) -> bool:
    """Take the lease if nobody holds it."""
    moment = now()
    result = session.execute(
        update(table)
        .where(table.id == row_id, or_(table.lease_until.is_(None), table.lease_until < moment))
        .values(lease_owner=owner, lease_until=moment + _term(), attempts=table.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return _changed(result)


def keep(session: Session, table: Leasable, row_id: int, owner: str) -> None:
    """Prolong the lease; raises LeaseLost if another process has taken it."""
    result = session.execute(
        update(table)
        .where(table.id == row_id, table.lease_owner == owner)
        .values(lease_until=now() + _term())
        .execution_options(synchronize_session=False)
    )
    if not _changed(result):
        raise LeaseLost


@contextmanager
def holding(table: Leasable, row_id: int, owner: str) -> Iterator[None]:
    """Prolong the lease from a thread while a long computation runs.

    It never raises: whoever lost the lease meanwhile is refused when it stores its result.
    """
    done = threading.Event()

    def prolong() -> None:
        while not done.wait(bound.config.lease_seconds / 3):
            with suppress(LeaseLost, *DATABASE_AWAY), db.write() as session:
                keep(session, table, row_id, owner)

    thread = threading.Thread(target=prolong, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _changed(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1
