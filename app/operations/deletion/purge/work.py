"""One purge in hand: its lease, what it works on, why it stops."""

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
    """Why an attempt did not come to its end; the sweeper makes the next."""

    KEYS_LEFT = "keys_left"
    ROWS_LEFT = "rows_left"
    QUEUE_AWAY = "queue_away"
    QUEUE_BUSY = "queue_busy"
    FILES_LEFT = "files_left"
    READER = "reader"
    QUIET_HOUR = "quiet_hour"
    TABLE_BUSY = "table_busy"
    DATABASE_LEFT = "database_left"
    LOG_LEFT = "log_left"
    NOT_VERIFIED = "not_verified"
    DATABASE_AWAY = "database_away"
    STORAGE = "storage"
    INTERNAL = "internal"


class StageBlocked(Exception):
    """A stage cannot finish now; ``code`` says why."""

    def __init__(self, code: Code) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Work:
    """A purge whose lease this process holds."""

    purge_id: int
    handle: str
    epoch_id: bytes
    epoch_handle: str
    owner: str
    requested_at: datetime
    deadline_at: datetime
    again: bool
    """The verification found something: stages that are done are done anew."""

    def young(self, term: timedelta) -> bool:
        """Whether the purge was asked for within ``term``.

        One from the future was asked for while the clock stood ahead: it waits for nothing.
        """
        with db.read() as session:
            return -_SLACK <= moment(session) - self.requested_at < term


@contextmanager
def change(work: Work, *, long: bool = False) -> Iterator[tuple[Session, Purge]]:
    """A transaction that only the holder of the lease can commit. Raises LeaseLost."""
    with db.write(long=long) as session:
        renew(session, Purge, work.purge_id, work.owner)
        yield session, session.get_one(Purge, work.purge_id)


def mark(session: Session, purge: Purge, stage: str, facts: Facts) -> None:
    """Note that a stage is done."""
    purge.stages = {**purge.stages, stage: {"at": wire(moment(session)), **facts}}
