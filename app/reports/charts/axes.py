"""The axes of a series: what they are called and how their numbers are shown."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from app.assessment.series import AxisUnit, Series
from app.reports.wording import words
from app.reports.wording.scope_names import cell_name, key_name, short
from app.reports.wording.units import Kind, axis_kind

Point = Mapping[str, Any]


class _Axis(NamedTuple):
    title: str
    unit: AxisUnit = "number"


_X: Mapping[str, _Axis] = {
    "start_us": _Axis("Week starting (UTC)"),
    "day": _Axis("Day from the snapshot on"),
    "week": _Axis("ISO week"),
    "seconds": _Axis("Time (log scale)", "s"),
    "cell": _Axis("Hour of the week"),
    "from": _Axis("From and to"),
    "level": _Axis("Level"),
    "policy": _Axis("Escalation policy (pseudonym)"),
    "up_to_h": _Axis("Age up to"),
    "nights": _Axis("Nights"),
    "people_share": _Axis("Share of people, those with the fewest first", "share"),
    "from_share": _Axis("Share of time on call, from", "share"),
    "services": _Axis("Services, those with the most incidents first"),
    "alerts": _Axis("Alerts"),
}
"""Of what points are named by, which several series share."""
BESIDE: Mapping[str, str] = {
    "any_share": "Any level",
    "high_urgency_share": "High urgency",
    "chance": "By chance",
    "mean": "Mean",
    "upper": "Upper limit",
    "lower": "Lower limit",
}
"""Keys of a point that are drawn as further lines."""
_CURVES = frozenset({"seconds", "people_share", "services"})
"""Where x is a number on a scale of its own."""


def x_key(series: Series, points: Sequence[Point]) -> str:
    """The key of x; of days as of weeks, the moment they begin."""
    return "start_us" if series.x not in points[0] else series.x


def is_curve(key: str) -> bool:
    """Whether x is a scale and not a row of names."""
    return key in _CURVES


def x_title(series: Series, key: str) -> str:
    """What the axis measures, with its unit."""
    if series.x in {"day", "week"}:
        return "Day (UTC)" if key == "start_us" else _X[series.x].title
    return _X[key].title if key in _X else words.plain_name(key)


def y_title(series: Series, key: str) -> str:
    """What a line of the chart shows."""
    return series.y_title if key == series.y else BESIDE[key]


def y_kind(series: Series) -> Kind:
    """How numbers of y are shown."""
    return axis_kind(series.unit)


def x_kind(key: str) -> Kind:
    """How numbers of a scale are shown."""
    return axis_kind(_X[key].unit)


def x_words(key: str, point: Point, *, with_year: bool = False) -> str:
    """One x as its tick and its row show it."""
    value = point.get(key, point.get("week"))
    if key == "start_us" and key in point:
        return words.short_day(point[key], with_year=with_year)
    if key == "from":
        return f"{key_name(str(value))} to {key_name(str(point['to']))}"
    if key in _X_WORDS:
        return _X_WORDS[key](value)
    return key_name(str(value)) if isinstance(value, str) else words.number(value)


_X_WORDS: Mapping[str, Callable[[Any], str]] = {
    "cell": cell_name,
    "policy": short,
    "from_share": words.percent,
    "up_to_h": lambda hours: "older" if hours is None else words.duration(hours * words.HOUR),
}
