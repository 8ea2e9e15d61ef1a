"""Plain SQLAlchemy: short transactions, SQLite and PostgreSQL with the same promises."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.errors import Busy

_BUSY_MS = 1500
_PRAGMAS = (
    f"PRAGMA busy_timeout = {_BUSY_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    # Without it a purge's cascade and the fence of the epoch would be ignored.
    "PRAGMA foreign_keys = ON",
    # Without it deleted rows stay readable in the file.
    "PRAGMA secure_delete = ON",
)

_POSTGRES: dict[str, int | str] = {
    # A process that hangs in the middle of a page must not keep the epoch from being sealed.
    "options": f"-c lock_timeout={_BUSY_MS} -c idle_in_transaction_session_timeout=5000",
    # A server whose machine has gone is noticed by the clock, not after the two hours of TCP.
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_BUSY_STATES = frozenset(
    {
        "55P03",  # lock_timeout
        "40P01",  # deadlock
        "40001",  # serialization failure
        "25P03",  # idle in a transaction for too long: rolled back
    }
)


class Database:
    """The engine and the two kinds of transaction."""

    def __init__(self) -> None:
        self._engine: Engine | None = None

    def bind(self, url: str) -> None:
        """Connect lazily to ``url``; engines of an earlier bind are closed."""
        if self._engine is not None:
            self._engine.dispose()
        if url.startswith("sqlite"):
            self._engine = create_engine(url, hide_parameters=True)
            event.listen(self._engine, "connect", _on_sqlite_connect)
            event.listen(self._engine, "begin", _on_sqlite_begin)
        else:
            self._engine = create_engine(
                url, hide_parameters=True, pool_pre_ping=True, connect_args=_POSTGRES
            )
            event.listen(self._engine, "begin", _on_postgres_begin)

    @property
    def engine(self) -> Engine:
        """The bound engine."""
        if self._engine is None:
            raise RuntimeError("the database is not bound")
        return self._engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that changes nothing and sees one moment, however long it reads."""
        engine = self.engine
        if engine.dialect.name == "postgresql":
            # What a transaction of SQLite has by itself.
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is committed at the end, or rolled back whole.

        Raises Busy when the lock was not to be had in time.
        """
        engine = self.engine.execution_options(tacit_begin="IMMEDIATE")
        busy = False
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
        except DBAPIError as error:
            if not _is_busy(error):
                raise
            busy = True
        if busy:
            # Raised after the block: the driver's text may quote values.
            raise Busy

    def forget_residue(self) -> bool:
        """Write deleted rows out of SQLite's log; False while a reader still holds it.

        Deleted rows stay readable in the write-ahead log until it is truncated. PostgreSQL keeps
        its log elsewhere: there this does nothing.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            connection.close()
        return not busy


def _is_busy(error: DBAPIError) -> bool:
    original = error.orig
    if isinstance(original, sqlite3.OperationalError):
        return original.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return getattr(original, "sqlstate", None) in _BUSY_STATES


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    # SQLAlchemy, not the driver, begins transactions: see _on_sqlite_begin.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _on_sqlite_begin(connection: Connection) -> None:
    # A deferred transaction that turns to writing can fail at once with BUSY; and only IMMEDIATE
    # makes "read the epoch, then write the page" one step, as FOR SHARE does on PostgreSQL.
    mode = connection.get_execution_options().get("tacit_begin", "")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _on_postgres_begin(connection: Connection) -> None:
    # A reader holds nobody up, and computes between two statements for longer than a writer may.
    if "tacit_begin" not in connection.get_execution_options():
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '2min'")
