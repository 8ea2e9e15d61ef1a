"""Schema to tables: which columns a declared schema fills, and which values they may have."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from marshmallow.fields import Field

from collectors.fields import AllowListSchema, Derived, Id, Many, One
from collectors.numbers import Code, Number, Storage, Zone
from collectors.vocabularies import Vocabulary

_KIND = {
    "instant": "time",
    "whole": "whole number",
    "flag": "yes or no",
    "time_of_day": "time of day, in seconds",
    "days": "days of the week",
    "count": "number of entries; what they are is not read",
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    path: str
    """Where it is in PagerDuty's response, e.g. ``escalation_rules[].targets[].id``."""
    storage: Storage
    required: bool
    reason: str
    kind: str
    """What the consent page shows."""
    vocabulary: Vocabulary | None = None
    highest: int | None = None
    """The highest value, where the column has one; the lowest is 0."""


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


def _number(name: str, path: str, field: Number) -> Column:
    reason = str(field.metadata["reason"])
    kind = _KIND.get(field.STORAGE, "")
    if isinstance(field, Code):
        words = len(field.vocabulary.words)
        what = "time zone" if isinstance(field, Zone) else "word"
        where = ", also behind another word" if field.vocabulary.prefixed else ""
        kind = f"one {what} of {words}{where}, else other"
    vocabulary = field.vocabulary if isinstance(field, Code) else None
    return Column(
        name=name,
        path=path,
        storage=field.STORAGE,
        required=field.required,
        reason=reason,
        kind=kind,
        vocabulary=vocabulary,
        highest=field.highest,
    )


def _plain(name: str, path: str, field: Field[object]) -> Column:
    if isinstance(field, Number):
        return _number(name, path, field)
    if isinstance(field, Id):
        kind = f"pseudonym of {field.kind or 'the id'}"
    elif isinstance(field, Derived):
        kind = "pseudonym made of the fields beside it"
    else:
        raise TypeError(f"{path}: an allow-list accepts no {type(field).__name__}")
    required = field.required or isinstance(field, Derived)
    return Column(
        name=name,
        path=path,
        storage="pseudonym",
        required=required,
        reason=str(field.metadata["reason"]),
        kind=kind,
    )


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
    return tuple(_tables(schema(), schema.KEYS, ""))
