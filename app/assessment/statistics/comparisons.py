"""Two samples compared, and many comparisons at once (TRD-02, comparison)."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.assessment.statistics.distinct import counted

_EXACT_UP_TO = 8


def cliffs_delta(baseline: ArrayLike, followup: ArrayLike) -> float | None:
    """Pairs in which the follow-up is larger minus those in which it is smaller, over all pairs.

    From -1 to 1; None where either sample is empty.
    """
    larger, smaller, pairs = _pairs(baseline, followup)
    return (larger - smaller) / pairs if pairs else None


def mann_whitney_p(a: ArrayLike, b: ArrayLike) -> float | None:
    """Two-sided p of the rank-sum test; None where either sample is empty.

    Exact where both have at most 8 values and no two are equal, else by the normal distribution
    with corrections for ties and continuity.
    """
    larger, smaller, pairs = _pairs(a, b)
    if not pairs:
        return None
    n1, n2 = np.size(a), np.size(b)
    _, ties = counted(np.concatenate((np.ravel(a), np.ravel(b))))
    if max(n1, n2) <= _EXACT_UP_TO and ties.max() == 1:
        return _exact(n1, n2, max(larger, smaller))
    n = n1 + n2
    lost = float((ties.astype(np.float64) ** 3 - ties).sum()) / (n * (n - 1))
    deviation = math.sqrt(max(0.0, pairs / 12 * (n + 1 - lost)))
    distance = abs(larger - smaller) / 2 - 0.5
    if deviation == 0 or distance <= 0:
        return 1.0
    return math.erfc(distance / deviation / math.sqrt(2))


def holm(p_values: Sequence[float]) -> list[float]:
    """Each p adjusted for all of them, in the order given (Holm 1979)."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def _pairs(baseline: ArrayLike, followup: ArrayLike) -> tuple[int, int, int]:
    before = np.sort(np.ravel(baseline))
    after = np.ravel(followup)
    larger = int(np.searchsorted(before, after, side="left").sum())
    not_smaller = int(np.searchsorted(before, after, side="right").sum())
    pairs = len(before) * len(after)
    return larger, pairs - not_smaller, pairs


def _exact(n1: int, n2: int, u: int) -> float:
    """Twice the chance of ``u`` or more larger pairs, all orders being equally likely."""
    ways = _ways(n1, n2)
    return min(1.0, 2 * int(ways[u:].sum()) / math.comb(n1 + n2, n1))


def _ways(n1: int, n2: int) -> NDArray[np.int64]:
    """How many orders give 0, 1, … n1 * n2 larger pairs.

    The largest of all values is in one sample or the other: two shorter rows, one of them shifted.
    """
    row = [np.ones(1, dtype=np.int64)] * (n2 + 1)
    for i in range(1, n1 + 1):
        longer = [np.ones(1, dtype=np.int64)]
        for j in range(1, n2 + 1):
            ways = np.zeros(i * j + 1, dtype=np.int64)
            ways[: len(longer[-1])] += longer[-1]
            ways[j:] += row[j]
            longer.append(ways)
        row = longer
    return row[n2]
