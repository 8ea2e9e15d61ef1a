"""`tacit keys rotate`: new keys for everything, and nobody notices."""

import base64
import importlib
import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select, update

from app.core.clock import now
from app.core.config import Config
from app.core.crash_points import CrashPoint
from app.core.crypto import KeyUnknown, SealBroken, unseal, version_of
from app.core.errors import Busy
from app.extensions import bind, bound, db, keystore
from app.keystore import EPOCH_PURPOSE, KeystoreBusy
from app.models import Epoch, Token
from app.operations.deletion.disconnect import destroy_keys, disconnect
from app.operations.grant import rotate as rotate_module
from app.operations.grant import tokens as tokens_module
from app.operations.grant.grant import Grant
from app.operations.grant.rotate import FilesUnreadable, rotate
from app.operations.grant.tokens import StoredTokens
from app.processes.process_list import ROOT
from tests.servers import environment
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.grant.other_processes import settings

# The package has a command of that name.
command = importlib.import_module("app.cli.keys")


def _sealed(epoch: Epoch) -> bytes:
    with db.read() as session:
        return session.get_one(Token, epoch.id).sealed


def _tacit(*arguments: str, **settings_more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        env=environment(**settings(), **settings_more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _invoked(monkeypatch: pytest.MonkeyPatch, **changed: str) -> Result:
    """The command in this process, which must go on working: only binding is another."""
    environ = {**settings(), **changed}
    monkeypatch.setattr(command, "bind_from_env", lambda: bind(Config.from_env(environ)))
    return CliRunner().invoke(command.keys, ["rotate"])


def test_a_rotation_leaves_one_key_each_and_the_token_as_it_was(tenant: Tenant) -> None:
    epoch = tenant.connect()
    before, blob = keystore.read(epoch.handle), _sealed(epoch)
    masters = keystore.derived(EPOCH_PURPOSE)
    done = rotate()
    after = keystore.read(epoch.handle)
    assert (done.epochs, done.waiting) == (1, 0)
    assert after.pseudonym == before.pseudonym
    assert after.token.keys.keys() == {before.token.newest + 1}
    assert not {*masters.keys} & {*keystore.derived(EPOCH_PURPOSE).keys}
    assert _sealed(epoch) != blob
    with pytest.raises(KeyUnknown):
        unseal(after.token, blob, f"token:{epoch.handle}")
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "access"


def test_a_token_sealed_before_keys_had_versions_is_sealed_again(tenant: Tenant) -> None:
    epoch = tenant.connect()
    place, nonce = f"token:{epoch.handle}".encode(), os.urandom(12)
    cipher = AESGCM(keystore.read(epoch.handle).token.keys[1])
    blob = b"\x01" + nonce + cipher.encrypt(nonce, b'["old", "refresh"]', b"\x01" + place)
    with db.write() as session:
        session.execute(update(Token).values(sealed=blob))
    tokens = StoredTokens(epoch.id, epoch.handle)
    assert tokens.access_token() == "old"
    rotate()
    assert version_of(_sealed(epoch)) == 2
    assert tokens.access_token() == "old"


def test_a_refresh_in_flight_stores_its_grant_after_a_rotation(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()

    def refreshed(*_: object) -> Grant:
        rotate()
        return Grant("next", "refresh-2", now() + timedelta(hours=1))

    monkeypatch.setattr(tokens_module, "request_refresh", refreshed)
    tokens = StoredTokens(epoch.id, epoch.handle)
    assert tokens.access_token(rejected="access") == "next"
    assert version_of(_sealed(epoch)) == 2
    rotate()
    assert tokens.access_token() == "next"


def test_no_key_is_destroyed_while_a_process_seals_with_it(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    plain, ended = tokens_module.sealed_token, threading.Event()

    def rotate_aside() -> None:
        rotate()
        ended.set()

    rotation = threading.Thread(target=rotate_aside)

    def seal_slowly(handle: str, grant: Grant) -> bytes:
        blob = plain(handle, grant)
        rotation.start()
        assert not ended.wait(1.0), "the key was forgotten before the token was stored"
        return blob

    monkeypatch.setattr(
        tokens_module, "request_refresh", lambda *_: Grant("next", "r", now() + timedelta(hours=1))
    )
    monkeypatch.setattr(tokens_module, "sealed_token", seal_slowly)
    tokens = StoredTokens(epoch.id, epoch.handle)
    assert tokens.access_token(rejected="access") == "next"
    rotation.join(30)
    assert ended.is_set()
    assert tokens.access_token() == "next"
    assert set(keystore.read(epoch.handle).token.keys) == {2}


def test_a_rotation_between_the_two_readings_is_no_failure(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    opened, times = tokens_module.opened_token, iter([True, True, False])

    def open_late(handle: str, row: Token) -> Grant:
        if next(times):
            rotate()
        return opened(handle, row)

    monkeypatch.setattr(tokens_module, "opened_token", open_late)
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "access"


def test_a_disconnect_during_a_rotation_leaves_no_key(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()

    def disconnected(point: CrashPoint) -> None:
        if point is CrashPoint.KEYS_WRAPPED:
            with db.write() as session:
                disconnect(session, tenant.engagement)
            destroy_keys(epoch.handle)

    monkeypatch.setattr(rotate_module, "reach", disconnected)
    assert rotate().waiting == 0
    assert not list(bound.config.keystore.glob(f"*{epoch.handle}*"))


def test_a_rotation_during_a_connect_loses_no_token(tenant: Tenant) -> None:
    handle = "0123456789abcdef"
    keystore.create(handle)
    before = keystore.read(handle).token
    done = rotate()
    assert done.waiting == 1
    after = keystore.read(handle).token
    assert before.keys.items() < after.keys.items()


def test_a_token_that_no_key_opens_does_not_stop_the_others(tenant: Tenant) -> None:
    epoch = tenant.connect()
    with db.write() as session:
        session.execute(update(Token).values(sealed=b"nobody sealed this"))
    assert rotate().waiting == 1
    assert len(keystore.derived(EPOCH_PURPOSE).keys) == 1
    assert len(keystore.read(epoch.handle).token.keys) == 2


def test_keys_destroyed_during_a_rotation_are_no_failure(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()

    def destroyed(point: CrashPoint) -> None:
        if point is CrashPoint.KEYS_WRAPPED:
            keystore.destroy(epoch.handle)

    monkeypatch.setattr(rotate_module, "reach", destroyed)
    assert rotate().waiting == 0


def test_a_file_that_no_key_opens_is_named_and_no_key_is_destroyed(tenant: Tenant) -> None:
    epoch = tenant.connect()
    file = bound.config.keystore / f"{epoch.handle}.key"
    sealed, masters = file.read_bytes(), keystore.derived(EPOCH_PURPOSE).keys
    file.write_bytes(sealed[:-1])
    with pytest.raises(FilesUnreadable) as error:
        rotate()
    assert error.value.names == [epoch.handle]
    assert masters.items() < keystore.derived(EPOCH_PURPOSE).keys.items()
    file.write_bytes(sealed)
    rotate()
    assert len(keystore.derived(EPOCH_PURPOSE).keys) == 1
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "access"


def test_a_key_file_overwritten_by_a_killed_purge_is_destroyed(tenant: Tenant) -> None:
    epoch = tenant.connect()
    with db.write() as session:
        disconnect(session, tenant.engagement)
    (bound.config.keystore / f"{epoch.handle}.key").write_bytes(b"noise")
    assert rotate().epochs == 0
    assert not list(bound.config.keystore.glob(f"*{epoch.handle}*"))


def test_the_command_prints_its_result(tenant: Tenant) -> None:
    tenant.connect()
    keystore.keep("forms", b"secret")
    ended = _tacit("keys", "rotate")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "1 connections and 1 secrets are under new keys.\n"


def test_the_command_says_who_has_to_wait_and_which_file_is_in_the_way(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.connect()
    keystore.create("0123456789abcdef")
    ended = _invoked(monkeypatch)
    assert ended.exit_code == 0, ended.output
    assert ended.output.splitlines() == [
        "1 connections and 0 secrets are under new keys.",
        "1 just being connected keep a former token key until next time.",
    ]
    (bound.config.keystore / "forms.key").write_bytes(b"noise")
    ended = _invoked(monkeypatch)
    assert ended.exit_code == 1
    assert "none was destroyed: forms. Give the key they are under" in ended.output


def test_from_a_file_to_the_environment_the_command_takes_every_step(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    file = bound.config.keystore / "master.key"
    key = base64.b64encode(bytes(range(32))).decode()
    former = base64.b64encode(file.read_bytes()).decode()
    ended = _invoked(monkeypatch, TACIT_MASTER_KEY=key, TACIT_MASTER_KEY_FORMER=former)
    assert ended.exit_code == 0, ended.output
    assert ended.output.splitlines()[-1] == "Remove TACIT_MASTER_KEY_FORMER now."
    assert not file.exists()
    bind(Config.from_env({**settings(), "TACIT_MASTER_KEY": key}))
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "access"


@pytest.mark.parametrize("busy", [Busy, KeystoreBusy])
def test_the_command_says_that_others_are_writing(
    monkeypatch: pytest.MonkeyPatch, busy: type[Exception]
) -> None:
    def rotate_in_vain() -> None:
        raise busy

    monkeypatch.setattr(command, "bind_from_env", lambda: None)
    monkeypatch.setattr(command, "rotate_all", rotate_in_vain)
    ended = CliRunner().invoke(command.keys, ["rotate"])
    assert ended.exit_code == 1
    assert ended.output == "Error: Other processes are writing. Run this again: it resumes.\n"


def test_without_a_former_key_the_error_names_the_variable_to_set(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {
        "TACIT_MASTER_KEY": "A" * 43 + "=",
        "TACIT_KEYSTORE": str(bound.config.instance / "k"),
    }
    ended = _invoked(monkeypatch, **other)
    assert ended.exit_code == 1
    assert "TACIT_MASTER_KEY_FORMER" in ended.output


def test_a_token_moved_to_another_row_cannot_be_opened(tenant: Tenant) -> None:
    epoch = tenant.connect()
    with db.read() as session:
        row = session.scalars(select(Token)).one()
    keystore.create("0123456789abcdef")
    with pytest.raises(SealBroken):
        tokens_module.opened_token("0123456789abcdef", row)
    # Also a copy of the keys beside it is at the wrong place.
    keys = bound.config.keystore
    (keys / f"{epoch.handle}.key").replace(keys / "0123456789abcdef.key")
    with pytest.raises(SealBroken):
        tokens_module.opened_token("0123456789abcdef", row)


def test_the_instance_folder_is_where_the_keys_are_by_default(
    tenant: Tenant, tmp_path: Path
) -> None:
    assert bound.config.keystore == tmp_path / "keystore"
