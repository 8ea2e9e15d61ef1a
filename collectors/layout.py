"""Schema to tables: which columns a declared schema fills, and what may stand in them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from marshmallow.fields import Field

from collectors.fields import AllowListSchema, Code, Id, Instant, Many, One, Whole
from collectors.vocabularies import Vocabulary

Storage = Literal["pseudonym", "instant", "whole", "code"]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    path: str
    """Where it stands in PagerDuty's answer, e.g. ``escalation_rules[].targets[].id``."""
    storage: Storage
    required: bool
    reason: str
    vocabulary: Vocabulary | None = None
    id_kind: str | None = None

    @property
    def kind(self) -> str:
        """What a reader of the consent page is told."""
        if self.storage == "pseudonym":
            return f"pseudonym of {self.id_kind or 'the id'}"
        if self.vocabulary:
            return f"one word of {len(self.vocabulary.words)}, else other"
        return {"instant": "time", "whole": "whole number", "code": "word"}[self.storage]


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table of records; ``keys`` are the columns that, after the epoch, name a row."""

    name: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]


def nested_schema(field: One) -> AllowListSchema:
    """The schema instance behind a ``One``."""
    schema = field.schema
    if not isinstance(schema, AllowListSchema):
        raise TypeError(f"{type(schema).__name__} is not an allow-list schema")
    return schema


def child_keys(table: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of a table nested in ``table``: its parent's, renamed, and its own position."""
    return (*(f"{table}_{key}" if key in {"id", "position"} else key for key in keys), "position")


def _plain(name: str, path: str, field: Field[object]) -> Column:
    reason = str(field.metadata["reason"])
    column = Column(name, path, "whole", required=field.required, reason=reason)
    if isinstance(field, Id):
        return replace(column, storage="pseudonym", id_kind=field.kind)
    if isinstance(field, Instant):
        return replace(column, storage="instant")
    if isinstance(field, Code):
        return replace(column, storage="code", vocabulary=field.vocabulary)
    if isinstance(field, Whole):
        return column
    raise TypeError(f"{path}: a {type(field).__name__} has no place in an allow-list")


def _walk(schema: AllowListSchema, prefix: str, path: str) -> Iterator[Column | tuple[Many, str]]:
    for name, field in schema.fields.items():
        here = f"{path}{name}"
        if isinstance(field, One):
            for found in _walk(nested_schema(field), f"{prefix}{name}_", f"{here}."):
                is_column = isinstance(found, Column)
                yield replace(found, required=False) if is_column else found  # type: ignore[type-var]
        elif isinstance(field, Many):
            yield field, here
        else:
            yield _plain(f"{prefix}{name}", here, field)


def _tables(schema: AllowListSchema, keys: tuple[str, ...], path: str) -> Iterator[TableLayout]:
    found = list(_walk(schema, "", path))
    columns = tuple(each for each in found if isinstance(each, Column))
    yield TableLayout(schema.TABLE, keys, columns)
    for child in found:
        if isinstance(child, tuple):
            many, here = child
            below = child_keys(schema.TABLE, keys)
            yield from _tables(many.row_schema(), below, f"{here}[].")


@cache
def layout(schema: type[AllowListSchema]) -> tuple[TableLayout, ...]:
    """Every table that records of ``schema`` fill, the record's own first.

    Raises TypeError at import for a field kind that could carry text.
    """
    return tuple(_tables(schema(), ("id",), ""))
