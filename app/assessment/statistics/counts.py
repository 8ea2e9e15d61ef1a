"""Exact intervals of counts and of the ratio of two rates (C9, SVC-05, TRD-04)."""

import math
from functools import lru_cache

from app.assessment.statistics.proportions import clopper_pearson
from app.assessment.statistics.quantiles import TAIL, Interval, Z
from app.assessment.statistics.tails import crossing, poisson_at_least, poisson_at_most


@lru_cache(maxsize=65_536)
def garwood(events: int) -> Interval:
    """Exact Poisson interval of an expected count, given ``events`` seen."""
    return _lowest(events), _highest(events)


def poisson_tail(observed: int, expected: float) -> float:
    """``P(X >= observed)`` where ``expected`` >= 0 is the mean: how odd so many would be."""
    if observed <= 0:
        return 1.0
    if expected == 0:
        return 0.0
    if observed > expected:
        return poisson_at_least(observed, expected)[0]
    return 1 - poisson_at_most(observed - 1, expected)[0]


def rate_ratio(
    events1: int, exposure1: float, events2: int, exposure2: float
) -> tuple[float | None, Interval | None]:
    """Second rate over the first, with the exact interval from how the events split.

    Exposures share a unit and are larger than 0. Given all events, the second count is binomial,
    and the Clopper-Pearson limits of its share become limits of the ratio. Both are None where
    the first count is 0: no finite ratio, no upper limit. Ask the other way round for a limit.
    """
    if events1 == 0:
        return None, None
    scale = exposure1 / exposure2
    split = clopper_pearson(events2, events1 + events2)
    if split is None:
        return None, None
    low, high = (share / (1 - share) * scale for share in split)
    return events2 / events1 * scale, (low, high)


def _lowest(events: int) -> float:
    if events == 0:
        return 0.0
    return crossing(lambda rate: poisson_at_least(events, rate), _near(events, -Z), TAIL)


def _highest(events: int) -> float:
    return crossing(lambda rate: poisson_at_most(events, rate), _near(events + 1, Z), TAIL)


def _near(events: int, z: float) -> float:
    """A chi-square point as the cube of a normal one (Wilson and Hilferty 1931)."""
    return float(events * (1 - 1 / (9 * events) + z / (3 * math.sqrt(events))) ** 3)
