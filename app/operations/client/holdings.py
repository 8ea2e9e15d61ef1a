"""Holdings: every row stored under an epoch, in words, and the schema of each table."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    select,
    tuple_,
)

from app.core.clock import from_microseconds, wire
from app.extensions import db
from app.models import RECORD_TABLES
from app.models.base import UtcDateTime
from app.operations.deletion.purge import epoch_tables
from app.operations.transactions.fence import require_open_epoch
from collectors import layout as declared
from collectors.layout import layout
from collectors.manifest import COLLECTED

CHUNK = 5_000
"""Rows of one transaction: none stays open for a slow reader."""
_LARGE_CHUNK = 10
"""For tables whose rows contain an entire report."""
SEALED = "held, sealed: not shown"
_OUR_INSTANTS = frozenset({"deleted_at"})
_MICROSECONDS = {
    "budget": frozenset({"begun_at", "resets_at", "paused_until", "aged_at"}),
    "circuit": frozenset({"open_until", "trial_until"}),
}
"""Instants that the limiter stores as numbers; 0 is long ago."""
SECRET = frozenset({("token", "sealed"), ("client_link", "digest")})
"""Secrets: an export states that they exist, and never shows them."""
LEFT_OUT = frozenset({"epoch_id", "engagement_id", "firm_id", "member_id", "connection_id"})
"""The export names client and firm itself; members of the firm are not the client's data."""
_PUBLIC_NAMES = {("epoch", "closed_at"): "sealed_at"}
_PUBLIC_WORDS = {("purge", "state"): {"due": "sealed"}}
"""An export keeps the names and words of its first version."""
Json = dict[str, Any]
_Write = Callable[[Any], Any]


def tables() -> list[Table]:
    """Every table with rows of an epoch, found in the metadata, by name."""
    return sorted(epoch_tables(), key=lambda table: table.name)


def shown(table: Table) -> list[Column[Any]]:
    """The columns of a table that an export has."""
    return [column for column in table.columns if column.name not in LEFT_OUT]


def rows(epoch_id: bytes, table: Table) -> Iterator[Json]:
    """Every row of an epoch in a table, in chunks. Raises EpochClosed, also in the middle."""
    write = writer(table)
    size = _LARGE_CHUNK if any(isinstance(each.type, JSON) for each in table.c) else CHUNK
    keys = list(table.primary_key.columns)
    after: tuple[Any, ...] | None = None
    while True:
        query = select(table).where(table.c.epoch_id == epoch_id).order_by(*keys).limit(size)
        if after is not None:
            query = query.where(tuple_(*keys) > tuple_(*after))
        with db.read() as session:
            require_open_epoch(session, epoch_id)
            found = session.execute(query).mappings().all()
        for row in found:
            yield write(row)
        if len(found) < size:
            return
        after = tuple(found[-1][key.name] for key in keys)


def writer(table: Table) -> Callable[[RowMapping], Json]:
    """How a row of a table is written."""
    columns = [(column.name, _public_name(column), _written(column)) for column in shown(table)]

    def write(row: RowMapping) -> Json:
        return {
            public: None if row[name] is None else written(row[name])
            for name, public, written in columns
        }

    return write


def schema_of(table: Table) -> Json:
    """The JSON schema of a table's rows."""
    columns = shown(table)
    return {
        "type": "object",
        "properties": {_public_name(column): _schema(column) for column in columns},
        "required": [_public_name(column) for column in columns],
        "additionalProperties": False,
    }


def _public_name(column: Column[Any]) -> str:
    return _PUBLIC_NAMES.get((column.table.name, column.name), column.name)


def vocabularies() -> dict[str, Json]:
    """The words that codes are written as, by the name of their list."""
    found = (column.vocabulary for column in _declared().values())
    return {
        each.name: {"enum": list(each.by_code().values())}
        for each in sorted((each for each in found if each), key=lambda each: each.name)
    }


@cache
def _declared() -> dict[tuple[str, str], declared.Column]:
    """The declared columns, by table and name."""
    return {
        (table.name, column.name): column
        for resource in COLLECTED
        for table in layout(resource.schema)
        for column in table.columns
    }


def _is_instant(column: Column[Any]) -> bool:
    """Whether it is microseconds since 1970 in a column of whole numbers."""
    known = _declared().get((column.table.name, column.name))
    if column.table.name in RECORD_TABLES:
        return column.name in _OUR_INSTANTS or (known is not None and known.storage == "instant")
    return column.name in _MICROSECONDS.get(column.table.name, ())


def _written(column: Column[Any]) -> _Write:
    if (column.table.name, column.name) in SECRET:
        return lambda _: SEALED
    words = _PUBLIC_WORDS.get((column.table.name, column.name))
    if words is not None:
        return lambda value: words.get(value, value)
    if isinstance(column.type, LargeBinary):
        return bytes.hex
    if isinstance(column.type, UtcDateTime):
        return wire
    if _is_instant(column):
        return lambda value: wire(from_microseconds(value))
    return _declared_value(column)


def _declared_value(column: Column[Any]) -> _Write:
    known = _declared().get((column.table.name, column.name))
    if known is not None and known.vocabulary is not None:
        return known.vocabulary.by_code().__getitem__
    return bool if known is not None and known.storage == "flag" else lambda value: value


def _schema(column: Column[Any]) -> Json:
    found = _plain_schema(column)
    if not column.nullable or not found:
        return found
    if "type" in found:
        return {**found, "type": [found["type"], "null"]}
    return {"anyOf": [found, {"type": "null"}]}


def _plain_schema(column: Column[Any]) -> Json:
    if (column.table.name, column.name) in SECRET:
        return {"const": SEALED}
    if isinstance(column.type, LargeBinary):
        digits = "+" if column.type.length is None else f"{{{2 * column.type.length}}}"
        return {"type": "string", "pattern": f"^[0-9a-f]{digits}$"}
    if isinstance(column.type, UtcDateTime) or _is_instant(column):
        return {"type": "string", "format": "date-time"}
    return _declared_schema(column)


def _declared_schema(column: Column[Any]) -> Json:
    known = _declared().get((column.table.name, column.name))
    if known is not None and known.vocabulary is not None:
        return {"$ref": f"#/$defs/{known.vocabulary.name}"}
    if isinstance(column.type, JSON):
        return {}
    flag = isinstance(column.type, Boolean) or (known is not None and known.storage == "flag")
    whole = isinstance(column.type, Integer)
    return {"type": "boolean" if flag else "integer" if whole else "string"}
