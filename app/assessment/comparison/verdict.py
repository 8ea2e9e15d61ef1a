"""Whether one figure changed between two windows: better, worse, no clear change."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.assessment.comparison.measures import Compared
from app.assessment.figures import Figure
from app.assessment.statistics import (
    Interval,
    cliffs_delta,
    mann_whitney_p,
    newcombe,
    rate_ratio,
)
from app.assessment.thresholds import THRESHOLDS

Word = Literal["better", "worse", "no clear change", "not comparable"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The size of a change, and whether it counts as one.

    ``effect`` is a difference of shares, a ratio of rates, Cliff's delta or a plain difference.
    """

    effect: float | None
    interval: Interval | None
    p: float | None
    """None where the test has none: a fact, or a figure over people."""
    changed: bool | None
    """None: not comparable."""
    rises: bool
    level: float = 0.05
    """What an adjusted p may not exceed for the change to stand."""


NOT_COMPARABLE = Outcome(None, None, None, None, rises=False)


def median_test(
    baseline: Sequence[float], followup: Sequence[float], before: Figure, after: Figure
) -> Outcome:
    """Changed if Cliff's delta is large and the intervals are apart, or by the rank-sum test."""
    limits = THRESHOLDS.comparison
    delta, p = cliffs_delta(baseline, followup), mann_whitney_p(baseline, followup)
    if delta is None or p is None:
        return NOT_COMPARABLE
    large = abs(delta) >= limits["cliffs_delta"] and apart(before.interval, after.interval)
    small = limits["mann_whitney_p"]
    rises = delta > 0
    if large:
        return Outcome(delta, None, p, changed=True, rises=rises)
    return Outcome(
        effect=delta,
        interval=None,
        p=p,
        changed=p < small,
        rises=rises,
        level=math.nextafter(small, 0),
    )


def share_test(before: Figure, after: Figure) -> Outcome:
    """Changed if Newcombe's interval of the difference excludes 0."""
    one, two = _hits(before), _hits(after)
    if one is None or two is None:
        return NOT_COMPARABLE
    found = newcombe(*one, *two)
    if found is None:
        return NOT_COMPARABLE
    difference = two[0] / two[1] - one[0] / one[1]
    changed = found[0] > 0 or found[1] < 0
    return Outcome(difference, found, _pooled_p(*one, *two), changed, difference > 0)


def rate_test(before: Figure, after: Figure, exposures: tuple[float, float]) -> Outcome:
    """Changed if the exact interval of the rate ratio excludes 1."""
    if before.value is None or after.value is None:
        return NOT_COMPARABLE
    one, two = round(before.value), round(after.value)
    if one + two == 0:
        return Outcome(None, None, None, changed=False, rises=False)
    p = _split_p(one, two, exposures[0] / sum(exposures))
    ratio, interval = rate_ratio(one, exposures[0], two, exposures[1])
    if ratio is None or interval is None:
        _, other = rate_ratio(two, exposures[1], one, exposures[0])
        return Outcome(None, None, p, other is not None and other[1] < 1, rises=True)
    return Outcome(ratio, interval, p, interval[0] > 1 or interval[1] < 1, ratio > 1)


def fact_test(before: Figure, after: Figure) -> Outcome:
    """A fact changed if its value differs."""
    if before.value is None or after.value is None:
        return NOT_COMPARABLE
    difference = after.value - before.value
    return Outcome(difference, None, None, abs(difference) > 1e-9, difference > 0)


def people_test(before: Figure, after: Figure) -> Outcome:
    """A figure over people changed if the intervals are apart; without one nothing is clear."""
    if before.value is None or after.value is None:
        return NOT_COMPARABLE
    difference = after.value - before.value
    return Outcome(difference, None, None, apart(before.interval, after.interval), difference > 0)


def apart(one: Interval | None, other: Interval | None) -> bool:
    """Whether two intervals do not overlap; where either is missing they may."""
    return one is not None and other is not None and (one[1] < other[0] or other[1] < one[0])


def word(test: Outcome, compared: Compared) -> Word:
    """The verdict in the words of the report."""
    if test.changed is None:
        return "not comparable"
    if not test.changed:
        return "no clear change"
    return "better" if test.rises == (compared.better == "high") else "worse"


def _hits(figure: Figure) -> tuple[int, int] | None:
    if figure.value is None or not figure.n:
        return None
    return round(figure.value * figure.n), figure.n


def _split_p(one: int, two: int, part: float) -> float:
    """Two-sided p that ``one`` of all events fell into its ``part`` of the time by chance."""
    expected = (one + two) * part
    spread = math.sqrt(expected * (1 - part))
    return math.erfc(max(0.0, abs(one - expected) - 0.5) / spread / math.sqrt(2))


def _pooled_p(hits1: int, n1: int, hits2: int, n2: int) -> float:
    pooled = (hits1 + hits2) / (n1 + n2)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    if spread == 0:
        return 1.0
    return math.erfc(abs(hits2 / n2 - hits1 / n1) / spread / math.sqrt(2))
