"""Key files: replaced atomically, overwritten before they are removed, one writer at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from app.core.crash_points import CrashPoint, reach

_LOCK = ".lock"
_POLL_SECONDS = 0.005


class KeystoreBusy(OSError):
    """Another process kept the lock of the keystore for too long."""


@contextmanager
def locked(folder: Path, timeout: float) -> Iterator[None]:
    """The lock for writing keys; raises KeystoreBusy after ``timeout`` seconds.

    A rotation reads a file and then replaces it. Without the lock, another process could destroy
    the file in between, and the rotation would restore the key.
    """
    # A process that dies releases it: the soft lock of filelock would stay.
    lock = FileLock(folder / _LOCK, mode=0o600, fallback_to_soft=False)
    try:
        lock.acquire(timeout=timeout, poll_interval=_POLL_SECONDS)
    except Timeout:
        raise KeystoreBusy from None
    try:
        yield
    finally:
        lock.release()


def put(path: Path, content: bytes) -> None:
    """Replace a file atomically and overwrite its former content; the caller has the lock."""
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

    False if there was no file. A process that has it open reads noise from now on.
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
