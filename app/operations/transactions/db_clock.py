"""The database's clock: deletions go by it, and it does not turn back."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.logs import Event, event
from app.extensions import bound
from app.models import Heartbeat

MARK = "clock"
"""The heartbeat that keeps the latest moment ever seen."""


class _Said:
    """Whether this process has told that the clock stands back."""

    back = False


def moment(session: Session) -> datetime:
    """The time by the database's clock; the latest ever seen where that clock was set back.

    Every machine sees the same one on PostgreSQL. SQLite has the clock of its machine.
    """
    told, mark = unmarked(session), _mark(session)
    if not _is_back(told, mark):
        _Said.back = False
        return told
    if not _Said.back:
        event(Event.CLOCK_BACK)
        _Said.back = True
    return mark or told


def keep_mark(session: Session, passed: timedelta) -> None:
    """Note the time; ``passed`` has gone by since the last note, whatever the clock says.

    Where the clock was set back, time goes on from the mark: a deadline is not put off.
    """
    told, mark = unmarked(session), _mark(session)
    if mark is None:
        latest = told
    elif _is_back(told, mark):
        latest = mark + passed
    else:
        latest = max(told, mark)
    session.merge(Heartbeat(name=MARK, seen_at=latest))


def _is_back(told: datetime, mark: datetime | None) -> bool:
    return mark is not None and told < mark - bound.config.terms.clock_slack


def _mark(session: Session) -> datetime | None:
    return session.scalar(select(Heartbeat.seen_at).where(Heartbeat.name == MARK))


def unmarked(session: Session) -> datetime:
    """The time as the database's clock tells it now, however far ahead it stood before.

    Retention goes by it: after a jump ahead the mark would delete what is not due.
    """
    if session.get_bind().dialect.name != "postgresql":
        return now()
    told = session.scalar(select(func.clock_timestamp()))
    if not isinstance(told, datetime):
        raise TypeError("the database's clock told no time")
    return told.astimezone(UTC)
