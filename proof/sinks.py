"""Everything a product writes or says, as bytes to search: files, rows, queue, pages."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis
from sqlalchemy import MetaData, NullPool, create_engine, select

_LOG = re.compile(r"wal|journal|shm")
_PLAIN = {16, 32}
"""Lengths of a pseudonym and of a key: such values are searched together with the rest."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a sink; ``whole`` where they are one value."""

    sink: str
    name: str
    data: bytes
    whole: bool = False


def rows(url: str) -> Iterator[Piece]:
    """Every value of every table, and alone where it could be a stream of its own."""
    engine = create_engine(url, poolclass=NullPool)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            found: list[bytes] = []
            for row in connection.execute(select(table)):
                for value in row:
                    data = _bytes(value)
                    found.append(data)
                    if isinstance(value, bytes) and len(data) not in _PLAIN:
                        yield Piece("rows", table.name, data, whole=True)
            yield Piece("rows", table.name, b"\n".join(found))


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return b"" if value is None else str(value).encode()


def files(folder: Path) -> Iterator[Piece]:
    """What lies in the folder of a product: database, logs, temporary files, anything else."""
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file():
                yield Piece(
                    _sink(path.relative_to(folder)), path.name, path.read_bytes(), whole=True
                )
        except FileNotFoundError:
            # A temporary file, deleted while it was read.
            continue


def _sink(path: Path) -> str:
    if path.name.startswith("tacit.db") or path.parts[0] == "data":
        return "write-ahead log" if _LOG.search(str(path)) else "database"
    if path.suffix == ".log":
        return "logs"
    return "temporary files" if path.parts[0] == "tmp" else "other files"


def queue(url: str) -> Iterator[Piece]:
    """Every key of the queue server with its value, and once more as the server dumps it."""
    with Redis.from_url(url, socket_timeout=5) as client:
        for key in client.scan_iter(count=1000):
            yield Piece("queue memory", "key", key)
            for value in _values(client, key):
                yield Piece("queue memory", "value", value, whole=True)


def _values(client: Redis, key: bytes) -> Iterator[bytes]:
    read: dict[Any, Any] = {
        b"string": lambda: [client.get(key)],
        b"list": lambda: client.lrange(key, 0, -1),
        b"set": lambda: client.smembers(key),
        b"zset": lambda: client.zrange(key, 0, -1),
        b"hash": lambda: [part for pair in client.hgetall(key).items() for part in pair],
        b"stream": lambda: [str(entry).encode() for entry in client.xrange(key) or ()],
    }
    for value in read[client.type(key)]() if client.exists(key) else []:
        if value is not None:
            yield value


class Wire:
    """Every command that any process sends to the queue server, as the server itself reports it."""

    def __init__(self) -> None:
        self.received = bytearray()

    @contextmanager
    def listening(self, path: Path) -> Iterator[None]:
        """Between begin and end of the block; the server answers before it begins."""
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(str(path))
            door.sendall(b"MONITOR\r\n")
            self.received += door.recv(64)
            thread = threading.Thread(target=self._listen, args=(door,), daemon=True)
            thread.start()
            try:
                yield
            finally:
                door.shutdown(socket.SHUT_RDWR)
                thread.join(5)

    def _listen(self, door: socket.socket) -> None:
        while data := door.recv(1 << 16):
            self.received += data

    def pieces(self) -> Iterator[Piece]:
        """All of it so far."""
        yield Piece("queue commands", "monitor", bytes(self.received))
