"""The smallest group that a figure over people may be about (PRIV-1, PRIV-9)."""

from collections.abc import Iterable

from app.assessment.figures import Figure
from app.assessment.metric import Measure

SENSITIVE_MINIMUM = 10
"""Sleep, rest and nights (employee surveys require ten for what is sensitive)."""
SPREAD_MINIMUM = 8
"""A percentile, a maximum or a Gini of fewer shows single people."""
_SPREADS = frozenset({"p90", "p95"})


def needed(measure: Measure, k: int) -> int:
    """How many people a figure of this measure needs."""
    least = max(k, SENSITIVE_MINIMUM) if measure.sensitive else k
    spread = measure.spread or measure.statistic in _SPREADS
    return max(least, SPREAD_MINIMUM) if spread else least


def too_few(figure: Figure, measure: Measure, k: int) -> bool:
    """Whether a figure over people is about too few; one without its people is."""
    return figure.people is None or len(figure.people) < needed(measure, k)


def responders(figures: Iterable[Figure]) -> int:
    """Everybody behind any figure."""
    everybody: set[bytes] = set()
    for figure in figures:
        if figure.people is not None:
            everybody.update(figure.people)
    return len(everybody)
