"""Who holds SQLite's write lock for too long: a process that hangs would hold up every disconnect.

PostgreSQL ends such a transaction by itself, or the sweeper does
(`operations/transactions/hung_sessions.py`).
SQLite has only the processes: whoever has held the lock, without having committed anything, for
longer than a page may take is killed, and the database rolls its transaction back.
"""

import contextlib
import fcntl
import os
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil

from app.core.logs import Event, event

LOOK_SECONDS = 0.25
_WRITE_LOCK = 120
"""The byte of the -shm file that a writer locks (SQLite, "WAL-mode File Format", 2.3)."""
_LAWFUL = "-lawful-"
"""Beside the database, with process and thread: until when it may hold the lock."""
_HEADER_BYTES = 48
"""The head of the -shm file, rewritten by every commit (same page, 2.1)."""


_LINUX = sys.platform == "linux"
_FLOCK = "hhqqi4x" if _LINUX else "qqihh"
"""``struct flock`` of <fcntl.h>: type, whence, start, length, pid; elsewhere the first two last."""


def writer(descriptor: int) -> int | None:
    """The process that holds the write lock, by the -shm file it is open on.

    The asker must hold no lock of its own on that file: closing it would drop them.
    """
    kind, span = (fcntl.F_WRLCK, os.SEEK_SET), (_WRITE_LOCK, 1, 0)
    asked = struct.pack(_FLOCK, *(kind + span if _LINUX else span + kind))
    told = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
    found, holder = (told[0], told[4]) if _LINUX else (told[3], told[2])
    return None if found == fcntl.F_UNLCK else int(holder)


@contextlib.contextmanager
def lawful(database: Path, seconds: float) -> Iterator[None]:
    """In the block this process may hold the write lock for so long, and is not taken for hung."""
    who = f"{os.getpid()}-{threading.get_ident()}"
    mark = database.with_name(f"{database.name}{_LAWFUL}{who}")
    mark.write_text(str(time.time() + seconds))
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def _is_lawful(database: Path, pid: int) -> bool:
    for mark in database.parent.glob(f"{database.name}{_LAWFUL}{pid}-*"):
        with contextlib.suppress(FileNotFoundError, ValueError):
            if time.time() < float(mark.read_text()):
                return True
    return False


class HolderWatch:
    """Kills a process of the family that holds the lock for ``seconds`` and commits nothing."""

    def __init__(self, database: Path, seconds: float) -> None:
        self._file = database.with_name(f"{database.name}-shm")
        self._database = database
        self._seconds = seconds
        self._seen: tuple[int, bytes] | None = None
        self._since = self._looked = 0.0

    def look(self, family: Callable[[], Iterable[psutil.Process]]) -> None:
        """One look, a few times a second at most; ``family`` is asked only when one is to die."""
        moment = time.monotonic()
        if moment - self._looked < LOOK_SECONDS:
            return
        self._looked = moment
        seen = self._holder()
        if seen is None or seen != self._seen:
            self._seen, self._since = seen, moment
        elif moment - self._since > self._seconds:
            self._kill(seen[0], family())
            self._seen = None

    def _holder(self) -> tuple[int, bytes] | None:
        """Who holds the lock, and the last commit: whoever commits again and again is no holder."""
        try:
            descriptor = os.open(self._file, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            pid = writer(descriptor)
            if pid is None or _is_lawful(self._database, pid):
                return None
            return pid, os.pread(descriptor, _HEADER_BYTES, 0)
        finally:
            os.close(descriptor)

    def _kill(self, pid: int, family: Iterable[psutil.Process]) -> None:
        for process in family:
            if process.pid == pid:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
                    event(Event.HOLDER_KILLED, pid=pid, seconds=round(self._seconds, 1))
