"""Tables of an example of suppression: groups, their people and what is counted of them."""

from collections.abc import Mapping
from typing import Any

CONTAINER = ("groups", "rows", "cells")
_NAME = ("group", "name", "id", "team", "service", "label")
_PEOPLE = ("members", "people", "n")
_VALUE = ("interruptions", "incidents", "hours", "count", "value", "total")
_AMOUNTS = ("per_member", "amounts", "values")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "The group's name, in a list of rows.": _NAME,
    "How many people the group has, or their list.": _PEOPLE,
    "What is published of the group; without it, the number of its people.": _VALUE,
    "What each person of the group contributes: a list, or an object by person.": _AMOUNTS,
}
CELL: dict[str, Any] = {
    name: {"description": words} for words, names in _WORDS.items() for name in names
}
"""The fields of a row, as JSON Schema."""
_TOTAL = "total"


class BadTable(ValueError):
    """The message says what a row lacks."""


def groups(given: Any) -> dict[str, Any]:
    """Rows by group, without the row of the total."""
    if isinstance(given, Mapping):
        given = next((given[name] for name in CONTAINER if name in given), given)
    if isinstance(given, list):
        given = {str(_field(row, _NAME)): row for row in given}
    return {name: row for name, row in given.items() if name.lower() != _TOTAL}


def people(row: Any) -> int:
    """How many people a group has."""
    found = _field(row, _PEOPLE) if isinstance(row, Mapping) else row
    return len(found) if isinstance(found, list) else int(found)


def value(row: Any) -> Any:
    """What is published of a group."""
    if not isinstance(row, Mapping):
        return row
    named = [row[name] for name in _VALUE if name in row]
    return named[0] if named else people(row)


def amounts(row: Any) -> list[float]:
    """What each person of a group contributes."""
    inner = next((row[n] for n in _AMOUNTS if n in row), row) if isinstance(row, Mapping) else row
    values = inner.values() if isinstance(inner, Mapping) else inner
    return [float(each) for each in values if isinstance(each, int | float)]


def _field(row: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        if isinstance(row, Mapping) and name in row:
            return row[name]
    raise BadTable(f"a row of a table has none of {', '.join(names)}")
