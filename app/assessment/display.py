"""What a page may show of a figure, given its sample size (C14)."""

from collections.abc import Mapping
from typing import Literal

from app.assessment.figures import Figure, Statistic

Shown = Literal["value", "low n", "count", "n only", "no data", "withheld"]

DURATION_MIN = 5
DURATION_SOUND = 30
PROPORTION_MIN = 10
RATE_MIN = 5
STATISTIC_MIN: Mapping[Statistic | None, int] = {
    "median": DURATION_MIN,
    "mean": 30,
    "p90": 30,
    "p95": 60,
}


def shown(figure: Figure) -> Shown:
    """How to show ``figure``.

    ``"value"`` with its interval; ``"low n"``: the same with a badge; ``"count"``: "x of n" for a
    share, the number of events for a rate; ``"n only"``: the sample size and no value;
    ``"withheld"``: the rule that hides it; ``"no data"``: a note.
    """
    if figure.withheld is not None:
        return "withheld"
    if figure.value is None:
        return "no data"
    n = figure.n or 0
    if figure.sample_class == "dur":
        return "n only" if n < least(figure) else "value" if n >= DURATION_SOUND else "low n"
    if figure.sample_class == "prop":
        return "value" if n >= PROPORTION_MIN else _few(figure)
    if figure.sample_class == "rate":
        return "count" if figure.unit == "count" else "value" if n >= RATE_MIN else _few(figure)
    return "value"


def least(figure: Figure) -> int:
    """How many observations a figure of durations needs to be shown."""
    return max(STATISTIC_MIN.get(figure.statistic, DURATION_MIN), figure.minimum)


def _few(figure: Figure) -> Shown:
    """Of few observations the count is shown; where nothing is counted, only their number."""
    counted = figure.unit == "count" or figure.unit.startswith("per ")
    return "count" if counted or figure.is_share else "n only"


def events(figure: Figure) -> int | None:
    """The x of "x of n": how many of the ``n`` a share counts, or the events behind a rate."""
    if figure.value is None or figure.n is None:
        return None
    if figure.is_share:
        return round(figure.value * figure.n)
    return round(figure.value) if figure.unit == "count" else figure.n
