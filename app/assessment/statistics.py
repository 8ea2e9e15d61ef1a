"""Percentiles and 95 % intervals (C8, C9), without scipy at run time.

Values are sorted float arrays. An interval is ``(low, high)``, or None where none exists.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Interval = tuple[float, float]

Z = 1.959964
"""Two-sided 95 % point of the normal distribution, to the digits C9 fixes."""
TAIL = 0.025


def percentile(values: Values, p: float) -> float:
    """Type 7 percentile of sorted, non-empty ``values``; ``p`` from 0 to 1 (C8)."""
    h = (len(values) - 1) * p
    below = math.floor(h)
    above = min(below + 1, len(values) - 1)
    low, high = float(values[below]), float(values[above])
    return low + (h - below) * (high - low)


def order_interval(values: Values, p: float) -> Interval | None:
    """Order-statistic interval for the ``p`` quantile of sorted ``values``.

    Ranks ``j`` and ``u``: the largest ``j`` with ``P(Bin(n, p) <= j - 1) <= 0.025`` and the
    smallest ``u`` with ``P(Bin(n, p) >= u) <= 0.025``. For a median ``u = n - j + 1`` and the
    interval exists from n = 6.
    """
    n = len(values)
    if n == 0:
        return None
    pmf = _binomial(n, p)
    below = int(np.searchsorted(np.cumsum(pmf), TAIL, side="right"))
    above = int(np.searchsorted(np.cumsum(pmf[::-1]), TAIL, side="right"))
    if below == 0 or above == 0:
        return None
    return float(values[below - 1]), float(values[n - above])


def wilson(hits: int, of: int) -> Interval | None:
    """Wilson score interval of the proportion ``hits / of``."""
    if of == 0:
        return None
    share = hits / of
    shrink = 1 + Z * Z / of
    centre = (share + Z * Z / (2 * of)) / shrink
    half = Z / shrink * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    high = 1.0 if hits == of else min(1.0, centre + half)
    return low, high


def garwood(events: int) -> Interval:
    """Exact Poisson interval of an expected count, given ``events`` seen."""
    logs = _log_factorials(events)
    reach = events + 10 + 6 * math.sqrt(events + 1)
    high = _crossing(lambda rate: _poisson_cdf(rate, logs), 0.0, reach, TAIL)
    if events == 0:
        return 0.0, high
    low = _crossing(lambda rate: _poisson_cdf(rate, logs[:-1]), 0.0, events, 1 - TAIL)
    return low, high


def _crossing(falling: Callable[[float], float], low: float, high: float, level: float) -> float:
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if falling(middle) > level:
            low = middle
        else:
            high = middle


def _log_factorials(n: int) -> Values:
    return np.array([math.lgamma(k + 1) for k in range(n + 1)])


def _poisson_cdf(rate: float, logs: Values) -> float:
    return float(np.exp(np.arange(len(logs)) * math.log(rate) - rate - logs).sum())


def _binomial(n: int, p: float) -> Values:
    logs = _log_factorials(n)
    k = np.arange(n + 1)
    terms = logs[n] - logs - logs[::-1] + k * math.log(p) + (n - k) * math.log1p(-p)
    return np.asarray(np.exp(terms), dtype=np.float64)
