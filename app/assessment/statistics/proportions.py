"""Intervals of a proportion and of the difference of two (C9, TRD-02)."""

import math

from app.assessment.statistics.quantiles import TAIL, Interval, Z
from app.assessment.statistics.tails import binomial_at_least, crossing


def wilson(hits: int, of: int) -> Interval | None:
    """Wilson score interval of the proportion ``hits / of``."""
    if of == 0:
        return None
    share = hits / of
    shrink = 1 + Z * Z / of
    centre = (share + Z * Z / (2 * of)) / shrink
    half = Z / shrink * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == of else centre + half
    return low, high


def newcombe(hits1: int, n1: int, hits2: int, n2: int) -> Interval | None:
    """Interval of the second proportion minus the first; None where either has no trials.

    Built from the two Wilson intervals (Newcombe 1998, method 10).
    """
    first, second = wilson(hits1, n1), wilson(hits2, n2)
    if first is None or second is None:
        return None
    share1, share2 = hits1 / n1, hits2 / n2
    difference = share2 - share1
    low = difference - math.hypot(share2 - second[0], first[1] - share1)
    high = difference + math.hypot(second[1] - share2, share1 - first[0])
    return low, high


def clopper_pearson(hits: int, of: int) -> Interval | None:
    """Exact binomial interval of the proportion ``hits / of``."""
    if of == 0:
        return None
    return _lowest(hits, of), 1 - _lowest(of - hits, of)


def _lowest(hits: int, of: int) -> float:
    near = wilson(hits, of)
    if near is None or hits == 0:
        return 0.0
    return crossing(lambda chance: binomial_at_least(hits, of, chance), near[0], TAIL)
