"""Keys, apart from the database: one file per epoch, wrapped by the master key."""

import contextlib
import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from app.crypto import KEY_BYTES, derive, new_key, seal, unseal

_HANDLE = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class EpochKeys:
    """The two keys of one epoch: without them pseudonyms cannot be matched, nor tokens read."""

    pseudonym: bytes = field(repr=False)
    token: bytes = field(repr=False)


class KeyMissing(Exception):
    """The epoch's keys are not in the keystore: they were destroyed, or never made."""


class Keystore:
    """A folder of 0600 files in a 0700 folder."""

    def __init__(self) -> None:
        self._folder = Path()
        self._master = b""

    def bind(self, folder: Path, master: bytes | None) -> None:
        """Open the folder; without a master key from the environment, keep one in the folder."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._master = master or _local_master(folder / "master.key")

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose, derived from the master key."""
        return derive(self._master, purpose)

    def create(self, handle: str) -> EpochKeys:
        """Make and store the keys of a new epoch."""
        keys = EpochKeys(new_key(), new_key())
        blob = seal(self.derived("epoch"), keys.pseudonym + keys.token, f"epoch:{handle}")
        _write(self._path(handle), blob)
        return keys

    def read(self, handle: str) -> EpochKeys:
        """The keys of an epoch; raises KeyMissing."""
        try:
            blob = self._path(handle).read_bytes()
        except FileNotFoundError:
            raise KeyMissing(handle) from None
        plain = unseal(self.derived("epoch"), blob, f"epoch:{handle}")
        return EpochKeys(plain[:KEY_BYTES], plain[KEY_BYTES:])

    def destroy(self, handle: str) -> bool:
        """Overwrite and remove an epoch's keys; False if they were gone already."""
        path = self._path(handle)
        try:
            with path.open("r+b") as file:
                file.write(os.urandom(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return False
        return True

    def old_handles(self, seconds: float) -> list[str]:
        """Handles of key files that are older than this."""
        before = time.time() - seconds
        return [
            path.stem
            for path in self._folder.glob("*.key")
            if _HANDLE.fullmatch(path.stem) and path.stat().st_mtime < before
        ]

    def _path(self, handle: str) -> Path:
        if not _HANDLE.fullmatch(handle):
            raise ValueError("not a handle")
        return self._folder / f"{handle}.key"


def _local_master(path: Path) -> bytes:
    if not path.exists():
        temporary = path.with_name(f".master.{os.getpid()}.new")
        _write(temporary, new_key())
        # A link fails where another process was first: both then read the same key.
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
        temporary.unlink()
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
