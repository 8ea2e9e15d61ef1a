"""A process that stopped in the middle of a statement loses its session, and nobody else does."""

import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, select, text

from app.extensions import db
from app.models import Firm
from app.operations import hung_sessions
from app.operations.hung_sessions import end_hung
from tests.servers import wait_until
from tests.unit.operations.conftest import World

ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SECONDS = 0.5
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND wait_event = :what"
)


def _message(kind: bytes, body: bytes) -> bytes:
    """Of the protocol between client and server (PostgreSQL 15, 55.7)."""
    return kind + struct.pack("!i", len(body) + 4) + body


PIPELINE = (
    _message(b"P", b"\0SELECT 1\0\0\0")
    + _message(b"B", b"\0\0\0\0\0\0\0\0")
    + _message(b"E", b"\0\0\0\0\0")
)
"""A statement after which more is to come: no Sync."""
A_PART = b"B" + struct.pack("!i", 1000) + b"\0"


@pytest.fixture(autouse=True)
def soon(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world
    monkeypatch.setattr(hung_sessions, "_WRITER_SECONDS", SECONDS)
    monkeypatch.setattr(hung_sessions, "_READER_SECONDS", SECONDS)


@contextmanager
def _holder() -> Iterator[Any]:
    """A connection of the driver's that holds the firm's row."""
    engine = create_engine(db.engine.url, poolclass=NullPool)
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("UPDATE firm SET name = 'held'")
        yield connection.driver_connection
    finally:
        connection.invalidate()
        engine.dispose()


def _waits(what: str) -> None:
    def waiting() -> bool:
        with db.read() as session:
            return bool(session.scalar(WAITING, {"what": what}))

    wait_until(waiting, 10, f"nobody waits in {what}")
    time.sleep(SECONDS * 1.5)


def _writable() -> bool:
    with db.read() as session:
        free = select(Firm.id).with_for_update(skip_locked=True)
        return session.scalar(free) is not None


def _stops_in_a_pipeline(connection: Any) -> str:
    os.write(connection.fileno(), PIPELINE)
    return "ClientRead"


def _stops_in_a_message(connection: Any) -> str:
    os.write(connection.fileno(), PIPELINE + A_PART)
    return "ClientRead"


def _reads_no_further(connection: Any) -> str:
    connection.pgconn.send_query(b"SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
    return "ClientWrite"


@ON_POSTGRES
@pytest.mark.parametrize("stops", [_stops_in_a_pipeline, _stops_in_a_message, _reads_no_further])
def test_who_stops_in_the_middle_of_a_statement_loses_its_locks(
    stops: Callable[[Any], str],
) -> None:
    with _holder() as connection:
        _waits(stops(connection))
        assert not _writable()
        end_hung()
        wait_until(_writable, 5, "it is still held up")


@ON_POSTGRES
def test_who_only_works_or_thinks_is_left_alone() -> None:
    with _holder() as thinking, _worker() as working:
        time.sleep(SECONDS * 1.5)
        end_hung()
        assert thinking.execute("SELECT 1").fetchone() == (1,)
        working.pgconn.get_result()
        assert not working.broken


@contextmanager
def _worker() -> Iterator[Any]:
    """A statement under way that nobody has to send anything for."""
    engine = create_engine(db.engine.url, poolclass=NullPool)
    connection = engine.raw_connection()
    try:
        connection.driver_connection.pgconn.send_query(b"SELECT pg_sleep(2)")  # type: ignore[union-attr]
        yield connection.driver_connection
    finally:
        connection.invalidate()
        engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_has_no_sessions_to_end() -> None:
    end_hung()
    assert _count() == 1


def _count() -> int:
    with db.read() as session:
        return len(session.scalars(select(Firm)).all())
