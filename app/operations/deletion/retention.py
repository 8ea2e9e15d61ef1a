"""Retention: the dates at which records are deleted without a request."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.logs import Event, contained, event
from app.extensions import bound, db
from app.models import Connection, Engagement, Epoch, Firm
from app.models.purge import Cause
from app.operations.deletion.disconnect import ClosedEpoch, carry_out, close_epoch
from app.operations.transactions.db_clock import database_time
from app.operations.transactions.fence import open_epoch


@dataclass(frozen=True, slots=True, order=True)
class DeletionDate:
    """Records are deleted at ``at``, for ``cause``, unless an earlier cause applies."""

    at: datetime
    cause: Cause


def dates(session: Session, engagement: Engagement) -> list[DeletionDate]:
    """Every date in advance, the earliest first; none while nothing is connected."""
    epoch = open_epoch(session, engagement.id)
    if epoch is None:
        return []
    connection = session.get_one(Connection, epoch.connection_id)
    return _dates(engagement, epoch.created_at, connection.lost_at)


def dates_if_connected(engagement: Engagement, at: datetime) -> list[DeletionDate]:
    """The dates of a connection that is made at ``at``, the earliest first."""
    return _dates(engagement, at, None)


def set_end(engagement: Engagement, ends_at: datetime | None) -> None:
    """Set the end of the engagement, or None to clear it. The date may be in the past."""
    engagement.ends_at = ends_at
    event(Event.ENGAGEMENT_END_SET, engagement=engagement.handle, given=ends_at is not None)


def _dates(
    engagement: Engagement, connected_at: datetime, lost_at: datetime | None
) -> list[DeletionDate]:
    deadlines = bound.config.deadlines
    found = [DeletionDate(connected_at + deadlines.retention, Cause.RETENTION)]
    if engagement.ends_at is not None:
        found.append(DeletionDate(engagement.ends_at + deadlines.after_end, Cause.ENGAGEMENT_ENDED))
    if lost_at is not None:
        found.append(DeletionDate(lost_at + deadlines.after_loss, Cause.GRANT_LOST))
    return sorted(found)


def due(session: Session, at: datetime) -> list[tuple[Epoch, Cause]]:
    """The open epochs of a deleted firm, and every date of the others that is not after ``at``.

    All of them, the earliest first: a date that is set and cleared repeatedly must not delay the
    others.
    """
    open_ones = session.execute(
        select(Epoch, Connection.lost_at, Engagement, Firm.deleted_at)
        .join(Connection, Connection.id == Epoch.connection_id)
        .join(Engagement, Engagement.id == Connection.engagement_id)
        .join(Firm, Firm.id == Engagement.firm_id)
        .where(Epoch.closed_at.is_(None))
        .order_by(Epoch.created_at)
    )
    found = []
    for epoch, lost_at, engagement, deleted_at in open_ones:
        if deleted_at is not None:
            found.append((epoch, Cause.FIRM_DELETED))
            continue
        passed = _dates(engagement, epoch.created_at, lost_at)
        found += [(epoch, date.cause) for date in passed if date.at <= at]
    return found


Sighted = tuple[bytes, Cause]


class Sightings:
    """Since when, by the monotonic clock, each date has been seen as near or passed.

    A clock that jumps ahead deletes nothing: it must stay ahead for ``deadlines.confirmation``.
    """

    def __init__(self) -> None:
        self._since: dict[Sighted, float] = {}

    def confirmed(self, near: Iterable[Sighted], at: float, term: timedelta) -> set[Sighted]:
        """Those of ``near`` that were near in every call of the last ``term``."""
        self._since = {each: self._since.get(each, at) for each in near}
        oldest = at - term.total_seconds()
        return {each for each, since in self._since.items() if since <= oldest}


_sightings = Sightings()


def close_due_epochs(sightings: Sightings = _sightings) -> None:
    """Close every epoch whose date has passed, seen in two sweeps at least an hour apart.

    A date is seen up to that hour ahead, so that the epoch is closed on its date.
    """
    term = bound.config.deadlines.confirmation
    with db.read() as session:
        at = database_time(session)
        near, passed = _keys(due(session, at + term)), _keys(due(session, at))
    confirmed = sightings.confirmed(near, time.monotonic(), term)
    for epoch_id, cause in passed:
        # A firm's deletion was requested: it depends on no clock.
        if cause is Cause.FIRM_DELETED or (epoch_id, cause) in confirmed:
            _end_one(epoch_id, cause)


def _keys(found: list[tuple[Epoch, Cause]]) -> list[Sighted]:
    return [(epoch.id, cause) for epoch, cause in found]


def _end_one(epoch_id: bytes, cause: Cause) -> None:
    ended = None
    with contained(Event.SWEEP_FAILED), db.write() as session:
        ended = end_if_due(session, epoch_id, cause)
    if ended is not None:
        carry_out(ended)


def end_if_due(session: Session, epoch_id: bytes, cause: Cause) -> ClosedEpoch | None:
    """Checked again under the lock: the grant may be renewed, the end cleared."""
    epoch = session.get(Epoch, epoch_id)
    if epoch is None:
        return None
    session.get_one(Connection, epoch.connection_id, with_for_update=True)
    session.refresh(epoch)
    if epoch.closed_at is not None:
        # Another cause was first.
        return None
    still = _keys(due(session, database_time(session)))
    return close_epoch(session, epoch, cause) if (epoch_id, cause) in still else None
