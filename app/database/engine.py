"""Plain SQLAlchemy: short transactions, SQLite and PostgreSQL with the same promises."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.errors import Busy
from app.database.sqlite_write_lock import allow_long_write

APPLICATION = "tacit"
_BUSY_MS = 1500
_WORK_MS = 200
"""Time for the statement of a hurried transaction, without waiting for locks."""
_MAINTENANCE_LOCK_MS = 300
_LONG_LOCK_MS = 10_000
WRITER_SECONDS = 5.0
_LONG_SECONDS = 60.0
_VACUUM_SECONDS = 600.0
_UNTIL = "tacit_until"
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
    # Distinguishes our sessions from those of an operator with the same role.
    "application_name": APPLICATION,
    # A process that hangs in the middle of a page must not keep the epoch from being closed.
    "options": f"-c lock_timeout={_BUSY_MS} -c idle_in_transaction_session_timeout=5000",
    # A lost server is noticed by these time-outs, not after the two hours of TCP.
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
        "57014",  # statement_timeout
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
            event.listen(self._engine, "before_cursor_execute", _on_postgres_statement)

    @property
    def engine(self) -> Engine:
        """The bound engine."""
        if self._engine is None:
            raise RuntimeError("the database is not bound")
        return self._engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that changes nothing and reads from one snapshot."""
        engine = self.engine
        if engine.dialect.name == "postgresql":
            # A transaction of SQLite always has a snapshot.
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, *, long: bool = False, hurried: bool = False) -> Iterator[Session]:
        """A transaction that is committed at the end, or rolled back.

        Raises Busy when a lock was not acquired in time, and on PostgreSQL for a statement of
        more than 5 s. ``long`` is for the one that goes over an entire collection; ``hurried``
        limits the wait for all locks together to that for one.
        """
        seconds = _LONG_SECONDS if long else WRITER_SECONDS
        engine = self.engine.execution_options(
            tacit_begin="IMMEDIATE", tacit_seconds=seconds, tacit_hurried=hurried
        )
        busy = False
        try:
            with (
                self._long_write(seconds) if long else nullcontext(),
                Session(engine, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
        except DBAPIError as error:
            if not _is_busy(error):
                raise
            busy = True
        if busy:
            # Raised after the block: the driver's text may quote values.
            raise Busy

    @contextmanager
    def read_only(self) -> Iterator[Session]:
        """A session on a connection of its own that cannot write."""
        if self.engine.dialect.name == "postgresql":
            engine = self._own_engine("-c default_transaction_read_only=on")
        else:
            engine = create_engine(
                "sqlite://", creator=self._open_read_only, poolclass=NullPool, hide_parameters=True
            )
        with Session(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def maintain(self, *, long_wait: bool = False) -> Iterator[Connection]:
        """PostgreSQL only: a connection of its own for VACUUM and CHECKPOINT, each by itself.

        It waits only shortly for a table's lock, because readers of the table queue behind it;
        ``long_wait`` is for a purge that is late already.
        """
        wait = _LONG_LOCK_MS if long_wait else _MAINTENANCE_LOCK_MS
        engine = self._own_engine(f"-c lock_timeout={wait}")
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            yield connection

    def _own_engine(self, options: str) -> Engine:
        arguments = {**_POSTGRES, "options": options}
        return create_engine(
            self.engine.url, hide_parameters=True, poolclass=NullPool, connect_args=arguments
        )

    def _open_read_only(self) -> sqlite3.Connection:
        address = f"{Path(self.engine.url.database or '').resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, timeout=_BUSY_MS / 1000)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def vacuum(self) -> bool:
        """SQLite only: copy all rows into new pages; False while another process writes.

        A b-tree that moves a cell leaves it in the unused bytes of the old page: secure_delete
        clears deleted cells only.
        """
        connection = self.engine.raw_connection()
        busy = False
        try:
            with self._long_write(_VACUUM_SECONDS):
                connection.cursor().execute("VACUUM")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
            if not busy:
                raise
        finally:
            connection.close()
        return not busy

    def _long_write(self, seconds: float) -> AbstractContextManager[None]:
        """The watch for hung processes must not kill this one."""
        if self.engine.dialect.name != "sqlite":
            return nullcontext()
        return allow_long_write(Path(self.engine.url.database or ""), seconds)

    def truncate_log(self) -> bool:
        """Remove deleted rows from SQLite's log; False while a reader still uses it.

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
    # A deferred transaction that begins to write can fail at once with BUSY; and only IMMEDIATE
    # makes "read the epoch, then write the page" one step, as FOR SHARE does on PostgreSQL.
    mode = connection.get_execution_options().get("tacit_begin", "")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _on_postgres_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    seconds = options.get("tacit_seconds")
    if options.get("tacit_hurried"):
        connection.info[_UNTIL] = time.monotonic() + _BUSY_MS / 1000
    else:
        connection.info.pop(_UNTIL, None)
    if seconds is None:
        # A reader blocks nothing, and computes between two statements for longer than a writer.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '2min'")
    else:
        # A disconnect waits for every writer under the epoch.
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {seconds * 1000:.0f}")


def _on_postgres_statement(connection: Connection, cursor: Any, *_statement: object) -> None:
    until = connection.info.get(_UNTIL)
    if until is not None:
        # Each lock has its own wait, also several of one statement: the time of the earlier ones
        # is subtracted, and the statement has a limit too. 0 would mean no limit.
        left = max(int((until - time.monotonic()) * 1000), 1)
        cursor.execute(
            f"SET LOCAL lock_timeout = {left}; SET LOCAL statement_timeout = {left + _WORK_MS}"
        )
