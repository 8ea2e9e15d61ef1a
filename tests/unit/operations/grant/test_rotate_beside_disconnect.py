"""A disconnect and a rotation at the same moment: one waits for the other, and no key is left."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from app.core.errors import Busy
from app.extensions import bound, db, keystore
from app.keystore import EPOCH_PURPOSE, KeyMissing, KeystoreBusy
from app.keystore.files import locked
from app.models import Epoch
from app.operations.deletion.disconnect import ClosedEpoch, carry_out, disconnect
from app.operations.deletion.purge import purge
from app.operations.grant import rotate as rotating
from app.operations.grant.rotate import Rotation, rotate
from app.operations.grant.tokens import StoredTokens
from app.operations.receipts.signing import signing_key
from tests.servers import wait_until
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.purges import found, hurry


def _disconnected(tenant: Tenant) -> ClosedEpoch:
    """What a page does: one transaction, its commit, what follows."""
    with db.write() as session:
        ended = disconnect(session, tenant.engagement)
    carry_out(ClosedEpoch(ended.purge))
    return ended


def _assert_no_key(epoch: Epoch) -> None:
    assert not list(bound.config.keystore.glob(f"*{epoch.handle}*"))
    with pytest.raises(KeyMissing):
        keystore.read(epoch.handle)


def _paused(monkeypatch: pytest.MonkeyPatch, step: str) -> tuple[threading.Event, threading.Event]:
    """Stop the rotation at the end of this step, inside its transaction: (it is there, go on)."""
    plain: Callable[[Session, str], object] = getattr(rotating, step)
    there, go_on = threading.Event(), threading.Event()

    def and_wait(session: Session, handle: str) -> object:
        done = plain(session, handle)
        there.set()
        assert go_on.wait(10)
        return done

    monkeypatch.setattr(rotating, step, and_wait)
    return there, go_on


@pytest.mark.parametrize("step", ["_reseal", "_destroy_former"])
def test_a_disconnect_waits_for_the_row_that_a_rotation_has_and_leaves_no_key(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    epoch = tenant.connect()
    there, go_on = _paused(monkeypatch, step)
    with ThreadPoolExecutor(2) as pool:
        rotation: Future[Rotation] = pool.submit(rotate)
        assert there.wait(10)
        began = time.monotonic()
        leaving = pool.submit(_disconnected, tenant)
        with pytest.raises(TimeoutError):
            leaving.result(0.5)
        go_on.set()
        ended = leaving.result(10)
        assert time.monotonic() - began < 2.0
        assert rotation.result(30).waiting == 0
    assert ended.grant is not None
    assert ended.grant.access_token == "access", "the token that is withdrawn is the one there was"
    _assert_no_key(epoch)
    assert len(keystore.derived(EPOCH_PURPOSE).keys) == 1


def test_a_disconnect_that_waits_for_a_rotation_promises_nothing_and_can_be_repeated(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    there, go_on = _paused(monkeypatch, "_reseal")
    with ThreadPoolExecutor(1) as pool:
        rotation: Future[Rotation] = pool.submit(rotate)
        assert there.wait(10)
        with pytest.raises(Busy):
            _disconnected(tenant)
        go_on.set()
        assert rotation.result(30).waiting == 0
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "access"
    _disconnected(tenant)
    _assert_no_key(epoch)


def test_a_rotation_waits_for_a_disconnect_under_way_and_brings_nothing_back(
    tenant: Tenant,
) -> None:
    epoch = tenant.connect()
    masters = keystore.derived(EPOCH_PURPOSE).keys
    with ThreadPoolExecutor(1) as pool:
        with db.write() as session:
            ended = disconnect(session, tenant.engagement)
            rotation: Future[Rotation] = pool.submit(rotate)
            wait_until(lambda: _token_versions(epoch) == {1, 2}, 10, "the rotation did not begin")
            with pytest.raises(TimeoutError):
                rotation.result(0.5)
            assert masters.items() < keystore.derived(EPOCH_PURPOSE).keys.items()
        carry_out(ClosedEpoch(ended.purge))
        assert rotation.result(30).waiting == 0
    _assert_no_key(epoch)
    assert not {*masters} & {*keystore.derived(EPOCH_PURPOSE).keys}


def _token_versions(epoch: Epoch) -> set[int]:
    return set(keystore.read(epoch.handle).token.keys)


def test_a_rotation_that_has_locked_the_folder_delays_no_disconnect_and_the_purge_destroys_later(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    epoch = tenant.connect()
    signing_key()  # as after the first disconnect of all
    with locked(bound.config.keystore, 1):
        began = time.monotonic()
        due = _disconnected(tenant).purge
        assert time.monotonic() - began < 2.0
        assert keystore.read(epoch.handle)
        assert not purge(due.handle), "it is not done before the keys are gone"
        assert found(due.handle).last_code == "storage"
        assert found(due.handle).keys_destroyed_at is None
    assert purge(due.handle)
    assert found(due.handle).keys_destroyed_at is not None
    _assert_no_key(epoch)


def test_the_first_disconnect_of_all_does_not_wait_for_the_folder_either(
    tenant: Tenant,
) -> None:
    tenant.connect()
    began = time.monotonic()
    with locked(bound.config.keystore, 1), pytest.raises(Busy):
        _disconnected(tenant)
    assert time.monotonic() - began < 2.0
    _disconnected(tenant)


def test_a_rotation_that_never_gets_the_folders_lock_fails_and_destroys_nothing(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    masters = keystore.derived(EPOCH_PURPOSE).keys
    monkeypatch.setattr(rotating, "RETRY_SECONDS", 0.3)
    names = []

    def busy(name: str) -> bool:
        names.append(name)
        raise KeystoreBusy

    monkeypatch.setattr(keystore, "rewrap", busy)
    with pytest.raises(KeystoreBusy):
        rotate()
    assert names.count(epoch.handle) > 1, "it tries again and again"
    assert masters.items() < keystore.derived(EPOCH_PURPOSE).keys.items()
    monkeypatch.undo()
    assert rotate().epochs == 1
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "access"
