"""The keystore: one file an epoch, all of them under one master key, gone without a trace."""

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.crypto import SealBroken, derive, new_key, version_of
from app.keystore import (
    EPOCH_PURPOSE,
    SESSION_PURPOSE,
    KeyMissing,
    Keystore,
    KeystoreBusy,
    NothingToRotate,
)
from app.keystore.files import locked, put

HANDLE = "0123456789abcdef"
OTHER = "fedcba9876543210"


def _bound(folder: Path, master: bytes | None = None, *former: bytes) -> Keystore:
    keystore = Keystore()
    keystore.bind(folder, master, former)
    return keystore


def _rotate(keystore: Keystore) -> None:
    keystore.renew_master()
    secrets, epochs = keystore.names()
    for name in (*secrets, *epochs):
        keystore.rewrap(name)
    keystore.retire_masters()


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_folder_and_files_are_for_one_user_only(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    _bound(folder).create(HANDLE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert _files(folder) == {".lock", "master.key", f"{HANDLE}.key"}


def test_what_was_stored_is_there_in_another_process(tmp_path: Path) -> None:
    keys = _bound(tmp_path).create(HANDLE)
    again = _bound(tmp_path).read(HANDLE)
    assert (again.pseudonym, again.token.keys) == (keys.pseudonym, keys.token.keys)
    assert keys.pseudonym not in (tmp_path / f"{HANDLE}.key").read_bytes()
    assert "pseudonym" not in repr(keys)


def test_no_epoch_is_given_keys_twice(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    keystore.create(HANDLE)
    with pytest.raises(FileExistsError):
        keystore.create(HANDLE)


def test_one_epochs_file_does_not_open_as_anothers(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    keystore.create(HANDLE)
    (tmp_path / f"{HANDLE}.key").rename(tmp_path / f"{OTHER}.key")
    with pytest.raises(SealBroken):
        keystore.read(OTHER)


def test_nothing_is_read_before_it_is_known_where_the_keys_are() -> None:
    with pytest.raises(RuntimeError, match="not bound"):
        Keystore().derived("x")


def test_a_file_that_goes_during_a_rotation_is_nothing_to_do(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    keystore.create(HANDLE)
    keystore.renew_master()
    keystore.destroy(HANDLE)
    assert not keystore.rewrap(HANDLE)
    assert not any(HANDLE in name for name in _files(tmp_path))


def test_a_file_under_the_newest_key_is_not_changed(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    keystore.create(HANDLE)
    before = (tmp_path / f"{HANDLE}.key").read_bytes()
    assert not keystore.rewrap(HANDLE)
    keystore.destroy_former_tokens(HANDLE)
    assert (tmp_path / f"{HANDLE}.key").read_bytes() == before


@pytest.mark.parametrize("name", ["", "..", "../x", "master", "Master", "a.b", "former-1", "ABC"])
def test_a_name_that_is_none_reaches_no_file(tmp_path: Path, name: str) -> None:
    keystore = _bound(tmp_path)
    for reach in (keystore.open, keystore.read, keystore.destroy):
        with pytest.raises(ValueError, match=r"handle of 16|neither"):
            reach(name)


def test_a_secret_is_kept_once_and_read_by_name(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    with pytest.raises(KeyMissing):
        keystore.open("forms")
    assert keystore.keep("forms", b"first")
    assert not keystore.keep("forms", b"second")
    assert keystore.open("forms") == b"first"
    (tmp_path / "forms.key").rename(tmp_path / "signing.key")
    with pytest.raises(SealBroken):
        keystore.open("signing")


def test_the_first_process_makes_the_master_key(tmp_path: Path) -> None:
    found: list[Keystore] = []
    threads = [
        threading.Thread(target=lambda: found.append(_bound(tmp_path / "keys"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({keystore.derived("x").newest for keystore in found}) == 1


def test_destroyed_keys_are_overwritten_and_gone(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    keystore.create(HANDLE)
    keystore.create(OTHER)
    half = tmp_path / f".{HANDLE}.key.half"
    half.write_bytes(b"what a crash left")
    before = (tmp_path / f"{HANDLE}.key").read_bytes()
    with (tmp_path / f"{HANDLE}.key").open("rb") as still_open, half.open("rb") as open_half:
        assert keystore.destroy(HANDLE)
        assert still_open.read() not in {b"", before}
        assert open_half.read() not in {b"", b"what a crash left"}
    assert not any(HANDLE in name for name in _files(tmp_path))
    assert not keystore.destroy(HANDLE)
    with pytest.raises(KeyMissing):
        keystore.read(HANDLE)
    assert keystore.read(OTHER)


def test_half_a_file_is_destroyed_even_where_there_is_no_whole_one(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    half = tmp_path / f".{HANDLE}.key.half"
    half.write_bytes(b"what a crash left")
    keystore.destroy(HANDLE)
    assert not half.exists()


def test_old_key_files_are_found_complete_and_half_written(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    keystore.create(HANDLE)
    keystore.keep("forms", b"secret")
    (tmp_path / f".{OTHER}.key.half").write_bytes(b"what a crash left")
    assert keystore.old_handles(60) == []
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    assert keystore.old_handles(60) == [HANDLE, OTHER]


def test_keys_are_not_destroyed_while_another_process_has_the_lock(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    keystore.create(HANDLE)
    with locked(tmp_path, 1), pytest.raises(KeystoreBusy):
        keystore.destroy(HANDLE)
    assert keystore.destroy(HANDLE)


def test_a_rotation_never_brings_destroyed_keys_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keystore, purge = _bound(tmp_path), _bound(tmp_path)
    keystore.create(HANDLE)
    keystore.renew_master()
    ended: list[bool] = []
    destroyer = threading.Thread(target=lambda: ended.append(purge.destroy(HANDLE)))

    def put_late(path: Path, content: bytes) -> None:
        destroyer.start()
        destroyer.join(0.3)
        assert ended == []
        put(path, content)

    monkeypatch.setattr("app.keystore.store.put", put_late)
    assert keystore.rewrap(HANDLE)
    destroyer.join(5)
    assert ended == [True]
    assert not any(HANDLE in name for name in _files(tmp_path))


def test_a_rotation_replaces_master_and_token_keys_and_no_pseudonym(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    before = keystore.create(HANDLE)
    keystore.keep("forms", b"secret")
    former = (tmp_path / "master.key").read_bytes()
    old_blob = (tmp_path / f"{HANDLE}.key").read_bytes()
    _rotate(keystore)
    after = keystore.read(HANDLE)
    assert after.pseudonym == before.pseudonym
    assert after.token.newest == 2
    assert after.token.keys[1] == before.token.keys[1]
    keystore.destroy_former_tokens(HANDLE)
    assert set(keystore.read(HANDLE).token.keys) == {2}
    assert keystore.open("forms") == b"secret"
    assert version_of((tmp_path / f"{HANDLE}.key").read_bytes()) != version_of(old_blob)
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert former not in everything
    with pytest.raises(SealBroken):
        _bound(tmp_path / "elsewhere", former)._unsealed(
            HANDLE, (tmp_path / f"{HANDLE}.key").read_bytes()
        )


def test_an_open_keystore_sees_a_rotation_at_the_next_use(tmp_path: Path) -> None:
    rotating, running = _bound(tmp_path), _bound(tmp_path)
    running.create(HANDLE)
    for _ in range(2):
        _rotate(rotating)
        assert running.read(HANDLE).pseudonym == rotating.read(HANDLE).pseudonym
    running.create(OTHER)
    assert rotating.read(OTHER)
    assert running.derived("x").newest == rotating.derived("x").newest


def test_sessions_outlive_their_master_key_and_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keystore = _bound(tmp_path)
    first = keystore.derived(SESSION_PURPOSE)
    for _ in range(2):
        _rotate(keystore)
        assert first.keys.items() <= keystore.derived(SESSION_PURPOSE).keys.items()
        assert len(keystore.derived(EPOCH_PURPOSE).keys) == 1
    assert keystore.derived(SESSION_PURPOSE).newest != first.newest
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert len(keystore.derived(SESSION_PURPOSE).keys) == 1


def test_a_master_key_is_not_destroyed_while_a_file_is_under_it(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    keystore.create(HANDLE)
    keystore.renew_master()
    with pytest.raises(KeystoreBusy):
        keystore.retire_masters()
    assert keystore.read(HANDLE)


def test_a_key_of_the_environment_is_replaced_by_the_next_one(tmp_path: Path) -> None:
    today, tomorrow = new_key(), new_key()
    keys = _bound(tmp_path, today).create(HANDLE)
    with pytest.raises(NothingToRotate):
        _rotate(_bound(tmp_path, tomorrow))
    _rotate(_bound(tmp_path, tomorrow, today))
    assert _bound(tmp_path, tomorrow).read(HANDLE).pseudonym == keys.pseudonym
    with pytest.raises(SealBroken):
        _bound(tmp_path, today).read(HANDLE)
    sessions = _bound(tmp_path, today).derived(SESSION_PURPOSE).keys
    assert sessions.items() <= _bound(tmp_path, tomorrow).derived(SESSION_PURPOSE).keys.items()
    assert not (tmp_path / "master.key").exists()


def test_from_a_file_to_the_environment_leaves_no_master_in_the_folder(tmp_path: Path) -> None:
    keys = _bound(tmp_path).create(HANDLE)
    file, fresh = tmp_path / "master.key", new_key()
    _rotate(_bound(tmp_path, fresh, file.read_bytes()))
    assert not file.exists()
    assert _bound(tmp_path, fresh).read(HANDLE).pseudonym == keys.pseudonym


def test_files_of_before_there_were_versions_open_and_are_rotated(tmp_path: Path) -> None:
    keystore = _bound(tmp_path)
    master = (tmp_path / "master.key").read_bytes()
    pseudonym, token, nonce = new_key(), new_key(), os.urandom(12)
    place = b"\x01" + f"epoch:{HANDLE}".encode()
    sealed = AESGCM(derive(master, "epoch")).encrypt(nonce, pseudonym + token, place)
    (tmp_path / f"{HANDLE}.key").write_bytes(b"\x01" + nonce + sealed)
    keys = keystore.read(HANDLE)
    assert (keys.pseudonym, keys.token.keys) == (pseudonym, {1: token})
    _rotate(keystore)
    keys = keystore.read(HANDLE)
    assert keys.pseudonym == pseudonym
    assert keys.token.keys[1] == token
    assert keys.token.newest == 2


@pytest.mark.parametrize("what", ["read", "open"])
def test_a_reader_that_meets_a_rotation_reads_again(tmp_path: Path, what: str) -> None:
    keystore, reader = _bound(tmp_path), _bound(tmp_path)
    keystore.create(HANDLE)
    keystore.keep("forms", b"secret")
    stop, errors = threading.Event(), list[BaseException]()
    attempt: Callable[[], object] = {
        "read": lambda: reader.read(HANDLE),
        "open": lambda: reader.open("forms"),
    }[what]

    def read_on() -> None:
        try:
            while not stop.is_set():
                attempt()
        except BaseException as error:  # noqa: BLE001 - the test reports any error
            errors.append(error)

    threads = [threading.Thread(target=read_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        _rotate(keystore)
        keystore.destroy_former_tokens(HANDLE)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
