"""A value laid out as the expected one is, so that a reader sees at once where they differ."""

from collections.abc import Mapping
from typing import Any

from app.examples.equality import equal


def shaped(value: Any, expected: Any) -> Any:
    """Maps: every expected key, then what else is not nothing. Lists of ids: in expected order.

    A key that the engine leaves out is 0, or empty, as the expected one is of that kind.
    """
    if isinstance(value, Mapping) and isinstance(expected, Mapping):
        return _map(value, expected)
    if isinstance(value, list) and isinstance(expected, list):
        numbers = all(isinstance(each, int | float) for each in value)
        return value if numbers else _ordered(value, expected)
    return value


def _map(value: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        name: shaped(value[name], wanted) if name in value else _none_of(wanted)
        for name, wanted in expected.items()
    }
    return found | {name: value[name] for name in sorted(set(value) - set(found)) if value[name]}


def _none_of(wanted: object) -> object:
    if isinstance(wanted, list | Mapping):
        return type(wanted)()
    return 0 if isinstance(wanted, int | float) else None


def _ordered(value: list[Any], expected: list[Any]) -> list[Any]:
    left = sorted(value, key=str)
    found = []
    for wanted in expected:
        at = next((n for n, own in enumerate(left) if equal(own, wanted)), None)
        if at is not None:
            found.append(shaped(left.pop(at), wanted))
    return found + left
