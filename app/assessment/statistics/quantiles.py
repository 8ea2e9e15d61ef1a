"""Percentiles (C8) and their order-statistic intervals (C9).

Values are sorted float arrays. An interval is ``(low, high)``, or None where none exists.
"""

import math
from functools import lru_cache

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
    """Order-statistic interval for the ``p`` quantile, 0 < p < 1, of sorted ``values``.

    Ranks ``j`` and ``u``: the largest ``j`` with ``P(Bin(n, p) <= j - 1) <= 0.025`` and the
    smallest ``u`` with ``P(Bin(n, p) >= u) <= 0.025``. For a median ``u = n - j + 1`` and the
    interval exists from n = 6.
    """
    n = len(values)
    below, above = _ranks(n, p)
    if below == 0 or above == 0:
        return None
    return float(values[below - 1]), float(values[n - above])


@lru_cache(maxsize=65_536)
def _ranks(n: int, p: float) -> tuple[int, int]:
    """``j`` from the lowest value and ``n - u + 1`` from the highest; 0 where there is none."""
    start, chances = _binomial(n, p)
    left_out = n + 1 - start - len(chances)
    below = start + int(np.searchsorted(np.cumsum(chances), TAIL, side="right"))
    above = left_out + int(np.searchsorted(np.cumsum(chances[::-1]), TAIL, side="right"))
    return below, above


def _binomial(n: int, p: float) -> tuple[int, Values]:
    """Chances of ``n`` trials from ``start`` on, within ten deviations of the likeliest.

    Ratios outwards from the likeliest, then scaled to one: what is left out is below 1e-20 and
    nothing is lost in factorials, which reach 1e6 in their logarithms.
    """
    mode = min(math.floor((n + 1) * p), n)
    width = 40 + math.ceil(10 * math.sqrt(n * p * (1 - p)))
    start, end = max(0, mode - width), min(n, mode + width)
    odds = p / (1 - p)
    up = np.arange(mode, end)
    down = np.arange(mode, start, -1)
    rising = np.cumprod((n - up) / (up + 1) * odds)
    falling = np.cumprod(down / (n - down + 1) / odds)
    weights = np.concatenate((falling[::-1], [1.0], rising))
    return start, weights / weights.sum()
