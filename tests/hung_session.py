"""The session of a process that is suspended while it sends a statement to PostgreSQL."""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import NullPool, create_engine

from app.database.engine import APPLICATION


def _message(kind: bytes, body: bytes) -> bytes:
    """Of the protocol between client and server (PostgreSQL 15, 55.7)."""
    return kind + struct.pack("!i", len(body) + 4) + body


_UNENDED = (
    _message(b"P", b"\0SELECT 1\0\0\0")
    + _message(b"B", b"\0\0\0\0\0\0\0\0")
    + _message(b"E", b"\0\0\0\0\0")
)
"""A statement without a Sync: the server waits for more."""
_A_PART = b"B" + struct.pack("!i", 1000) + b"\0"


@contextmanager
def open_transaction(url: str, statement: str, application: str = APPLICATION) -> Iterator[Any]:
    """A connection like those of the product, in a transaction with the locks of the statement."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"application_name": application})
    connection = engine.raw_connection()
    try:
        connection.cursor().execute(statement)
        yield connection.driver_connection
    finally:
        connection.invalidate()
        engine.dispose()


def stops_in_a_pipeline(connection: Any) -> str:
    """Between two messages; the server waits in the event that is returned."""
    os.write(connection.fileno(), _UNENDED)
    return "ClientRead"


def stops_after_a_flush(connection: Any) -> str:
    """After a message that ends the server's time-out for idleness and begins no statement."""
    os.write(connection.fileno(), _message(b"H", b""))
    return "ClientRead"


def stops_in_a_message(connection: Any) -> str:
    """In the middle of one."""
    os.write(connection.fileno(), _UNENDED + _A_PART)
    return "ClientRead"


def reads_no_further(connection: Any) -> str:
    """In the middle of the response."""
    connection.pgconn.send_query(b"SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
    return "ClientWrite"
