"""Files of keys: replaced whole or not at all, overwritten before they go, one writer at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.crash_points import CrashPoint, reach

_LOCK = ".lock"
_POLL_SECONDS = 0.005


class KeystoreBusy(OSError):
    """Another process has been writing keys for too long."""


@contextmanager
def alone(folder: Path, patience: float) -> Iterator[None]:
    """Be the only one that writes here; raises KeystoreBusy after ``patience`` seconds.

    Between reading a file and replacing it, a rotation must not meet who destroys that file: the
    key would be back.
    """
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + patience
        while not _taken(lock):
            if time.monotonic() > deadline:
                raise KeystoreBusy
            time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(lock)


def put(path: Path, content: bytes) -> None:
    """Write a file, whole, and overwrite what stood there before; the caller is alone."""
    half = _half(path)
    shred(half)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    before = _open(path)
    half.replace(path)
    _sync(path.parent)
    if before is not None:
        _overwrite(before)


def shred(path: Path) -> bool:
    """Overwrite and remove a file and what a crash left half written of it.

    False if there was no file. Whoever has it open goes on reading, noise.
    """
    descriptor = _open(path)
    if descriptor is not None:
        _overwrite(descriptor)
        reach(CrashPoint.KEYS_OVERWRITTEN)
        path.unlink(missing_ok=True)
        _sync(path.parent)
    half = _half(path)
    if half.exists() and half != path:
        shred(half)
    return descriptor is not None


def _half(path: Path) -> Path:
    return path if path.suffix == ".half" else path.with_name(f".{path.name}.half")


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int | None:
    try:
        return os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None


def _overwrite(descriptor: int) -> None:
    try:
        os.pwrite(descriptor, os.urandom(os.fstat(descriptor).st_size), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    # A key may be destroyed only once its successor's name cannot be lost with the power.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
