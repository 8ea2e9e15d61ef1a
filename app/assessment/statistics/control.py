"""A weekly series: what is ordinary variation, and where its level moved (TRD-01, TRD-03)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from app.assessment.statistics.quantiles import Values

_WIDTH = 2.66
"""Mean moving range to three standard deviations: 3 / 1.128 (Wheeler)."""
_RUN = 8
_CHANGE_FROM = 12
_NOISE = 1e-12
"""Share of the largest value below which a difference is the floats' own."""


@dataclass(frozen=True, slots=True)
class Xmr:
    mean: float
    mean_moving_range: float
    upper: float
    lower: float
    """Never below 0."""
    signals: tuple[int, ...]
    """Indices outside the limits, or anywhere in a run of 8 or more on one side of the mean."""


@dataclass(frozen=True, slots=True)
class ChangePoint:
    index: int
    """First week after the change: the weeks before it are ``values[:index]``."""
    direction: Literal["up", "down"]
    """Whether the mean is higher or lower from ``index`` on."""
    p: float


def xmr(values: Sequence[float], minimum: int = 8) -> Xmr | None:
    """Limits of individual values >= 0 in the order of time; None below ``minimum`` of them.

    Values are numbered from 0. A value that equals the mean ends a run; all values of a run are
    signals.
    """
    if len(values) < max(minimum, 2):
        return None
    series = np.array(values, dtype=np.float64)
    mean = math.fsum(values) / len(values)
    moving = float(np.abs(np.diff(series)).mean())
    upper, lower = mean + _WIDTH * moving, max(0.0, mean - _WIDTH * moving)
    noise = _NOISE * float(np.abs(series).max())
    outside = (series > upper + noise) | (series < lower - noise)
    sides = np.where(np.abs(series - mean) <= noise, 0.0, np.sign(series - mean))
    signals = np.flatnonzero(outside | (sides != 0) & (_run_lengths(sides) >= _RUN))
    return Xmr(mean, moving, upper, lower, tuple(signals.tolist()))


def change_point(values: Sequence[float], seed: int, permutations: int = 999) -> ChangePoint | None:
    """The week at which the level moved most, by the cumulative sum of centred values.

    ``p`` is the share of shuffled series, the real one included, whose largest sum is at least as
    large. None below 12 weeks and where all values are equal. Of equal sums the earliest counts.
    """
    series = np.array(values, dtype=np.float64)
    if len(series) < _CHANGE_FROM or (series == series[0]).all():
        return None
    sums = _cusum(series[np.newaxis])[0]
    noise = _NOISE * len(series) * float(np.abs(series).max())
    largest = float(np.abs(sums).max()) - noise
    index = int(np.argmax(np.abs(sums) >= largest))
    shuffled = series[_orders(len(series), seed, permutations)]
    as_large = int((np.abs(_cusum(shuffled)).max(axis=1) >= largest).sum())
    direction: Literal["up", "down"] = "up" if sums[index] < 0 else "down"
    return ChangePoint(index + 1, direction, (1 + as_large) / (1 + permutations))


@lru_cache(maxsize=4)
def _orders(n: int, seed: int, permutations: int) -> NDArray[np.int64]:
    """Shuffled places, a row for each permutation; every place of an account has as many weeks."""
    orders = np.tile(np.arange(n), (permutations, 1))
    default_rng(seed).permuted(orders, axis=1, out=orders)
    return orders


def _cusum(rows: Values) -> Values:
    """Sums of the first 1, 2, … n - 1 centred values of each row."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(np.cumsum(centred, axis=1)[:, :-1], dtype=np.float64)


def _run_lengths(sides: Values) -> Values:
    """For each place, how many neighbours in a row, itself included, share its side."""
    starts = np.flatnonzero(np.concatenate(([True], np.diff(sides) != 0)))
    lengths = np.diff(np.concatenate((starts, [len(sides)])))
    return np.repeat(lengths, lengths).astype(np.float64)
