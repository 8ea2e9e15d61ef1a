"""A process that hangs with SQLite's write lock is killed; one that works is not."""

import io
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.database.sqlite_write_lock import WriteLockWatch, allow_long_write, writer
from app.processes.child import Child
from app.processes.supervisor import Supervisor
from tests.servers import alive, wait_until

PREPARE = (
    "import os, pathlib, sqlite3, sys, time\n"
    "database = sqlite3.connect('some.db', isolation_level=None, timeout=20)\n"
    "database.execute('PRAGMA journal_mode = WAL')\n"
    "database.execute('CREATE TABLE IF NOT EXISTS row (number)')\n"
    "def write():\n"
    "    database.execute('BEGIN IMMEDIATE')\n"
    "    database.execute('INSERT INTO row VALUES (1)')\n"
    "def say(word):\n"
    "    pathlib.Path(word).write_text(str(os.getpid()))\n"
)
HANG_ONCE = PREPARE + (
    "if not pathlib.Path('hangs').exists():\n    write()\n    say('hangs')\n    time.sleep(60)\n"
    "say('lives')\ntime.sleep(60)\n"
)
BUSY = PREPARE + (
    "say('lives')\nwhile True:\n    write()\n    time.sleep(0.05)\n    database.execute('COMMIT')\n"
)
SECONDS = 1.0


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(out: io.StringIO, tmp_path: Path) -> Iterator[Supervisor]:
    watch = WriteLockWatch(tmp_path / "some.db", SECONDS)
    one = Supervisor(out, grace=0.5, watch=watch)
    with one.signals():
        yield one
        one.stop()


def _child(code: str, folder: Path) -> Child:
    return Child("child", (sys.executable, "-c", code), {"PATH": os.environ["PATH"]}, folder)


def test_a_process_that_keeps_committing_is_not_killed(
    supervisor: Supervisor, out: io.StringIO, tmp_path: Path
) -> None:
    supervisor.start(_child(BUSY, tmp_path))
    assert supervisor.wait((tmp_path / "lives").exists, 20)
    supervisor.wait(lambda: False, 3 * SECONDS)
    assert "ended" not in out.getvalue()


def test_a_process_that_vacuums_the_file_is_not_killed(
    supervisor: Supervisor, out: io.StringIO, tmp_path: Path
) -> None:
    supervisor.start(_child(HANG_ONCE, tmp_path))
    wait_until((tmp_path / "hangs").exists, 20, "no process has the lock")
    pid = (tmp_path / "hangs").read_text()
    with allow_long_write(tmp_path / "some.db", 3 * SECONDS):
        (own,) = tmp_path.glob("some.db-long-write-*")
        own.with_name(own.name.replace(str(os.getpid()), pid)).write_text(own.read_text())
        supervisor.wait(lambda: False, 2.5 * SECONDS)
        assert "ended" not in out.getvalue()
    assert not own.exists()
    assert supervisor.wait((tmp_path / "lives").exists, 20), "the protection ends"


def test_a_stranger_is_not_killed(supervisor: Supervisor, out: io.StringIO, tmp_path: Path) -> None:
    stranger = Supervisor(io.StringIO(), grace=0.5)
    stranger.start(_child(HANG_ONCE, tmp_path))
    try:
        wait_until((tmp_path / "hangs").exists, 20, "no process hangs")
        pid = int((tmp_path / "hangs").read_text())
        supervisor.wait(lambda: False, 2 * SECONDS)
        assert alive(pid)
        with (tmp_path / "some.db-shm").open("rb") as shared:
            assert writer(shared.fileno()) == pid
    finally:
        stranger.stop()


def test_without_a_database_or_a_writer_no_process_is_found(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.wait(lambda: False, 0.5)
    database = sqlite3.connect(tmp_path / "some.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE row (number)")
    with (tmp_path / "some.db-shm").open("rb") as shared:
        assert writer(shared.fileno()) is None
    database.close()
