"""Whether a value is the expected one."""

import math
from collections.abc import Mapping
from typing import Any

TOLERANCE = 1e-9
"""Relative, where an example names no tolerance of its own."""
_ZERO = 1e-12


def equal(value: Any, expected: Any, tolerance: float | None = None) -> bool:
    """Numbers within the tolerance, lists of ids in any order, maps key by key.

    A key that the value lacks is absent, whatever is expected under it; what else the value has
    must be nothing: zero, None or an empty list.
    """
    if _is_number(expected):
        return _is_number(value) and _close(value, expected, tolerance)
    if isinstance(expected, Mapping):
        return isinstance(value, Mapping) and _same_map(value, expected, tolerance)
    if isinstance(expected, list):
        return isinstance(value, list) and _same_list(value, expected, tolerance)
    return type(value) is type(expected) and bool(value == expected)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _close(value: float, expected: float, tolerance: float | None) -> bool:
    if tolerance is None:
        return math.isclose(value, expected, rel_tol=TOLERANCE, abs_tol=_ZERO)
    return math.isclose(value, expected, rel_tol=tolerance, abs_tol=tolerance)


def _same_map(
    value: Mapping[str, Any], expected: Mapping[str, Any], tolerance: float | None
) -> bool:
    return all(
        key in value and equal(value[key], wanted, tolerance) for key, wanted in expected.items()
    ) and not any(value[key] for key in value if key not in expected)


def _same_list(value: list[Any], expected: list[Any], tolerance: float | None) -> bool:
    if len(value) != len(expected):
        return False
    if all(_is_number(each) for each in expected):
        return all(equal(*pair, tolerance) for pair in zip(value, expected, strict=True))
    left = list(value)
    for each in expected:
        found = next((n for n, own in enumerate(left) if equal(own, each, tolerance)), None)
        if found is None:
            return False
        del left[found]
    return True
