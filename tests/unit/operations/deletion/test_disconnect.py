"""A disconnect is one transaction and one promise; what follows it may fail and is done again."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select

from app.core.clock import now
from app.core.crash_points import CrashPoint
from app.core.errors import Busy, NotFound
from app.extensions import db, keystore, queues
from app.keystore import KeyMissing
from app.models import Connection, Epoch, LedgerEntry, Purge, Token
from app.models.purge import Cause
from app.operations.deletion import disconnect as disconnecting
from app.operations.deletion import revocation
from app.operations.deletion.disconnect import (
    ClosedEpoch,
    carry_out,
    close_epoch,
    disconnect,
)
from app.operations.grant.grant import Grant
from app.operations.transactions.fence import lock_open_epoch
from app.queues import Job
from tests.unit.operations.conftest import Tenant, count


def ended(tenant: Tenant) -> ClosedEpoch:
    with db.write() as session:
        return disconnect(session, tenant.engagement)


def test_tokens_epoch_purge_and_promise_are_one_transaction(tenant: Tenant) -> None:
    epoch = tenant.connect()
    before = now()
    found = ended(tenant)
    assert count(Token) == 0
    with db.read() as session:
        purge = session.scalars(select(Purge)).one()
        assert session.get_one(Epoch, epoch.id).closed_at == purge.requested_at
        promise = session.scalars(select(LedgerEntry)).one()
    assert (promise.kind, promise.purge_handle) == ("promise", found.purge.handle)
    assert (purge.state, purge.cause, purge.rows) == ("due", "disconnect", {"token": 1})
    assert purge.epoch_id == epoch.id
    assert purge.epoch_mask != epoch.id
    assert abs(purge.requested_at - before) < timedelta(seconds=10)
    assert purge.deadline_at - purge.requested_at == timedelta(hours=24)
    assert purge.revocation is None


def test_an_error_before_the_commit_closes_and_promises_nothing(tenant: Tenant) -> None:
    epoch = tenant.connect()

    def fail() -> None:
        with db.write() as session:
            disconnect(session, tenant.engagement)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (count(Token), count(Purge), count(LedgerEntry)) == (1, 0, 0)
    with db.write() as session:
        lock_open_epoch(session, epoch.id)


def test_only_the_first_disconnect_gets_the_token(tenant: Tenant) -> None:
    tenant.connect(access="the access token")
    first, second = ended(tenant), ended(tenant)
    assert first.grant is not None
    assert (first.grant.access_token, first.grant.refresh_token) == ("the access token", "refresh")
    assert "the access token" not in repr(first)
    assert second.grant is None
    assert second.purge.handle == first.purge.handle


def test_an_epoch_is_closed_once_whatever_the_causes(tenant: Tenant) -> None:
    epoch = tenant.connect()
    with db.write() as session:
        first = close_epoch(session, session.get_one(Epoch, epoch.id), Cause.RETENTION).purge
    with db.write() as session:
        again = close_epoch(session, session.get_one(Epoch, epoch.id), Cause.FIRM_DELETED).purge
        assert disconnect(session, tenant.engagement).purge.handle == again.handle
    assert (again.handle, again.cause) == (first.handle, "retention")


def test_where_nothing_was_connected_there_is_nothing_to_promise(tenant: Tenant) -> None:
    with pytest.raises(NotFound), db.write() as session:
        disconnect(session, tenant.engagement)


class Locked:
    """Rows that another thread locks for so many seconds."""

    def __init__(self, what: Select[Any], seconds: float) -> None:
        self.what = what
        self.seconds = seconds

    def lock(self, ready: threading.Barrier, done: threading.Event) -> None:
        with db.write() as session:
            session.execute(self.what)
            ready.wait(10)
            done.wait(self.seconds)


DIFFERENT_ROWS = (
    Locked(select(Connection).with_for_update(), 1.0),
    Locked(select(Token).with_for_update(), 4.0),
)
PAGES_OF_ONE_EPOCH = tuple(
    Locked(select(Epoch).with_for_update(read=True), seconds) for seconds in (1.2, 2.4, 3.6, 4.6)
)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("locked", [DIFFERENT_ROWS, PAGES_OF_ONE_EPOCH], ids=["rows", "pages"])
def test_the_wait_for_several_locks_is_as_long_as_for_one(
    tenant: Tenant, locked: tuple[Locked, ...]
) -> None:
    tenant.connect()
    ready, done = threading.Barrier(len(locked) + 1), threading.Event()
    with ThreadPoolExecutor(len(locked)) as pool:
        lockers = [pool.submit(each.lock, ready, done) for each in locked]
        ready.wait(10)
        began = time.monotonic()
        with pytest.raises(Busy), db.write(hurried=True) as session:
            disconnect(session, tenant.engagement)
        took = time.monotonic() - began
        done.set()
        assert [each.result() for each in lockers] == [None] * len(locked)
    assert 1.4 < took < 2
    assert count(Purge) == 0
    assert ended(tenant).purge.state == "due"


def test_a_lost_grant_is_deleted_and_no_refresh_continues(tenant: Tenant) -> None:
    tenant.connect()
    with db.write() as session:
        connection = session.scalars(select(Connection)).one()
        connection.lost_at, connection.lost_reason = now(), "revoked"
        session.merge(tenant.engagement).refresh = "daily"
    ended(tenant)
    with db.read() as session:
        connection = session.scalars(select(Connection)).one()
        assert (connection.lost_at, connection.lost_reason) == (None, None)
        assert session.merge(tenant.engagement, load=True).refresh == "off"


def test_a_token_that_cannot_be_opened_does_not_block_the_disconnect(tenant: Tenant) -> None:
    epoch = tenant.connect()
    keystore.destroy(epoch.handle)
    found = ended(tenant)
    assert found.grant is None
    assert count(Token) == 0


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens after the commit, in its order."""
    steps: list[str] = []

    def enqueue(job: Job, handle: str) -> bool:
        steps.append(job.name)
        return False

    def begin(handle: str, grant: Grant, *, newest: bool) -> None:
        assert newest
        steps.append("revocation")

    def destroy(handle: str) -> bool:
        steps.append("keys")
        return True

    monkeypatch.setattr(queues, "enqueue", enqueue)
    monkeypatch.setattr(revocation, "begin", begin)
    monkeypatch.setattr(keystore, "destroy", destroy)
    monkeypatch.setattr(disconnecting, "reach", lambda point: steps.append(point.value))
    return steps


def test_after_the_commit_keys_job_and_revocation_follow_in_this_order(
    tenant: Tenant, followed: list[str]
) -> None:
    tenant.connect()
    carry_out(ended(tenant))
    assert followed == [
        CrashPoint.EPOCH_CLOSED,
        "keys",
        CrashPoint.EPOCH_KEYS_DESTROYED,
        "PURGE",
        CrashPoint.EPOCH_PURGE_ENQUEUED,
        "revocation",
    ]


def test_keys_that_cannot_be_destroyed_block_nothing(
    tenant: Tenant, followed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def resist(handle: str) -> bool:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(keystore, "destroy", resist)
    tenant.connect()
    carry_out(ended(tenant))
    assert {"PURGE", "revocation"} <= set(followed)


def test_a_confirmed_deletion_destroys_the_keys(tenant: Tenant) -> None:
    epoch = tenant.connect()
    carry_out(ClosedEpoch(ended(tenant).purge))
    with pytest.raises(KeyMissing):
        keystore.read(epoch.handle)
