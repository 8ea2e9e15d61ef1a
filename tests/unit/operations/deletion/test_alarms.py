"""A late deletion is logged, then stops all collection, then is stated as a breach."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from app import sweep
from app.extensions import bound, db, queues
from app.models import Purge
from app.operations.collection import crawl
from app.operations.collection.collect import collect
from app.operations.deletion.alarms import Watch, lateness, stopped
from app.operations.deletion.purge import purge
from app.operations.receipts import ledger
from app.queues import Job
from tests.conftest import ON_SQLITE
from tests.unit.operations.api import Api
from tests.unit.operations.conftest import Tenant, run_of
from tests.unit.operations.purges import age, due_purge, found, hurry

pytestmark = ON_SQLITE

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def short_deadlines(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def _levels(log: io.StringIO) -> list[str]:
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line["level"] for line in lines if line.get("event") == "purge_late"]


def _is_stopped() -> bool:
    with db.read() as session:
        return stopped(session)


def _kinds(handle: str) -> list[str]:
    with db.read() as session:
        return [entry.kind for entry in ledger.entries(session, handle)]


def test_lateness_is_logged_once_per_level_and_a_breach_stated_once(
    tenant: Tenant, log: io.StringIO
) -> None:
    due, watch = due_purge(tenant), Watch()
    counts = []
    for hours in (0.9, 0.2, 4, 1, 5, 2, 11):
        age(due.handle, hours * HOUR)
        for _ in range(2):
            watch.look()
        counts.append(len(_levels(log)))
    assert counts == [0, 1, 1, 2, 2, 3, 4]
    assert _levels(log) == ["warning", "alarm", "stop", "breach"]
    assert _kinds(due.handle) == ["promise", "breach"]
    assert purge(due.handle)
    watch.look()
    assert _kinds(due.handle) == ["promise", "breach", "receipt"]
    with db.read() as session:
        assert lateness(session) == timedelta(0)


@pytest.mark.parametrize(("hours", "stops"), [(11.9, False), (12.1, True)])
def test_an_old_purge_stops_all_collection_until_it_is_done(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, api: Api, hours: float, *, stops: bool
) -> None:
    due = due_purge(tenant)
    tenant.connect()
    age(due.handle, hours * HOUR)
    assert _is_stopped() is stops
    queued: list[str] = []

    def enqueue(_: Job, handle: str) -> bool:
        queued.append(handle)
        return True

    monkeypatch.setattr(queues, "enqueue", enqueue)
    sweep.requeue_runs()
    assert (queued == []) is stops
    collect(run_of(tenant).handle)
    assert (run_of(tenant).state == "queued") is stops
    assert purge(due.handle)
    assert not _is_stopped()
    sweep.requeue_runs()
    collect(run_of(tenant).handle)
    assert run_of(tenant).state == "done"


def test_a_collection_under_way_stops_and_goes_on_later(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, api: Api
) -> None:
    tenant.connect()
    heeded: list[bool] = []

    def overdue(_session: object) -> bool:
        heeded.append(True)
        return len(heeded) > 2

    monkeypatch.setattr(crawl, "stopped", overdue)
    monkeypatch.setattr(bound, "config", replace(bound.config, sweep_seconds=1e-6))
    handle = run_of(tenant).handle
    assert collect(handle) is None
    assert len(heeded) == 3
    left = run_of(tenant)
    assert (left.state, left.lease_owner) == ("running", None)
    monkeypatch.setattr(crawl, "stopped", lambda _session: False)
    assert collect(handle) is not None


def test_a_deadline_never_moves(tenant: Tenant) -> None:
    due = due_purge(tenant)
    before = found(due.handle).deadline_at
    assert before - found(due.handle).requested_at == bound.config.deadlines.purge_deadline
    with db.write() as session:
        session.execute(update(Purge).values(last_code="internal"))
    Watch().look()
    purge(due.handle)
    assert found(due.handle).deadline_at == before
