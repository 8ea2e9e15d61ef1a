"""A value laid out as the expected one is, so that a reader sees at once where they differ."""

from collections.abc import Mapping
from typing import Any

from app.examples.equality import equal


def shaped(value: Any, expected: Any) -> Any:
    """Maps: the expected keys that there are, then what else is not nothing.

    Lists of ids: in expected order.
    """
    if isinstance(value, Mapping) and isinstance(expected, Mapping):
        return _map(value, expected)
    if isinstance(value, list) and isinstance(expected, list):
        numbers = all(isinstance(each, int | float) for each in value)
        return value if numbers else _ordered(value, expected)
    return value


def _map(value: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        name: shaped(value[name], wanted) for name, wanted in expected.items() if name in value
    }
    return found | {name: value[name] for name in sorted(set(value) - set(found)) if value[name]}


def _ordered(value: list[Any], expected: list[Any]) -> list[Any]:
    left = sorted(value, key=str)
    found = []
    for wanted in expected:
        at = next((n for n, own in enumerate(left) if equal(own, wanted)), None)
        if at is not None:
            found.append(shaped(left.pop(at), wanted))
    return found + left
