"""The sweeper needs the database alone: it finishes, warns and is seen alive while it does."""

import os
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select

from app import sweep
from app.core.clock import now
from app.extensions import bound, db, keystore
from app.keystore import KeyMissing
from app.models import Assessment, CollectionRun, Heartbeat, Purge
from app.models.purge import Stage
from app.operations.deletion.purge import STAGES
from app.operations.deletion.purge.claimed import ClaimedPurge
from app.operations.receipts import ledger
from app.operations.transactions.db_clock import LATEST_SEEN
from tests.servers import wait_until
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.purges import age, clear_lease, due_purge, found, hurry, in_hand


@pytest.fixture(autouse=True)
def short_deadlines(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def _beats() -> set[str]:
    with db.read() as session:
        return set(session.scalars(select(Heartbeat.name)))


def test_one_sweep_without_a_queue_finishes_what_is_due(tenant: Tenant) -> None:
    late, fresh, leased = (due_purge(tenant) for _ in range(3))
    for due in (late, leased):
        age(due.handle, timedelta(minutes=1))
    in_hand(leased.handle)
    assert sweep.sweep_once()
    assert [found(due.handle).state for due in (late, fresh, leased)] == ["done", "due", "due"]
    assert _beats() == {sweep.NAME, LATEST_SEEN}
    clear_lease(leased.handle)
    assert sweep.sweep_once()
    assert found(leased.handle).state == "done"


def test_a_passed_deadline_is_stated_though_the_purge_cannot_end(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_purge(tenant)
    age(due.handle, timedelta(hours=25))

    def fail(_work: ClaimedPurge) -> dict[str, int | bool | str]:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setitem(STAGES, Stage.QUEUE, fail)
        for _ in range(2):
            sweep.sweep_once()
    with db.read() as session:
        assert [each.kind for each in ledger.entries(session, due.handle)] == ["promise", "breach"]
    sweep.sweep_once()
    with db.read() as session:
        kinds = [each.kind for each in ledger.entries(session, due.handle)]
        assert session.scalars(select(Purge.state)).one() == "done"
    assert kinds == ["promise", "breach", "receipt"]


def test_the_sweeper_sends_heartbeats_and_ends_hung_sessions_during_a_long_purge(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "BEAT_SECONDS", 0.05)
    looked = threading.Event()

    def refused() -> None:
        looked.set()
        raise PermissionError

    # As by a server that lets nobody end a session.
    monkeypatch.setattr(sweep, "end_hung", refused)
    due = due_purge(tenant)
    age(due.handle, timedelta(minutes=1))
    reached, go_on = threading.Event(), threading.Event()

    def take_long(_work: ClaimedPurge) -> dict[str, int | bool | str]:
        reached.set()
        assert go_on.wait(20)
        return {}

    monkeypatch.setitem(STAGES, Stage.FILES, take_long)
    sweeping = threading.Thread(target=sweep.finish_purges)
    sweeping.start()
    try:
        assert reached.wait(20)
        assert looked.wait(20)
        with db.write() as session:
            session.execute(delete(Heartbeat))
        wait_until(lambda: _beats() == {sweep.NAME, LATEST_SEEN}, 10, "no sign of life")
    finally:
        go_on.set()
        sweeping.join()
    with db.read() as session:
        assert now() - session.get_one(Heartbeat, sweep.NAME).seen_at < timedelta(minutes=1)
    assert found(due.handle).state == "done"


def test_only_an_assessment_queued_before_the_last_sweep_is_queued_again(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    with db.write() as session:
        run = session.scalars(select(CollectionRun).where(CollectionRun.epoch_id == epoch.id)).one()
        for age_s, handle in ((0, "a" * 16), (3600, "b" * 16), (-3600, "c" * 16)):
            session.add(
                Assessment(
                    handle=handle,
                    epoch_id=epoch.id,
                    run_id=run.id,
                    state="queued",
                    queued_at=now() - timedelta(seconds=age_s),
                )
            )
    queued: list[str] = []

    def enqueue(_job: object, handle: str) -> bool:
        queued.append(handle)
        return True

    monkeypatch.setattr("app.sweep.queues.enqueue", enqueue)
    sweep.requeue_assessments()
    assert sorted(queued) == ["b" * 16, "c" * 16]


def test_a_task_that_fails_does_not_prevent_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sweep, "TASKS", (fail, lambda: done.append("next")))
    assert not sweep.sweep_once()
    assert done == ["next"]


def test_the_sweeper_runs_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, rounds = threading.Event(), list[int]()

    def duty() -> None:
        rounds.append(1)
        if len(rounds) == 2:
            stop.set()

    monkeypatch.setattr(sweep, "TASKS", (duty,))
    monkeypatch.setattr(sweep, "bound", SimpleNamespace(config=SimpleNamespace(sweep_seconds=0.01)))
    sweep.sweep(stop)
    assert len(rounds) == 2


def test_keys_that_no_epoch_has_are_destroyed_an_hour_later_and_no_others(tenant: Tenant) -> None:
    epoch, orphan = tenant.connect(), "0123456789abcdef"
    keystore.create(orphan)
    sweep.tidy_keys()
    assert keystore.read(orphan), "a connect may still be under way"
    for path in bound.config.keystore.iterdir():
        os.utime(path, (0, 0))
    sweep.tidy_keys()
    with pytest.raises(KeyMissing):
        keystore.read(orphan)
    assert keystore.read(epoch.handle)
