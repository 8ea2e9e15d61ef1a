"""Keys, apart from the database: one file per epoch, wrapped by the master key."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

from app.core.crypto import Ring, SealBroken, seal, unseal, version_of
from app.keystore.epoch_keys import EpochKeys, new_keys, packed, unpacked
from app.keystore.files import KeystoreBusy, locked, put, shred
from app.keystore.masters import Masters

EPOCH_PURPOSE = "epoch"
"""The purpose of the keys that seal epochs' key files."""
_HANDLE = re.compile(r"[0-9a-f]{16}")
_EPOCH_FILE = re.compile(r"\.?([0-9a-f]{16})\.key(\.half)?")
_NAME = re.compile(r"(?!master$|former-)[a-z]+(-[0-9a-f]{8})?")
_LOCK_SECONDS = 10.0
_DESTROY_SECONDS = 1.0
"""A disconnect responds within two seconds; the purge destroys what is left."""
_READINGS = 5


class KeyMissing(Exception):
    """The keys are not in the keystore: destroyed, or never made."""


class Keystore:
    """A 0700 folder of 0600 files, each sealed under the newest master key."""

    def __init__(self) -> None:
        self._folder = Path()
        self._masters: Masters | None = None

    def bind(self, folder: Path, master: bytes | None, former: Sequence[bytes] = ()) -> None:
        """Open the folder; without a master key in the environment, use one in the folder."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._masters = Masters(folder, (master, *former) if master else ())

    @property
    def masters(self) -> Masters:
        """The bound keystore's master keys."""
        if self._masters is None:
            raise RuntimeError("the keystore is not bound")
        return self._masters

    def derived(self, purpose: str) -> Ring:
        """Keys for one purpose, derived from the master keys."""
        return self.masters.ring(purpose)

    def create(self, handle: str) -> EpochKeys:
        """Make and store the keys of a new epoch. Raises FileExistsError, KeystoreBusy."""
        keys = new_keys()
        with locked(self._folder, _LOCK_SECONDS):
            if self._path(handle).exists():
                raise FileExistsError
            self._put(handle, packed(keys))
        return keys

    def read(self, handle: str) -> EpochKeys:
        """The keys of an epoch; raises KeyMissing, SealBroken."""
        if not _HANDLE.fullmatch(handle):
            raise ValueError("a key file is named by a handle of 16 hexadecimal digits")
        return unpacked(self._opened(handle))

    def destroy(self, handle: str) -> bool:
        """Overwrite and remove an epoch's keys; False if there are none.

        Raises KeystoreBusy: they still exist then.
        """
        with locked(self._folder, _DESTROY_SECONDS):
            return shred(self._path(handle))

    def keep(self, name: str, plain: bytes, timeout: float = _LOCK_SECONDS) -> bool:
        """Store a secret of the installation under a name, once; False if there is one already.

        Raises KeystoreBusy after ``timeout`` seconds.
        """
        with locked(self._folder, timeout):
            if self._path(name).exists():
                return False
            self._put(name, plain)
        return True

    def open(self, name: str) -> bytes:
        """A secret of the installation; raises KeyMissing, SealBroken."""
        return self._opened(name)

    def old_handles(self, seconds: float) -> list[str]:
        """Handles of the key files, also half written ones, that are older than this."""
        before = time.time() - seconds
        found = {
            match[1]
            for path in self._folder.iterdir()
            if (match := _EPOCH_FILE.fullmatch(path.name)) and path.stat().st_mtime < before
        }
        return sorted(found)

    def names(self) -> tuple[list[str], list[str]]:
        """The names of the installation's secrets, and the handles of epochs, that have a file."""
        found = sorted(path.stem for path in self._folder.glob("*.key"))
        return (
            [name for name in found if _NAME.fullmatch(name) and not _HANDLE.fullmatch(name)],
            [name for name in found if _HANDLE.fullmatch(name)],
        )

    def rewrap(self, name: str) -> bool:
        """Seal a file under the newest master key; an epoch also gets a new key for tokens.

        False where that is done already, or there is no file. Raises SealBroken, KeystoreBusy.
        """
        with locked(self._folder, _LOCK_SECONDS):
            try:
                blob = self._path(name).read_bytes()
            except FileNotFoundError:
                return False
            if version_of(blob) == self.derived(_purpose(name)).newest:
                return False
            plain = self._unsealed(name, blob)
            if _HANDLE.fullmatch(name):
                plain = packed(unpacked(plain).renewed())
            self._put(name, plain)
        return True

    def destroy_former_tokens(self, handle: str) -> None:
        """Destroy an epoch's former keys for tokens. Raises KeyMissing, KeystoreBusy."""
        with locked(self._folder, _LOCK_SECONDS):
            keys = self.read(handle)
            if len(keys.token.keys) > 1:
                self._put(handle, packed(keys.only_newest()))

    def renew_master(self) -> None:
        """Begin or resume a rotation. Raises NothingToRotate, KeystoreBusy."""
        with locked(self._folder, _LOCK_SECONDS):
            for half in self._folder.glob(".*.half"):
                shred(half)
            self.masters.renew()

    def retire_masters(self) -> None:
        """End a rotation: destroy the former master keys.

        Raises KeystoreBusy while a file is sealed under a former one.
        """
        with locked(self._folder, _LOCK_SECONDS):
            secrets, epochs = self.names()
            for name in (*secrets, *epochs):
                blob = self._path(name).read_bytes()
                if version_of(blob) != self.derived(_purpose(name)).newest:
                    raise KeystoreBusy
            self.masters.retire()

    def _opened(self, name: str) -> bytes:
        for left in reversed(range(_READINGS)):
            try:
                return self._unsealed(name, self._path(name).read_bytes())
            except FileNotFoundError:
                break
            except SealBroken:
                # A rotation replaced the file, or a purge is overwriting it, during the read.
                if not left:
                    raise
        raise KeyMissing(name)

    def _unsealed(self, name: str, blob: bytes) -> bytes:
        return unseal(self.derived(_purpose(name)), blob, _place(name))

    def _put(self, name: str, plain: bytes) -> None:
        put(self._path(name), seal(self.derived(_purpose(name)), plain, _place(name)))

    def _path(self, name: str) -> Path:
        if not (_HANDLE.fullmatch(name) or _NAME.fullmatch(name)):
            raise ValueError("neither a handle nor a name")
        return self._folder / f"{name}.key"


def _purpose(name: str) -> str:
    return EPOCH_PURPOSE if _HANDLE.fullmatch(name) else name


def _place(name: str) -> str:
    return f"epoch:{name}" if _HANDLE.fullmatch(name) else name
