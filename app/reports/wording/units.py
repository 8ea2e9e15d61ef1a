"""How a number is shown: by its unit, and a ratio by what it is a ratio of."""

from collections.abc import Callable, Mapping
from typing import Literal

from app.assessment.figures import Figure, Ratio
from app.assessment.series import AxisUnit
from app.reports.wording import words

Kind = Literal["share", "points", "plain", "duration", "minutes", "hours", "count", "number"]
"""Also the names of the formatters in static/charts.js."""
_KINDS: Mapping[str, Kind] = {"s": "duration", "min": "minutes", "h": "hours", "count": "count"}
_RATIOS: Mapping[Ratio, Kind] = {"share": "share", "difference": "points", "index": "plain"}
_FORMAT: Mapping[Kind, Callable[[float | None], str]] = {
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
"""Units that the number or its label already states."""


def kind(figure: Figure) -> Kind:
    """How the numbers of a figure are shown."""
    return _kind(figure.unit, figure.ratio)


def _kind(unit: str, ratio: Ratio) -> Kind:
    return _RATIOS[ratio] if unit == "ratio" else _KINDS.get(unit, "number")


def axis_kind(unit: AxisUnit) -> Kind:
    """How the numbers of an axis are shown."""
    return "share" if unit == "share" else _KINDS.get(unit, "number")


def bare(value: float | None, shown_as: Kind) -> str:
    """The number alone, as an interval has it: the unit stands beside the value."""
    return _FORMAT[shown_as](value)


def with_unit(figure: Figure) -> str:
    """A value with its unit: ``4 min 10 s``, ``75 %``, ``2.1 per week``."""
    return worded(figure.value, figure.unit, figure.ratio)


def worded(value: float | None, unit: str, ratio: Ratio) -> str:
    """The same of a number that is no figure by itself."""
    text = bare(value, _kind(unit, ratio))
    return text if value is None or unit in _SILENT else f"{text} {unit}"
