"""Keys, apart from the database: one file per epoch, wrapped by the master key."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

from app.core.crypto import Ring, SealBroken, seal, unseal, version_of
from app.keystore.epoch_keys import EpochKeys, new_keys, packed, unpacked
from app.keystore.files import KeystoreBusy, alone, put, shred
from app.keystore.masters import Masters

_HANDLE = re.compile(r"[0-9a-f]{16}")
_EPOCH_FILE = re.compile(r"\.?([0-9a-f]{16})\.key(\.half)?")
_NAME = re.compile(r"(?!master$|former-)[a-z]+(-[0-9a-f]{8})?")
_PATIENCE_SECONDS = 10.0
_DESTROY_SECONDS = 1.0
"""A disconnect answers within two seconds: what it could not destroy by then, the purge does."""
_READINGS = 5


class KeyMissing(Exception):
    """The keys are not in the keystore: they were destroyed, or never made."""


class Keystore:
    """A folder of 0600 files in a 0700 folder. Every file is under the newest master key."""

    def __init__(self) -> None:
        self._folder = Path()
        self._masters: Masters | None = None

    def bind(self, folder: Path, master: bytes | None, former: Sequence[bytes] = ()) -> None:
        """Open the folder; without a master key from the environment, keep one in the folder."""
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
        with alone(self._folder, _PATIENCE_SECONDS):
            if self._path(handle).exists():
                raise FileExistsError
            self._put(handle, packed(keys))
        return keys

    def read(self, handle: str) -> EpochKeys:
        """The keys of an epoch; raises KeyMissing, SealBroken."""
        if not _HANDLE.fullmatch(handle):
            raise ValueError("not a handle")
        return unpacked(self._opened(handle))

    def destroy(self, handle: str) -> bool:
        """Overwrite and remove an epoch's keys; False if they were gone already.

        Raises KeystoreBusy: then they are still there.
        """
        with alone(self._folder, _DESTROY_SECONDS):
            return shred(self._path(handle))

    def keep(self, name: str, plain: bytes, patience: float = _PATIENCE_SECONDS) -> bool:
        """Store a secret of the installation under a name, once; False if there is one already.

        Raises KeystoreBusy after ``patience`` seconds.
        """
        with alone(self._folder, patience):
            if self._path(name).exists():
                return False
            self._put(name, plain)
        return True

    def open(self, name: str) -> bytes:
        """A secret of the installation; raises KeyMissing, SealBroken."""
        return self._opened(name)

    def old_handles(self, seconds: float) -> list[str]:
        """Handles of key files, whole or half written, that are older than this."""
        before = time.time() - seconds
        found = {
            told[1]
            for path in self._folder.iterdir()
            if (told := _EPOCH_FILE.fullmatch(path.name)) and path.stat().st_mtime < before
        }
        return sorted(found)

    def names(self) -> tuple[list[str], list[str]]:
        """Of every sealed file: names of the installation's secrets, handles of epochs."""
        found = sorted(path.stem for path in self._folder.glob("*.key"))
        return (
            [name for name in found if _NAME.fullmatch(name) and not _HANDLE.fullmatch(name)],
            [name for name in found if _HANDLE.fullmatch(name)],
        )

    def rewrap(self, name: str) -> bool:
        """Put a file under the newest master key; an epoch's gets a new key for tokens with it.

        False where it is there already, or the file is gone. Raises SealBroken, KeystoreBusy.
        """
        with alone(self._folder, _PATIENCE_SECONDS):
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

    def forget_former_tokens(self, handle: str) -> None:
        """Destroy an epoch's keys for tokens but the newest. Raises KeyMissing, KeystoreBusy."""
        with alone(self._folder, _PATIENCE_SECONDS):
            keys = self.read(handle)
            if len(keys.token.keys) > 1:
                self._put(handle, packed(keys.only_newest()))

    def renew_master(self) -> None:
        """Begin a rotation, or go on with one. Raises NothingToRotate, KeystoreBusy."""
        with alone(self._folder, _PATIENCE_SECONDS):
            for half in self._folder.glob(".*.half"):
                shred(half)
            self.masters.renew()

    def retire_masters(self) -> None:
        """End a rotation: destroy the former master keys.

        Raises KeystoreBusy while a file is not under the newest.
        """
        with alone(self._folder, _PATIENCE_SECONDS):
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
                # A rotation has replaced, or a purge is overwriting, what was just being read.
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
    return "epoch" if _HANDLE.fullmatch(name) else name


def _place(name: str) -> str:
    return f"epoch:{name}" if _HANDLE.fullmatch(name) else name
