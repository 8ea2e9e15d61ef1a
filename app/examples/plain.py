"""WE9: plain numbers through the statistics and suppression functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from app.assessment.statistics import (
    Values,
    cliffs_delta,
    newcombe,
    order_interval,
    percentile,
    wilson,
    xmr,
)
from app.assessment.suppression.tables import DOMINANT_SHARE, dominated_groups, suppress_table

ALPHA = 0.05
"""Every interval of the engine is of 95 %."""
_LEAST = 5
_OF = ("n", "of", "total", "count", "size", "incidents", "all")
_PEOPLE = ("people", "n", "size", "members", "k", "count", "responders", "incidents")
_VALUE = ("value", "amount", "sum", "hours", "total")
_INSIDE = ("groups", "rows", "cells")
_GROUP = ("group", "name", "id", "team", "key", "label")
_AMOUNTS = ("amounts", "values", "contributions", "people", "hours")

Inputs = Mapping[str, Any]
Params = Mapping[str, Any]


def value_of(key: str, inputs: Inputs, params: Params, expected: object) -> object:
    """Raises KeyError for a key that is not of plain numbers, or an input that is missing."""
    return _KEYS[key](inputs, params, expected)


def is_plain(key: str) -> bool:
    return key in _KEYS


def _sorted(given: Iterable[float]) -> Values:
    return np.sort(np.array(list(given), dtype=np.float64))


def _hits(given: Any) -> tuple[int, int]:
    """``[hits, n]`` or a map that names the total."""
    if not isinstance(given, Mapping):
        hits, of = given
        return int(hits), int(of)
    total = next((name for name in _OF if name in given), max(given, key=lambda name: given[name]))
    part = next(name for name in given if name != total and isinstance(given[name], int))
    return int(given[part]), int(given[total])


def _numbers(given: Any) -> list[float]:
    """A list of numbers; or weeks in order, each with its number."""
    weeks = list(given.values()) if isinstance(given, Mapping) else given
    return [each[-1] if isinstance(each, list) else _amount(each, _PEOPLE) for each in weeks]


def _xmr(inputs: Inputs, _params: Params, expected: object) -> object:
    weeks = inputs["weekly_incidents"]
    found = xmr(_numbers(weeks))
    if found is None or not isinstance(expected, Mapping):
        return None
    names = list(weeks) if isinstance(weeks, Mapping) else range(len(weeks))
    signals = [names[index] for index in found.signals]
    fields: list[tuple[tuple[str, ...], object]] = [
        (("signal", "outside", "point"), signals),
        (("range", "mr"), found.mean_moving_range),
        (("up", "ucl", "unpl", "hi"), found.upper),
        (("lo", "lcl", "lnpl"), found.lower),
        (("mean", "cent", "average", "x_bar", "cl"), found.mean),
        (("weeks", "n"), len(weeks)),
    ]
    return {name: _counted(_by_word(fields, name), given) for name, given in expected.items()}


def _by_word(fields: Iterable[tuple[tuple[str, ...], object]], name: str) -> object:
    """The first field of which a word stands in ``name``, whatever case it has."""
    given = name.lower()
    return next((value for words, value in fields if any(word in given for word in words)), None)


def _counted(value: object, given: object) -> object:
    return len(value) if isinstance(value, list) and isinstance(given, int) else value


def _pick(given: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((given[name] for name in names if name in given), None)


def _groups(given: Any) -> dict[str, Any]:
    """Groups by name, whether a map or a list of maps; without their total."""
    if isinstance(given, Mapping):
        given = next((given[name] for name in _INSIDE if name in given), given)
    if isinstance(given, list):
        named = {str(_pick(each, _GROUP)): each for each in given}
    else:
        named = dict(given)
    return {name: each for name, each in named.items() if name.lower() != "total"}


def _suppressed(table: str) -> "_Extract":
    def extract(inputs: Inputs, params: Params, expected: object) -> object:
        groups = _groups(inputs[table])
        people = {name: int(_amount(each, _PEOPLE)) for name, each in groups.items()}
        shown = suppress_table(people, int(params.get("k", _LEAST)))
        found: dict[str, Any] = {
            name: None if shown[name] is None else _amount(each, _VALUE)
            for name, each in groups.items()
        }
        wanted = expected if isinstance(expected, Mapping) else {}
        if "total" in wanted:
            found["total"] = sum(_amount(each, _VALUE) for each in groups.values())
        return _in_expected_form(found, wanted)

    return extract


def _amount(given: Any, names: Sequence[str]) -> Any:
    """A group's number; of a map, that of the first of ``names``, else its only number."""
    if not isinstance(given, Mapping):
        return given
    found = _pick(given, names)
    if found is None:
        found = next(value for value in given.values() if isinstance(value, int | float))
    return found


def _in_expected_form(found: dict[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """With the total where one is expected, and hidden numbers by the word that stands there."""
    if {"hidden", "suppressed", "published", "shown"} & set(expected):
        hidden = [name for name, value in found.items() if value is None]
        shown = {name: value for name, value in found.items() if value is not None}
        lists = {"hidden": hidden, "suppressed": hidden, "published": shown, "shown": shown}
        return {name: lists.get(name) for name in expected}
    words = {name: word for name, word in expected.items() if isinstance(word, str)}
    return {name: words.get(name) if value is None else value for name, value in found.items()}


def _dominated(inputs: Inputs, params: Params, _: object) -> object:
    share = float(params.get("dominance_share", DOMINANT_SHARE))
    groups = {name: _parts(each) for name, each in _groups(inputs["dominance_groups"]).items()}
    return dominated_groups(groups, share)


def _parts(given: Any) -> list[float]:
    if isinstance(given, Mapping):
        inner = _pick(given, _AMOUNTS)
        given = inner if isinstance(inner, Mapping | list) else given
    values = given.values() if isinstance(given, Mapping) else given
    return [float(each) for each in values if isinstance(each, int | float)]


_Extract = Callable[[Inputs, Params, object], object]


def _of_period(period: str) -> dict[str, _Extract]:
    """Median, its interval and the share acknowledged of ``baseline`` or ``followup``."""
    durations, acks = f"durations_{period}_s", f"ack_{period}"
    return {
        f"{period}_median_s": lambda inputs, _, __: percentile(_sorted(inputs[durations]), 0.5),
        f"{period}_median_ci": lambda inputs, _, __: order_interval(
            _sorted(inputs[durations]), 0.5
        ),
        f"ack_{period}_wilson": lambda inputs, _, __: wilson(*_hits(inputs[acks])),
    }


_KEYS: Mapping[str, _Extract] = {
    **_of_period("baseline"),
    **_of_period("followup"),
    "cliffs_delta": lambda inputs, _, __: cliffs_delta(
        inputs["durations_baseline_s"], inputs["durations_followup_s"]
    ),
    "ack_difference_newcombe": lambda inputs, _, __: newcombe(
        *_hits(inputs["ack_baseline"]), *_hits(inputs["ack_followup"])
    ),
    "xmr": _xmr,
    "suppressed_table_1": _suppressed("table_1"),
    "suppressed_table_2": _suppressed("table_2"),
    "dominated_groups": _dominated,
}
