"""What a page may show of a figure, given its sample size (C14)."""

from collections.abc import Mapping
from typing import Literal

from app.assessment.figures import Figure, Statistic

Shown = Literal["value", "low n", "count", "n only", "no data"]

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
    ``"no data"``: the words.
    """
    if figure.value is None:
        return "no data"
    if figure.sample_class == "dur":
        if figure.n < STATISTIC_MIN.get(figure.statistic, DURATION_MIN):
            return "n only"
        return "value" if figure.n >= DURATION_SOUND else "low n"
    if figure.sample_class == "prop":
        return "value" if figure.n >= PROPORTION_MIN else "count"
    if figure.sample_class == "rate":
        return "count" if figure.unit == "count" or figure.n < RATE_MIN else "value"
    return "value"


def events(figure: Figure) -> int | None:
    """The x of "x of n": how many of the ``n`` a share counts, or the events behind a rate."""
    if figure.value is None:
        return None
    if figure.unit == "ratio":
        return round(figure.value * figure.n)
    return round(figure.value) if figure.unit == "count" else figure.n
