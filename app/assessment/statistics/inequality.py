"""How unevenly hours or calls fall on people (ONC-03, ONC-12, LOAD-04, SVC-06).

``values`` has one number >= 0 for each person, in any order. Where their sum is 0 there is
nothing to share out and every measure is None.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import numpy as np
from numpy.random import default_rng
from numpy.typing import ArrayLike, NDArray

from app.assessment.statistics.quantiles import TAIL, Interval, Values, percentile

Measure = Callable[[Values], float | None]

_CELLS = 1_000_000
"""Resampled numbers in memory at once: 8 MB."""
_FEW = 250_000
"""Resampled numbers that are kept: 2 MB."""
_SLACK = 1e-9
"""Hours are sums of floats: a half may read 0.49999999999999994."""


def gini(values: ArrayLike) -> float | None:
    """Gini coefficient, 0 for equal shares (ONC-03)."""
    return _scalar(_gini_rows(_ascending(values)[np.newaxis]))


def gini_corrected(values: ArrayLike) -> float | None:
    """Gini times n / (n - 1): reaches 1 where one person does everything; None below two."""
    return _scalar(_corrected_rows(_ascending(values)[np.newaxis]))


def lorenz(values: ArrayLike) -> list[tuple[float, float]]:
    """``(share of people, share of hours)`` from (0, 0) to (1, 1), those with least first."""
    ascending = _ascending(values)
    total = ascending.sum()
    if not total > 0:
        return []
    hours = np.concatenate(([0.0], np.cumsum(ascending) / total))
    hours[-1] = 1.0
    people = np.arange(len(ascending) + 1) / len(ascending)
    return list(zip(people.tolist(), hours.tolist(), strict=True))


def herfindahl(shares: ArrayLike) -> float | None:
    """Sum of squared shares (SVC-06); counts do as well, they are divided by their sum."""
    values = _ascending(shares)
    total = values.sum()
    return float(np.square(values / total).sum()) if total > 0 else None


def bus_factor(values: ArrayLike) -> int | None:
    """Fewest people who have at least half (ONC-12)."""
    owned = np.cumsum(_ascending(values)[::-1])
    if not len(owned) or not owned[-1] > 0:
        return None
    return int(np.argmax(owned >= owned[-1] * (0.5 - _SLACK))) + 1


def top_share(values: ArrayLike, fraction: float = 0.2) -> float | None:
    """Share of the top ``fraction`` of people, rounded down but at least one (LOAD-04)."""
    descending = _ascending(values)[::-1]
    total = descending.sum()
    top = max(1, math.floor(len(descending) * fraction + _SLACK))
    return float(descending[:top].sum() / total) if total > 0 else None


def bootstrap_interval(
    values: ArrayLike, statistic: Measure, seed: int, resamples: int = 2000
) -> Interval | None:
    """Percentile bootstrap over people (C9): the same numbers for the same seed, in any order.

    ``statistic`` takes an ascending array. Resamples without a value are left out; None where
    there are fewer than two people or no value at all.
    """
    ascending = _ascending(values)
    if len(ascending) < 2:
        return None
    n = len(ascending)
    picks = _few_picks if n * resamples <= _FEW else _picks
    found = [_apply(statistic, ascending[picked]) for picked in picks(n, seed, resamples)]
    results = np.sort(np.concatenate(found))
    results = results[~np.isnan(results)]
    if not len(results):
        return None
    return percentile(results, TAIL), percentile(results, 1 - TAIL)


def _picks(n: int, seed: int, resamples: int) -> Iterator[NDArray[np.int64]]:
    """Places in an ascending array, a row for each resample."""
    source = default_rng(seed)
    batch = max(1, _CELLS // n)
    for done in range(0, resamples, batch):
        size = (min(batch, resamples - done), n)
        yield np.sort(source.integers(0, n, size=size), axis=1)


@lru_cache(maxsize=16)
def _few_picks(n: int, seed: int, resamples: int) -> list[NDArray[np.int64]]:
    """Kept: several figures are about as many people, and picking takes the most time."""
    return list(_picks(n, seed, resamples))


def _apply(statistic: Measure, samples: Values) -> Values:
    rows = _BY_ROWS.get(statistic)
    if rows is not None:
        return rows(samples)
    results = (statistic(sample) for sample in samples)
    return np.array([math.nan if result is None else result for result in results])


def _gini_rows(samples: Values) -> Values:
    """Gini of each ascending row; NaN where the row has no sum."""
    n = samples.shape[1]
    totals = samples.sum(axis=1)
    result = np.full(len(samples), math.nan)
    np.divide(2 * (samples @ np.arange(1.0, n + 1)), n * totals, out=result, where=totals > 0)
    # A row of equal values may miss 0 by the last digits.
    return np.asarray(np.maximum(result - (n + 1) / max(n, 1), 0.0), dtype=np.float64)


def _corrected_rows(samples: Values) -> Values:
    n = samples.shape[1]
    return _gini_rows(samples) * (n / (n - 1) if n > 1 else math.nan)


def _scalar(rows: Values) -> float | None:
    return None if np.isnan(rows[0]) else float(rows[0])


def _ascending(values: ArrayLike) -> Values:
    return np.sort(np.asarray(values, dtype=np.float64))


_BY_ROWS: Mapping[Measure, Callable[[Values], Values]] = {
    gini: _gini_rows,
    gini_corrected: _corrected_rows,
}
