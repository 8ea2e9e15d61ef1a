"""Alarms: deletions that are late. A very late one stops all collection; past its deadline it is
a breach, which the ledger states automatically.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.logs import Event, event
from app.extensions import bound, db
from app.models import LedgerEntry, Purge
from app.models.purge import PurgeState
from app.operations.deletion.purge.claimed import Code
from app.operations.receipts import ledger
from app.operations.transactions.db_clock import moment


class Level(StrEnum):
    """How late; each level begins at its own age."""

    WARNING = "warning"
    ALARM = "alarm"
    STOP = "stop"
    BREACH = "breach"


@dataclass(frozen=True, slots=True)
class Late:
    """A deletion that takes too long."""

    handle: str
    level: Level
    age: timedelta
    code: Code | None
    """Why the last attempt did not finish."""


def lateness(session: Session) -> timedelta:
    """The age of the oldest deletion under way; none is 0."""
    due = select(func.min(Purge.requested_at)).where(Purge.state == PurgeState.DUE)
    oldest = session.scalar(due)
    return timedelta(0) if oldest is None else max(moment(session) - oldest, timedelta(0))


def stopped(session: Session) -> bool:
    """Whether no collection may start or go on: a deletion is older than ``purge_stop``."""
    return lateness(session) > bound.config.deadlines.purge_stop


def late(session: Session) -> list[Late]:
    """Every deletion that is late, oldest first."""
    at, deadlines = moment(session), bound.config.deadlines
    limits = (
        (Level.STOP, deadlines.purge_stop),
        (Level.ALARM, deadlines.purge_alarm),
        (Level.WARNING, deadlines.purge_warning),
    )
    found = []
    for purge in session.scalars(
        select(Purge).where(Purge.state == PurgeState.DUE).order_by(Purge.requested_at)
    ):
        age = at - purge.requested_at
        level = next((level for level, limit in limits if age > limit), None)
        if at > purge.deadline_at:
            level = Level.BREACH
        if level is not None:
            code = None if purge.last_code is None else Code(purge.last_code)
            found.append(Late(purge.handle, level, age, code))
    return found


def unstated(session: Session, found: list[Late]) -> list[str]:
    """Handles of the breaches that the ledger does not state yet."""
    handles = {each.handle for each in found if each.level is Level.BREACH}
    stated = session.scalars(
        select(LedgerEntry.purge_handle).where(
            LedgerEntry.kind == "breach", LedgerEntry.purge_handle.in_(handles)
        )
    )
    return sorted(handles - set(stated))


def state_breach(session: Session, handle: str) -> None:
    """Append to the ledger that a deadline has passed, unless the deletion is done by now."""
    purge = session.scalar(select(Purge).where(Purge.handle == handle).with_for_update())
    if purge is not None and purge.state != PurgeState.DONE:
        ledger.breach(session, purge)


class Watch:
    """Logs each late deletion once per level, not every few seconds."""

    def __init__(self) -> None:
        self._logged: dict[str, Level] = {}

    def look(self) -> None:
        """Log what has become late or later; state every breach in the ledger, once."""
        with db.read() as session:
            found = late(session)
            broken = unstated(session, found)
        for each in found:
            if self._logged.get(each.handle) is not each.level:
                _log(each)
        self._logged = {each.handle: each.level for each in found}
        for handle in broken:
            with db.write() as session:
                state_breach(session, handle)


def _log(late: Late) -> None:
    hours = round(late.age / timedelta(hours=1), 2)
    event(Event.PURGE_LATE, purge=late.handle, level=late.level, why=late.code, hours=hours)
