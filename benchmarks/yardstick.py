"""What the same machine takes at the same time for plain work on as many rows.

Seconds of two machines do not compare; a ratio to a yardstick of the same run does.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_ROUNDS = 3
_BATCH = 5_000
_BODY = bytes(64)


def yardstick_s(database: Path) -> float:
    """Seconds of processor time in which plain Python reads every log entry of a SQLite database
    and groups it."""
    return min(_read_and_group(database) for _ in range(_ROUNDS))


def insert_yardstick_s(folder: Path, rows: int) -> float:
    """Seconds in which SQLite inserts so many rows of a log entry's size."""
    with _filled(folder, rows) as (_, seconds):
        return seconds


def delete_yardstick_s(folder: Path, rows: int) -> float:
    """Seconds in which SQLite deletes so many rows of a log entry's size, 5,000 at a time."""
    with _filled(folder, rows) as (database, _):
        began = time.perf_counter()
        for first in range(0, rows, _BATCH):
            with database:
                database.execute(
                    "DELETE FROM entry WHERE id BETWEEN ? AND ?", (first, first + _BATCH)
                )
        return time.perf_counter() - began


def decode_yardstick_s(pages: list[bytes]) -> float:
    """Seconds in which plain Python decodes pages of JSON."""
    return min(_decode(pages) for _ in range(_ROUNDS))


@contextmanager
def _filled(folder: Path, rows: int) -> Iterator[tuple[sqlite3.Connection, float]]:
    """A new database with its rows, and the seconds they took."""
    path = folder / "yardstick.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, at INTEGER, body BLOB)")
        began = time.perf_counter()
        for first in range(0, rows, _BATCH):
            batch = [(n, n, _BODY) for n in range(first, min(rows, first + _BATCH))]
            with database:
                database.executemany("INSERT INTO entry VALUES (?, ?, ?)", batch)
        yield database, time.perf_counter() - began
    path.unlink()


def _read_and_group(path: Path) -> float:
    began = time.process_time()
    groups: dict[bytes, list[tuple[int, int]]] = {}
    with closing(sqlite3.connect(path)) as database:
        for incident, at, kind in database.execute(
            "SELECT incident_id, created_at, type FROM log_entry"
        ):
            groups.setdefault(incident, []).append((at, kind))
    for group in groups.values():
        group.sort()
    return time.process_time() - began


def _decode(pages: list[bytes]) -> float:
    began = time.perf_counter()
    for page in pages:
        json.loads(page)
    return time.perf_counter() - began
