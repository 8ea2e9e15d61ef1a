"""How a figure's number is said: by its unit, and for a ratio by what it is a ratio of."""

from collections.abc import Callable, Mapping
from typing import Literal

from app.assessment.display import is_difference, is_share
from app.reports.wording import words

Kind = Literal["share", "points", "plain", "duration", "minutes", "hours", "count", "number"]
"""Also the names of the formatters in static/charts.js."""
_KINDS: Mapping[str, Kind] = {"s": "duration", "min": "minutes", "h": "hours", "count": "count"}
_SAY: Mapping[Kind, Callable[[float | None], str]] = {
    "share": words.percent,
    "points": words.points,
    "plain": words.plain,
    "duration": words.duration,
    "minutes": words.minutes,
    "hours": words.hours,
    "count": words.number,
    "number": words.number,
}
_SILENT = frozenset({"ratio", "count", "s", "h", "min", "level", "rank"})
"""Units that the number says by itself, or that its label says."""


def kind(measure: str, unit: str) -> Kind:
    """How numbers of ``measure`` are said."""
    if unit == "ratio":
        if is_difference(measure):
            return "points"
        return "share" if is_share(measure) else "plain"
    return _KINDS.get(unit, "number")


def bare(value: float | None, said_as: Kind) -> str:
    """The number alone, as an interval has it: the unit stands beside the value."""
    return _SAY[said_as](value)


def said(value: float | None, measure: str, unit: str) -> str:
    """A value in the words a person says: ``4 min 10 s``, ``75 %``, ``2.1 per week``."""
    text = _SAY[kind(measure, unit)](value)
    return text if value is None or unit in _SILENT else f"{text} {unit}"
