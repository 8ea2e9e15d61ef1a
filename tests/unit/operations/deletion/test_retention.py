"""Without a disconnect, records are deleted on their date, and not earlier by a wrong clock."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.extensions import bound, db
from app.models import Connection, Engagement, Epoch, Heartbeat, LedgerEntry, Purge
from app.models.purge import Cause
from app.operations.deletion import retention
from app.operations.deletion.disconnect import ClosedEpoch, close_epoch
from app.operations.deletion.retention import (
    DeletionDate,
    Sightings,
    close_due_epochs,
    dates,
    dates_if_connected,
    set_end,
)
from app.operations.transactions.db_clock import LATEST_SEEN
from tests.unit.operations.conftest import Tenant, new_tenant

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clocks:
    """The database's clock and this process's own: a test moves the two apart."""

    def __init__(self) -> None:
        self.wall = now()
        self.own = 1_000.0
        self.sightings = Sightings()

    def monotonic(self) -> float:
        return self.own

    def sweep(self) -> None:
        close_due_epochs(self.sightings)

    def passes(self, time: timedelta) -> None:
        self.wall += time
        self.own += time.total_seconds()


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    made = Clocks()
    monkeypatch.setattr(retention, "time", made)
    monkeypatch.setattr(retention, "database_time", lambda _session: made.wall)
    return made


def engagement_of(tenant: Tenant) -> Engagement:
    with db.read() as session:
        return session.get_one(Engagement, tenant.engagement.id)


def end_at(tenant: Tenant, moment: datetime | None) -> None:
    with db.write() as session:
        set_end(session.get_one(Engagement, tenant.engagement.id), moment)


def lose(moment: datetime | None) -> None:
    with db.write() as session:
        session.execute(update(Connection).values(lost_at=moment))


def causes() -> list[str]:
    """Of the purges there are, why."""
    with db.read() as session:
        return list(session.scalars(select(Purge.cause)))


def dates_of(tenant: Tenant) -> list[DeletionDate]:
    with db.read() as session:
        return dates(session, engagement_of(tenant))


def test_every_date_is_known_in_advance_the_earliest_first(tenant: Tenant) -> None:
    assert dates_of(tenant) == []
    epoch = tenant.connect()
    moment = epoch.created_at
    assert dates_of(tenant) == [DeletionDate(moment + 90 * DAY, Cause.RETENTION)]
    lose(moment)
    end_at(tenant, moment + DAY)
    assert dates_of(tenant) == [
        DeletionDate(moment + 72 * HOUR, Cause.GRANT_LOST),
        DeletionDate(moment + 15 * DAY, Cause.ENGAGEMENT_ENDED),
        DeletionDate(moment + 90 * DAY, Cause.RETENTION),
    ]
    lose(None)
    end_at(tenant, None)
    assert [each.cause for each in dates_of(tenant)] == [Cause.RETENTION]


def test_the_dates_are_known_before_a_connect(tenant: Tenant) -> None:
    moment = now()
    end_at(tenant, moment + 10 * DAY)
    assert dates_if_connected(engagement_of(tenant), moment) == [
        DeletionDate(moment + 24 * DAY, Cause.ENGAGEMENT_ENDED),
        DeletionDate(moment + 90 * DAY, Cause.RETENTION),
    ]


def test_a_date_that_is_set_and_taken_back_puts_off_no_other(
    tenant: Tenant, clocks: Clocks
) -> None:
    epoch = tenant.connect()
    clocks.passes(epoch.created_at + 90 * DAY - clocks.wall)
    for turn in range(4):
        end_at(tenant, None if turn % 2 else epoch.created_at)
        clocks.sweep()
        clocks.passes(HOUR / 2)
    assert causes() == [Cause.RETENTION]


@pytest.mark.parametrize("cause", [Cause.RETENTION, Cause.ENGAGEMENT_ENDED, Cause.GRANT_LOST])
def test_each_date_ends_the_connection_on_it(tenant: Tenant, clocks: Clocks, cause: Cause) -> None:
    epoch = tenant.connect()
    if cause is Cause.ENGAGEMENT_ENDED:
        end_at(tenant, epoch.created_at + DAY)
    if cause is Cause.GRANT_LOST:
        lose(epoch.created_at)
    first = dates_of(tenant)[0]
    assert first.cause is cause
    clocks.passes(first.at - HOUR / 2 - clocks.wall)
    clocks.sweep()
    clocks.passes(HOUR / 4)
    clocks.sweep()
    clocks.passes(HOUR / 4)
    # The date has come; it was first sighted half an hour ago, which is too little.
    clocks.sweep()
    assert causes() == []
    clocks.passes(HOUR / 2)
    clocks.sweep()
    assert causes() == [cause]
    with db.read() as session:
        assert session.get_one(Epoch, epoch.id).closed_at is not None
        assert session.scalars(select(LedgerEntry.kind)).all() == ["promise"]


def test_what_is_swept_all_the_time_ends_on_its_date_and_not_before(
    tenant: Tenant, clocks: Clocks
) -> None:
    epoch = tenant.connect()
    due = epoch.created_at + bound.config.deadlines.retention
    clocks.passes(due - timedelta(hours=2) - clocks.wall)
    while clocks.wall < due - timedelta(minutes=10):
        clocks.sweep()
        clocks.passes(timedelta(minutes=10))
    clocks.sweep()
    assert causes() == []
    clocks.passes(timedelta(minutes=11))
    clocks.sweep()
    assert causes() == ["retention"]


def test_a_clock_that_jumps_a_year_and_back_deletes_nothing(tenant: Tenant, clocks: Clocks) -> None:
    tenant.connect()
    for _ in range(5):
        clocks.wall += 365 * DAY
        clocks.sweep()
        clocks.passes(HOUR / 2)
        clocks.sweep()
        clocks.wall -= 365 * DAY
        clocks.sweep()
        clocks.passes(HOUR)
    assert causes() == []


def test_the_highest_time_ever_seen_does_not_count(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Clocks()
    monkeypatch.setattr(retention, "time", own)
    tenant.connect()
    with db.write() as session:
        session.add(Heartbeat(name=LATEST_SEEN, seen_at=now() + 365 * DAY))
    own.sweep()
    own.passes(2 * HOUR)
    own.sweep()
    assert causes() == []


def test_a_grant_renewed_or_an_end_taken_back_in_time_keeps_everything(
    tenant: Tenant, clocks: Clocks
) -> None:
    epoch = tenant.connect()
    lose(epoch.created_at)
    end_at(tenant, epoch.created_at - 11 * DAY)
    clocks.passes(72 * HOUR)
    clocks.sweep()
    lose(None)
    end_at(tenant, None)
    clocks.passes(2 * HOUR)
    clocks.sweep()
    assert causes() == []


def test_a_date_is_checked_again_under_the_lock(
    tenant: Tenant, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    lose(epoch.created_at)
    with db.write() as session:
        found = retention.end_if_due(session, epoch.id, Cause.GRANT_LOST)
    assert found is None, "72 hours have not passed"


def test_one_that_cannot_be_ended_does_not_keep_the_others(
    tenant: Tenant, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tenant.connect()
    new_tenant(tenant.firm_id).connect()
    clocks.passes(91 * DAY)
    clocks.sweep()
    clocks.passes(2 * HOUR)

    def fail(session: Session, epoch: Epoch, cause: Cause) -> ClosedEpoch:
        if epoch.id == first.id:
            raise ZeroDivisionError
        return close_epoch(session, epoch, cause)

    monkeypatch.setattr(retention, "close_epoch", fail)
    clocks.sweep()
    assert causes() == ["retention"]
