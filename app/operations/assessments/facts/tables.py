"""Stored rows, read as plain tuples."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from app.assessment.rows import UNKNOWN_ZONE
from app.models import RECORD_TABLES
from collectors.vocabularies import Vocabulary
from collectors.zones import iana_name

_CHUNK = 500
"""Rows that fit into the processor's cache: with 10,000, reading takes a fifth longer."""


class Records:
    """The records of one epoch."""

    def __init__(self, session: Session, epoch_id: bytes) -> None:
        self.session = session
        self._epoch_id = epoch_id

    def rows(self, name: str, *columns: str) -> Iterator[Any]:
        """Rows of one table by its keys, without what PagerDuty no longer has."""
        return chain.from_iterable(self.chunks(name, *columns))

    def chunks(self, name: str, *columns: str) -> Iterator[Sequence[Any]]:
        """The same rows, thousands at a time."""
        table = RECORD_TABLES[name]
        return self._read(table, columns, self._is_listed(table))

    def rows_of_any_parent(self, name: str, *columns: str) -> Iterator[Any]:
        """Nested rows, also of records that PagerDuty no longer has; cheaper."""
        return chain.from_iterable(self._read(RECORD_TABLES[name], columns, None))

    def nested(self, name: str, *columns: str) -> dict[bytes, list[Any]]:
        """Nested rows by their record, in PagerDuty's order; of one column its values alone.

        Rows whose first column is null are left out: the reference was empty.
        """
        keys = RECORD_TABLES[name].primary_key.columns.keys()
        found: defaultdict[bytes, list[Any]] = defaultdict(list)
        for parent, *row in self.rows(name, keys[1], *columns):
            if row[0] is not None:
                found[parent].append(row[0] if len(row) == 1 else row)
        return found

    def _read(
        self, table: Table, columns: tuple[str, ...], condition: ColumnElement[bool] | None
    ) -> Iterator[Sequence[Any]]:
        # By the primary key, in which SQLite keeps the rows: the order costs nothing there.
        statement = (
            select(*(_plain(table.c[column]) for column in columns))
            .where(table.c.epoch_id == self._epoch_id)
            .order_by(*table.primary_key.columns)
        )
        if condition is not None:
            statement = statement.where(condition)
        result = self.session.execute(statement.execution_options(yield_per=_CHUNK))
        yield from result.partitions()

    def _is_listed(self, table: Table) -> ColumnElement[bool]:
        """A nested row is listed if its record is: PagerDuty lists records only."""
        if table.info["top"]:
            return table.c.deleted_at.is_(None)
        key = next(each.name for each in table.primary_key.columns if each.name != "epoch_id")
        parent = RECORD_TABLES[key.removesuffix("_id")]
        deleted = select(parent.c.id).where(
            parent.c.epoch_id == self._epoch_id, parent.c.deleted_at.is_not(None)
        )
        return table.c[key].not_in(deleted)


def _plain(column: Column[Any]) -> ColumnElement[Any]:
    # SQLAlchemy copies every binary value that it hands out: of a million rows, seconds.
    return type_coerce(column, NullType()).label(None)


def words(vocabulary: Vocabulary) -> Mapping[int | None, str | None]:
    """Words by their stored code; None where nothing was sent."""
    found: dict[int | None, str | None] = {None: None}
    found.update(vocabulary.by_code().items())
    return found


def zone_name(code: int | None) -> str | None:
    """The IANA name of a stored zone; None where PagerDuty sent none."""
    return None if code is None else iana_name(code) or UNKNOWN_ZONE
