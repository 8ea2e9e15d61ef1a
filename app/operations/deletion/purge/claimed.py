"""A purge claimed by this process: its lease, its transactions, the reasons to stop."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from app.core.clock import wire
from app.extensions import db
from app.models import Purge
from app.operations.transactions.db_clock import moment
from app.operations.transactions.lease import renew

Facts = dict[str, int | bool | str]
_SLACK = timedelta(seconds=60)
"""Clocks of two machines may differ by this much."""


class Code(StrEnum):
    """Why an attempt did not finish; the sweeper makes the next one."""

    KEYS_LEFT = "keys_left"
    ROWS_LEFT = "rows_left"
    QUEUE_UNAVAILABLE = "queue_unavailable"
    QUEUE_BUSY = "queue_busy"
    FILES_LEFT = "files_left"
    READER = "reader"
    QUIET_HOUR = "quiet_hour"
    TABLE_BUSY = "table_busy"
    DATABASE_LEFT = "database_left"
    LOG_LEFT = "log_left"
    NOT_VERIFIED = "not_verified"
    DATABASE_UNAVAILABLE = "database_unavailable"
    STORAGE = "storage"
    INTERNAL = "internal"


class StageBlocked(Exception):
    """A stage cannot finish now; ``code`` says why."""

    def __init__(self, code: Code) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class ClaimedPurge:
    """A purge with the lease of this process."""

    purge_id: int
    handle: str
    epoch_id: bytes
    epoch_handle: str
    owner: str
    requested_at: datetime
    deadline_at: datetime
    redo: bool
    """The verification found something: finished stages run again."""

    def requested_within(self, period: timedelta) -> bool:
        """Whether the purge was requested at most ``period`` ago.

        A time in the future comes from a clock that was ahead: such a purge waits for nothing.
        """
        with db.read() as session:
            return -_SLACK <= moment(session) - self.requested_at < period


@contextmanager
def change(claimed: ClaimedPurge, *, long: bool = False) -> Iterator[tuple[Session, Purge]]:
    """A transaction that commits only with the lease. Raises LeaseLost."""
    with db.write(long=long) as session:
        renew(session, Purge, claimed.purge_id, claimed.owner)
        yield session, session.get_one(Purge, claimed.purge_id)


def note_done(session: Session, purge: Purge, stage: str, facts: Facts) -> None:
    """Note that a stage is done."""
    purge.stages = {**purge.stages, stage: {"at": wire(moment(session)), **facts}}
