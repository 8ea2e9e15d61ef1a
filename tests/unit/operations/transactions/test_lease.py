"""A clock that once stood ahead delays nothing: no lease, no purge, no run, for a year."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import sweep
from app.core.clock import now
from app.extensions import bound, db, queues
from app.models import CollectionRun, Purge
from app.operations.collection.collect import collect
from app.operations.deletion.disconnect import disconnect
from app.operations.transactions.lease import claim
from app.queues import Job
from tests.unit.operations.api import Api
from tests.unit.operations.conftest import Tenant, run_of
from tests.unit.operations.purges import hurry

YEAR = timedelta(days=365)


def _lease(until: timedelta) -> None:
    with db.write() as session:
        session.execute(update(CollectionRun).values(lease_owner="dead", lease_until=now() + until))


def _claimed(tenant: Tenant) -> bool:
    with db.write() as session:
        return claim(session, CollectionRun, run_of(tenant).id, "me")


def _requeued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def enqueue(_: Job, handle: str) -> bool:
        found.append(handle)
        return True

    monkeypatch.setattr(queues, "enqueue", enqueue)
    sweep.requeue_runs()
    return found


@pytest.mark.parametrize(
    ("until", "free"),
    [(timedelta(seconds=-1), True), (timedelta(seconds=20), False), (YEAR, True)],
)
def test_a_lease_longer_than_any_lease_is_free(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, until: timedelta, *, free: bool
) -> None:
    tenant.connect()
    _lease(until)
    assert bound.config.lease_seconds == 30
    assert (_requeued(monkeypatch) == [run_of(tenant).handle]) is free
    assert _claimed(tenant) is free
    assert not _claimed(tenant)


@pytest.mark.parametrize("ahead", ["lease_until", "requested_at"])
def test_a_purge_is_done_though_the_clock_stood_a_year_ahead(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, ahead: str
) -> None:
    hurry(monkeypatch)
    tenant.connect()
    with db.write() as session:
        handle = disconnect(session, tenant.engagement).purge.handle
        past = {"requested_at": now() - timedelta(minutes=1)}
        session.execute(update(Purge).values(past | {ahead: now() + YEAR}))
    sweep.finish_purges()
    with db.read() as session:
        purge = session.query(Purge).filter_by(handle=handle).one()
    assert purge.state == "done"


def test_a_fresh_purge_is_left_to_its_job(tenant: Tenant) -> None:
    tenant.connect()
    with db.write() as session:
        disconnect(session, tenant.engagement)
    sweep.finish_purges()
    with db.read() as session:
        assert session.query(Purge).one().state == "due"


@pytest.mark.parametrize(
    ("rest", "due"),
    [(timedelta(seconds=-1), True), (timedelta(minutes=14), False), (YEAR, True)],
)
def test_a_run_is_put_off_by_minutes_and_never_for_a_year(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch, rest: timedelta, *, due: bool
) -> None:
    tenant.connect()
    with db.write() as session:
        session.execute(update(CollectionRun).values(not_before=now() + rest))
    assert (_requeued(monkeypatch) == [run_of(tenant).handle]) is due
    assert (collect(run_of(tenant).handle) is not None) is due
    assert bool(api.requests) is due
