"""The signing key: one per installation, sealed, and known by its public half."""

import base64
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.config import Config
from app.extensions import bind, bound, db, keystore
from app.operations.receipts.signing import signing_key
from tests.unit.operations.grant.other_processes import processes, settings


def _bind(folder: str, **more: str) -> None:
    bind(Config.from_env({"TACIT_INSTANCE": folder, "REDIS_URL": f"unix://{folder}/no", **more}))


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.fixture(autouse=True)
def installation(tmp_path: Path) -> Iterator[None]:
    _bind(str(tmp_path))
    yield
    db.engine.dispose()


def public_half() -> str:
    """What another process signs with."""
    return signing_key().public.hex()


def test_processes_that_are_first_at_once_sign_with_one_key() -> None:
    with processes(8, settings()) as pool:
        futures = [pool.submit(public_half) for _ in range(8)]
        made = {each.result(60) for each in futures}
    assert made == {public_half()}


def test_what_it_signs_its_public_half_verifies_and_nothing_else() -> None:
    key = signing_key()
    public = Ed25519PublicKey.from_public_bytes(key.public)
    public.verify(key.sign(b"a promise"), b"a promise")
    with pytest.raises(InvalidSignature):
        public.verify(key.sign(b"a promise"), b"another")
    assert key.id == hashlib.sha256(key.public).hexdigest()[:16]
    assert key.public.hex() not in repr(key)


def test_no_file_of_the_keystore_contains_it_unsealed() -> None:
    seed = signing_key()._private.private_bytes_raw()
    files = [path for path in bound.config.keystore.rglob("*") if path.is_file()]
    assert any(path.name.startswith("signing") for path in files)
    for path in files:
        content = path.read_bytes()
        assert seed not in content
        assert seed.hex().encode() not in content
        assert path.stat().st_mode & 0o077 == 0


def test_a_process_with_another_master_key_signs_with_its_own_key(tmp_path: Path) -> None:
    folder, keys = tmp_path / "other", [_text(os.urandom(32)) for _ in range(2)]
    _bind(str(folder), TACIT_MASTER_KEY=keys[0])
    first = signing_key().public
    sealed = (bound.config.keystore / "signing.key").read_bytes()
    _bind(str(folder), TACIT_MASTER_KEY=keys[1])
    second = signing_key().public
    assert second != first
    assert signing_key().public == second
    assert not list(bound.config.keystore.glob("*.broken"))
    assert (bound.config.keystore / "signing.key").read_bytes() == sealed
    _bind(str(folder), TACIT_MASTER_KEY=keys[0])
    assert signing_key().public == first


def test_a_broken_signing_key_is_replaced_and_blocks_no_disconnect() -> None:
    first = signing_key().public
    path = bound.config.keystore / "signing.key"
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)
    second = signing_key().public
    assert second != first
    assert signing_key().public == second
    (aside,) = bound.config.keystore.glob("*.broken")
    assert aside.read_bytes() == changed


def test_processes_that_find_it_broken_at_once_agree_on_one_other() -> None:
    broken = signing_key().public.hex()
    path = bound.config.keystore / "signing.key"
    path.write_bytes(bytes(len(path.read_bytes())))
    with processes(8, settings()) as pool:
        futures = [pool.submit(public_half) for _ in range(8)]
        made = {each.result(60) for each in futures}
    assert len(made) == 1
    assert broken not in made
    assert len(list(bound.config.keystore.glob("*.broken"))) == 1


def test_it_is_the_same_after_the_master_key_was_rotated() -> None:
    before = signing_key().public
    path = bound.config.keystore / "signing.key"
    sealed = path.read_bytes()
    keystore.renew_master()
    assert keystore.rewrap("signing")
    keystore.retire_masters()
    assert path.read_bytes() != sealed
    assert signing_key().public == before
