"""The points of a series in words: what its axes are called and how their numbers are said."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.assessment.catalogue import FAMILIES
from app.assessment.series import Series
from app.reports.wording import words
from app.reports.wording.places import cell_name, key_name, short
from app.reports.wording.units import Kind

Point = Mapping[str, Any]
_X: Mapping[str, str] = {
    "start_us": "Week starting (UTC)",
    "day": "Day from the snapshot on",
    "week": "ISO week",
    "seconds": "Time (log scale)",
    "cell": "Hour of the week",
    "from": "From and to",
    "level": "Level",
    "policy": "Escalation policy (pseudonym)",
    "up_to_h": "Age up to",
    "nights": "Nights",
    "people_share": "Share of people, those with the fewest first",
    "from_share": "Share of time on call, from",
    "services": "Services, those with the most incidents first",
    "alerts": "Alerts",
}
_Y: Mapping[str, str] = {
    "count": "Incidents",
    "incidents": "Incidents",
    "changes": "Changes",
    "hours": "Hours",
    "minutes": "Minutes",
    "per_12h": "Incidents per 12 h",
    "open_share": "Share still open",
    "median_s": "Median",
    "l1_share": "Level 1",
    "people_share": "Share of people",
    "hours_share": "Share of hours",
    "uncovered_h": "Hours uncovered",
    "value": "Value",
    "share of incidents": "Share of incidents",
}
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
    """The key that holds x; of days as of weeks, the moment they begin."""
    return "start_us" if series.x not in points[0] else series.x


def is_curve(key: str) -> bool:
    """Whether x is a scale and not a row of names."""
    return key in _CURVES


def x_title(series: Series, key: str) -> str:
    """What the axis measures, with its unit."""
    if series.x in {"day", "week"}:
        return "Day (UTC)" if key == "start_us" else _X[series.x]
    return _X.get(key, words.plain_name(key))


def y_title(series: Series, key: str) -> str:
    """The same of y; of a count of something else than incidents, what it counts."""
    if key == "count" and FAMILIES[series.metric.partition("-")[0]] == FAMILIES["INT"]:
        return "Incidents" if series.x == "cell" else "Interruptions"
    if key == "share":
        return "Share of changes" if series.metric.startswith("DOR") else "Share of incidents"
    return series.title if key == "value" else _Y.get(key, words.plain_name(key))


def y_kind(series: Series, key: str) -> Kind:
    """How numbers of y are said."""
    told = f"{series.name} {key}" if key == "value" else key
    if "share" in told or key == "chance":
        return "share"
    if told.endswith(("_s", "median value")):
        return "duration"
    if told.endswith("_h") or key == "hours":
        return "hours"
    return "minutes" if key == "minutes" else "number"


def x_kind(key: str) -> Kind:
    """How numbers of a scale are said."""
    return "duration" if key == "seconds" else "share" if key.endswith("share") else "number"


def x_words(key: str, point: Point, *, with_year: bool = False) -> str:
    """One x as its tick and its row say it."""
    value = point.get(key, point.get("week"))
    if key == "start_us" and key in point:
        return words.short_day(point[key], with_year=with_year)
    if key == "from":
        return f"{key_name(str(value))} to {key_name(str(point['to']))}"
    if key in _SAID:
        return _SAID[key](value)
    return key_name(str(value)) if isinstance(value, str) else words.number(value)


_SAID: Mapping[str, Callable[[Any], str]] = {
    "cell": cell_name,
    "policy": short,
    "from_share": words.percent,
    "up_to_h": lambda hours: "older" if hours is None else words.duration(hours * words.HOUR),
}
