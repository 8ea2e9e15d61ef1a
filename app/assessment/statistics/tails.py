"""Tail probabilities of counts, and the parameter at which a tail reaches a level.

A tail is its largest term times a sum of falling ratios, which become 0 where the terms end: the
work grows with the square root of the count. Each function is therefore good on one side of the
mean only; the docstring names it.
"""

import math
from collections.abc import Callable

import numpy as np

Tail = tuple[float, float]
"""A probability and its slope in the parameter."""

_STEP = 1e-9
"""Newton's error is squared at every step: the one after this is the floats' own."""
_STEPS = 100


def poisson_at_most(k: int, rate: float) -> Tail:
    """``P(X <= k)`` for a Poisson count of mean ``rate`` > 0; good for ``k <= rate``."""
    steps = np.arange(_reach(k))
    largest = _poisson(k, rate)
    return largest * float(1 + np.cumprod((k - steps) / rate).sum()), -largest


def poisson_at_least(k: int, rate: float) -> Tail:
    """``P(X >= k)`` for a Poisson count of mean ``rate`` > 0; good for ``k >= rate``."""
    steps = np.arange(1, _reach(k))
    largest = _poisson(k, rate)
    return largest * float(1 + np.cumprod(rate / (k + steps)).sum()), largest * k / rate


def binomial_at_least(k: int, n: int, p: float) -> Tail:
    """``P(X >= k)`` of ``n`` trials with chance 0 < ``p`` < 1; good for ``k >= n * p``."""
    steps = np.arange(_reach(k))
    falling = np.cumprod((n - k - steps) / (k + 1 + steps) * (p / (1 - p)))
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    largest = math.exp(log + k * math.log(p) + (n - k) * math.log1p(-p))
    return largest * float(1 + falling.sum()), largest * k / p


def crossing(tail: Callable[[float], Tail], start: float, level: float) -> float:
    """The parameter > 0 at which ``tail`` has the probability ``level``; ``start`` is near it.

    Newton's method on the logarithm, which is concave in the parameter: from its second step on
    it nears the crossing from one side. The first may fall short of 0 and is kept above it.
    """
    found = start
    for _ in range(_STEPS):
        chance, slope = tail(found)
        last, found = found, max(found / 2, found - math.log(chance / level) * chance / slope)
        if abs(found - last) <= _STEP * found:
            break
    return found


def _poisson(k: int, rate: float) -> float:
    return math.exp(k * math.log(rate) - rate - math.lgamma(k + 1))


def _reach(k: int) -> int:
    """So many terms away from ``k``, what is left out is below e**-50 of the first."""
    return 10 * math.isqrt(k) + 60
