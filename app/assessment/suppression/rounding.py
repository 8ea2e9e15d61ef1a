"""Figures over people are coarse: hours, twentieths, and no small counts (PRIV-5)."""

from app.assessment.figures import Figure
from app.assessment.series import Point

FEW = 5
"""Smaller counts are published as "fewer than 5"."""
FEW_RULE = "PRIV-5"
"""The rule of a count that is published so."""
_STEPS = {"h": 1.0, "ratio": 0.05, "s": 3_600.0}


def rounded(figure: Figure) -> Figure:
    """The figure as it may be published; a count from 1 to 4 loses its value."""
    if figure.value is None:
        return figure
    if few(figure):
        return figure._replace(value=None, interval=None, n=None, withheld=FEW_RULE)
    step = _STEPS.get(figure.unit)
    if step is None:
        return figure
    bounds = figure.interval
    coarse = None if bounds is None else (_to(bounds[0], step), _to(bounds[1], step))
    return figure._replace(value=_to(figure.value, step), interval=coarse)


def coarse(point: Point, name: str) -> Point:
    """A point of a series with its ``name`` rounded to hours or twentieths, as figures are."""
    value = point.get(name)
    step = _STEPS["h"] if name == "hours" else _STEPS["ratio"]
    if not isinstance(value, float):
        return point
    return {**point, name: _to(value, step)}


def few(figure: Figure) -> bool:
    """Whether it is a count that is published as "fewer than 5"."""
    return figure.unit == "count" and figure.value is not None and 0 < figure.value < FEW


def _to(value: float, step: float) -> float:
    """To the nearest step; more than nothing never becomes nothing."""
    steps = round(value / step)
    if steps == 0 and value > 0:
        steps = 1
    return round(steps * step, 2)
