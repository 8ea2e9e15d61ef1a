"""The database's clock: deadlines of deletions use it, and it is never set back."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.logs import Event, event
from app.extensions import bound
from app.models import Heartbeat

LATEST_SEEN = "clock"
"""The heartbeat that stores the latest moment ever seen."""


class _Reported:
    """Whether this process has reported that the clock was set back."""

    back = False


def moment(session: Session) -> datetime:
    """The time by the database's clock; the latest ever seen where that clock was set back.

    Every machine sees the same one on PostgreSQL. SQLite has the clock of its machine.
    """
    at, latest = database_time(session), _latest(session)
    if not _is_back(at, latest):
        _Reported.back = False
        return at
    if not _Reported.back:
        event(Event.CLOCK_BACK)
        _Reported.back = True
    return latest or at


def note_time(session: Session, passed: timedelta) -> None:
    """Note the time; ``passed`` is the real time since the last note.

    Where the clock was set back, time goes on from the latest moment seen.
    """
    at, latest = database_time(session), _latest(session)
    if latest is None:
        latest = at
    elif _is_back(at, latest):
        latest += passed
    else:
        latest = max(at, latest)
    session.merge(Heartbeat(name=LATEST_SEEN, seen_at=latest))


def _is_back(at: datetime, latest: datetime | None) -> bool:
    return latest is not None and at < latest - bound.config.deadlines.clock_slack


def _latest(session: Session) -> datetime | None:
    return session.scalar(select(Heartbeat.seen_at).where(Heartbeat.name == LATEST_SEEN))


def database_time(session: Session) -> datetime:
    """The database's clock now, however far ahead it was before.

    Retention uses it: after a jump ahead the latest moment seen would delete what is not due.
    """
    if session.get_bind().dialect.name != "postgresql":
        return now()
    at = session.scalar(select(func.clock_timestamp()))
    if not isinstance(at, datetime):
        raise TypeError("the database's clock returned no time")
    return at.astimezone(UTC)
