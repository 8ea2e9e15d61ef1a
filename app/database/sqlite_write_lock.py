"""The watch on SQLite's write lock: a hung process with it would block every disconnect.

PostgreSQL ends such a transaction by itself, or the sweeper does
(`operations/transactions/hung_sessions.py`). SQLite has only processes: the watch kills one that
has had the lock without a commit for longer than a page may take, and SQLite rolls back.
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
_ALLOWED = "-long-write-"
"""A file beside the database, with process and thread: until when it may have the lock."""
_HEADER_BYTES = 48
"""The head of the -shm file, rewritten by every commit (same page, 2.1)."""


_LINUX = sys.platform == "linux"
_FLOCK = "hhqqi4x" if _LINUX else "qqihh"
"""``struct flock`` of <fcntl.h>: type, whence, start, length, pid; elsewhere the first two last."""


def writer(descriptor: int) -> int | None:
    """The process with the write lock; ``descriptor`` is the open -shm file.

    This process must have no lock of its own on that file: closing it would release them.
    """
    kind, span = (fcntl.F_WRLCK, os.SEEK_SET), (_WRITE_LOCK, 1, 0)
    request = struct.pack(_FLOCK, *(kind + span if _LINUX else span + kind))
    reply = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, request))
    kind_found, pid = (reply[0], reply[4]) if _LINUX else (reply[3], reply[2])
    return None if kind_found == fcntl.F_UNLCK else int(pid)


@contextlib.contextmanager
def allow_long_write(database: Path, seconds: float) -> Iterator[None]:
    """In the block this process may have the write lock for so long, and is not killed as hung."""
    who = f"{os.getpid()}-{threading.get_ident()}"
    note = database.with_name(f"{database.name}{_ALLOWED}{who}")
    note.write_text(str(time.time() + seconds))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def _is_allowed(database: Path, pid: int) -> bool:
    for note in database.parent.glob(f"{database.name}{_ALLOWED}{pid}-*"):
        with contextlib.suppress(FileNotFoundError, ValueError):
            if time.time() < float(note.read_text()):
                return True
    return False


class WriteLockWatch:
    """Kills a child process that has the lock for ``seconds`` without a commit."""

    def __init__(self, database: Path, seconds: float) -> None:
        self._file = database.with_name(f"{database.name}-shm")
        self._database = database
        self._seconds = seconds
        self._seen: tuple[int, bytes] | None = None
        self._since = self._looked = 0.0

    def look(self, family: Callable[[], Iterable[psutil.Process]]) -> None:
        """One look, a few times a second at most; ``family`` is called only to kill a process."""
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
        """The process with the lock, and the last commit: one that keeps committing is not hung."""
        try:
            descriptor = os.open(self._file, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            pid = writer(descriptor)
            if pid is None or _is_allowed(self._database, pid):
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
