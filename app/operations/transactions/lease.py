"""Leases: one process works on a row; the lease of a process that died expires."""

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
_LONGEST_DELAY = timedelta(minutes=15)
"""No run is delayed for longer at a time."""


def new_owner() -> str:
    """A name for a process that claims a lease."""
    return secrets.token_hex(8)


def _duration() -> timedelta:
    return timedelta(seconds=bound.config.lease_seconds)


def expired(
    column: InstrumentedAttribute[datetime | None] | InstrumentedAttribute[datetime],
    moment: datetime,
    duration: timedelta,
) -> ColumnElement[bool]:
    """Whether the lease until ``column``, of ``duration`` at most, is over.

    A longer one was written while the clock was ahead: it is over, too.
    """
    return or_(column.is_(None), column < moment, column > moment + duration + _SLACK)


def free(table: Leasable) -> ColumnElement[bool]:
    """Whether no process has the lease."""
    return expired(table.lease_until, now(), _duration())


def not_delayed() -> ColumnElement[bool]:
    """Whether a run is not delayed, or its delay is over."""
    return expired(CollectionRun.not_before, now(), _LONGEST_DELAY)


def delayed(run: CollectionRun) -> bool:
    """Whether a run has to wait."""
    moment = now()
    return run.not_before is not None and (
        moment < run.not_before <= moment + _LONGEST_DELAY + _SLACK
    )


def claim(session: Session, table: Leasable, row_id: int, owner: str) -> bool:
    """Claim the lease if no process has it."""
    result = session.execute(
        update(table)
        .where(table.id == row_id, free(table))
        .values(lease_owner=owner, lease_until=now() + _duration(), attempts=table.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return _changed(result)


def renew(session: Session, table: Leasable, row_id: int, owner: str) -> None:
    """Prolong the lease. Raises LeaseLost if another process has claimed it."""
    result = session.execute(
        update(table)
        .where(table.id == row_id, table.lease_owner == owner)
        .values(lease_until=now() + _duration())
        .execution_options(synchronize_session=False)
    )
    if not _changed(result):
        raise LeaseLost


@contextmanager
def renewing(table: Leasable, row_id: int, owner: str) -> Iterator[None]:
    """Renew the lease from a thread while a long computation runs.

    It never raises: a process that lost its lease cannot store its result.
    """
    done = threading.Event()

    def renew_often() -> None:
        while not done.wait(bound.config.lease_seconds / 3):
            with suppress(LeaseLost, *DATABASE_UNAVAILABLE), db.write() as session:
                renew(session, table, row_id, owner)

    thread = threading.Thread(target=renew_often, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _changed(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1
