"""Larger accounts without a larger collection: the database copies incidents with their logs."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import BigInteger, Column, Table

from app.models import RECORD_TABLES

_PARENTS = ("incident", "log_entry")
_MINUTES_APART = 11
"""Between a copy and the one before, so that copies are no incidents of the same instant."""
_MICROSECONDS_A_MINUTE = 60_000_000
_ID_BYTES = 16


def multiply(source: Path, target: Path, times: int) -> None:
    """A copy of a collected SQLite database with ``times`` the incidents and log entries."""
    if not 1 <= times <= _ID_BYTES:
        raise ValueError(f"an id has {_ID_BYTES} rotations")
    shutil.copy(source, target)
    tables = [table for table in RECORD_TABLES.values() if _belongs(table)]
    with closing(sqlite3.connect(target)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA cache_size = -500000")
        database.execute("ATTACH ? AS source", (str(source),))
        for number in range(1, times):
            for table in tables:
                database.execute(_copy(table, number))
        database.commit()


def _belongs(table: Table) -> bool:
    """Whether its rows are incidents, log entries, or nested in one."""
    keys = {f"{parent}_id" for parent in _PARENTS}
    return table.name in _PARENTS or not keys.isdisjoint(table.primary_key.columns.keys())


def _copy(table: Table, number: int) -> str:
    values = ", ".join(_value(table, column, number) for column in table.columns)
    return f"INSERT INTO main.{table.name} SELECT {values} FROM source.{table.name}"  # noqa: S608


def _value(table: Table, column: Column[object], number: int) -> str:
    name = column.name
    own = name == "id" and table.name in _PARENTS
    if own or name.removesuffix("_id") in _PARENTS:
        # The same pseudonym, rotated: as random as before, and found again by nested rows.
        return f"CAST(substr({name}, {number + 1}) || substr({name}, 1, {number}) AS BLOB)"
    if isinstance(column.type, BigInteger) and name != "deleted_at":
        return f"{name} + {number * _MINUTES_APART * _MICROSECONDS_A_MINUTE}"
    return f'"{name}"'
