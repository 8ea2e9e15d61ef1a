"""WE9: plain numbers through the statistics and suppression functions."""

from collections.abc import Callable, Iterable, Mapping
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
from app.examples import tables

_LEAST = 5

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
    """``[hits, n]``, or a map of the two under any names."""
    if not isinstance(given, Mapping):
        hits, of = given
        return int(hits), int(of)
    hits, total = sorted(number for number in given.values() if isinstance(number, int))
    return hits, total


def _numbers(given: Any) -> list[float]:
    """A list of numbers; or weeks in order, each with its number."""
    weeks = list(given.values()) if isinstance(given, Mapping) else given
    return [_one_number(each) for each in weeks]


def _one_number(week: Any) -> float:
    """A number; or the one number that stands beside the name of its week."""
    if isinstance(week, int | float):
        return week
    parts = week.values() if isinstance(week, Mapping) else week
    (number,) = (each for each in parts if isinstance(each, int | float))
    return number


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


def _suppressed(table: str) -> "_Extract":
    def extract(inputs: Inputs, params: Params, expected: object) -> object:
        rows = tables.groups(inputs[table])
        people = {name: tables.people(row) for name, row in rows.items()}
        shown = suppress_table(people, _least(params))
        found: dict[str, Any] = {
            name: None if shown[name] is None else tables.value(row) for name, row in rows.items()
        }
        wanted = expected if isinstance(expected, Mapping) else {}
        if "total" in wanted:
            found["total"] = sum(map(tables.value, rows.values()))
        return _in_expected_form(found, wanted)

    return extract


def _least(params: Params) -> int:
    return int(
        next((params[n] for n in ("k", "min_group", "minimum_group") if n in params), _LEAST)
    )


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
    groups = {
        name: tables.amounts(row) for name, row in tables.groups(inputs["dominance_groups"]).items()
    }
    return dominated_groups(groups, share)


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
