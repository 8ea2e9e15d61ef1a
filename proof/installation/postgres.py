"""A real PostgreSQL: in a folder of its own, on a unix socket that no other process knows."""

import os
import pwd
import secrets
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.processes.child import Child
from app.processes.process_list import ROOT
from proof.installation.processes import Process, environment

ROLE = "tacit"
LOG_SETTINGS = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "fatal",
}
"""docs/operating.md requires it of operators: else the server's log quotes values of rows."""
_SETTINGS = {**LOG_SETTINGS, "listen_addresses": "", "shared_buffers": "32MB"}


def programs() -> Path | None:
    """The folder of initdb and postgres, as `make test` finds it; None where there is none."""
    command = (str(ROOT / "scripts" / "postgres"), "find")
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return Path(found) if found else None


class Postgres:
    """A server that a test may kill and start again; its databases belong to a plain role."""

    def __init__(self, folder: Path, bin_folder: Path, **settings: str) -> None:
        self.folder = folder
        self._settings = {**_SETTINGS, **settings}
        self.data = folder / "data"
        self._bin = bin_folder
        self._user = _unprivileged_user()
        if self._user is not None:
            os.chown(folder, self._user, -1)
        self._initialise()
        self.start()
        with self._administrator() as connection:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN")

    def start(self) -> None:
        """Start it, for the first time or again after it was killed."""
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        command = (str(self._bin / "postgres"), "-D", str(self.data), "-k", str(self.folder))
        child = Child("postgres", (*command, *settings), environment(), self.folder)
        self.process = Process(child, self.folder, self._user)
        self.process.need(self.answers, "no PostgreSQL")

    def crash(self) -> None:
        """`kill -9` of the server and every back end."""
        self.process.crash()

    def end(self) -> None:
        """End it without waiting for its clients."""
        self.process.end(number=signal.SIGINT)

    def files(self) -> list[Path]:
        """Everything it has written: tables, write-ahead log, what it said."""
        with self._administrator() as connection:
            connection.execute("CHECKPOINT")
        return [path for path in self.folder.rglob("*") if path.is_file()]

    @contextmanager
    def database(self, source: str = "") -> Iterator[str]:
        """A database of its own for one test, empty or a copy of another: its URL.

        It is dropped afterwards.
        """
        name = f"tacit_{secrets.token_hex(6)}"
        template = make_url(source).database if source else "template1"
        with self._administrator() as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}")
        try:
            yield f"postgresql://{ROLE}@/{name}?host={self.folder}"
        finally:
            with self._administrator() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def copy(self, source: str, target: str) -> None:
        """Put a copy of one of its databases in the place of another; nobody may use either."""
        old, new = (make_url(url).database for url in (source, target))
        with self._administrator() as connection:
            connection.execute(f"DROP DATABASE {new}")
            connection.execute(f"CREATE DATABASE {new} OWNER {ROLE} TEMPLATE {old}")

    def _initialise(self) -> None:
        command = (str(self._bin / "initdb"), "-D", str(self.data), "-U", "postgres", "--no-sync")
        how = ("--auth=trust", "--encoding=UTF8", "--locale=C")
        ended = subprocess.run(
            (*command, *how),
            env=environment(),
            cwd=self.folder,
            user=self._user,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr

    def _administrator(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        )

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            self._administrator().close()
        except psycopg.OperationalError:
            return False
        return True


def _unprivileged_user() -> int | None:
    """Who runs the server: it refuses root, and nobody else may change who runs what."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return known.get("postgres", known["nobody"])
