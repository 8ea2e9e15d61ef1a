"""Leases: one process works on a row; who died loses it by the clock, in the database."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.clock import now
from app.core.errors import LeaseLost
from app.extensions import bound, db
from app.models import Assessment, CollectionRun, Purge
from app.operations.transactions.failures import DATABASE_UNAVAILABLE

Leasable = type[Assessment] | type[CollectionRun] | type[Purge]


_SLACK = timedelta(seconds=60)
"""Clocks of two machines may differ by this much."""
_LONGEST_REST = timedelta(minutes=15)
"""No run is put off for longer at a time."""


def new_owner() -> str:
    """A name for whoever takes a lease."""
    return secrets.token_hex(8)


def _term() -> timedelta:
    return timedelta(seconds=bound.config.lease_seconds)


def expired(
    column: InstrumentedAttribute[datetime | None] | InstrumentedAttribute[datetime],
    moment: datetime,
    term: timedelta,
) -> ColumnElement[bool]:
    """Whether nobody holds what is held until ``column``, for ``term`` at a time.

    What lasts longer than a term was written while the clock stood ahead: it holds nothing.
    """
    return or_(column.is_(None), column < moment, column > moment + term + _SLACK)


def free(table: Leasable) -> ColumnElement[bool]:
    """Whether nobody holds the lease."""
    return expired(table.lease_until, now(), _term())


def rested() -> ColumnElement[bool]:
    """Whether a run is not put off, or its rest is over."""
    return expired(CollectionRun.not_before, now(), _LONGEST_REST)


def put_off(run: CollectionRun) -> bool:
    """Whether a run has to rest."""
    moment = now()
    return run.not_before is not None and (
        moment < run.not_before <= moment + _LONGEST_REST + _SLACK
    )


def claim(session: Session, table: Leasable, row_id: int, owner: str) -> bool:
    """Take the lease if nobody holds it."""
    result = session.execute(
        update(table)
        .where(table.id == row_id, free(table))
        .values(lease_owner=owner, lease_until=now() + _term(), attempts=table.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return _changed(result)


def renew(session: Session, table: Leasable, row_id: int, owner: str) -> None:
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
def renewing(table: Leasable, row_id: int, owner: str) -> Iterator[None]:
    """Prolong the lease from a thread while a long computation runs.

    It never raises: whoever lost the lease meanwhile is refused when it stores its result.
    """
    done = threading.Event()

    def prolong() -> None:
        while not done.wait(bound.config.lease_seconds / 3):
            with suppress(LeaseLost, *DATABASE_UNAVAILABLE), db.write() as session:
                renew(session, table, row_id, owner)

    thread = threading.Thread(target=prolong, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _changed(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1
