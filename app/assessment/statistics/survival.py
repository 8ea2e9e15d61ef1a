"""How long something lasts when some of it has not ended yet: Kaplan-Meier (C9, INC-09)."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.assessment.statistics.distinct import counted
from app.assessment.statistics.quantiles import Interval, Values, Z

_HALF = 0.5 + 1e-12
"""Products of fractions that make one half exactly may miss it by the last digits."""


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """A step curve; times in the unit they were given in, each array as long as ``times``."""

    times: Values
    """Distinct times at which something ended, ascending."""
    survival: Values
    """Share that lasts longer than that time."""
    at_risk: NDArray[np.int64]
    """Not yet ended or lost from view just before that time."""
    events: NDArray[np.int64]
    n: int
    """Ended and censored together."""
    longest: float
    """Longest follow-up, ended or not; 0 where n is 0."""

    @property
    def median(self) -> float | None:
        """Smallest t with S(t) <= 1/2; None where the curve stays above."""
        return _halved(self.times, self.survival)

    def at(self, t: float) -> float | None:
        """S(t); None beyond the longest follow-up, unless everything has ended by then."""
        if not self.n or (t > self.longest and self._steps()[-1] > 0):
            return None
        return float(self._steps()[np.searchsorted(self.times, t, side="right")])

    def curve(self, grid: Iterable[float]) -> list[float | None]:
        return [self.at(t) for t in grid]

    def horizon(self, tau: float) -> float:
        """Horizon of the restricted mean: ``tau``, at most the longest follow-up."""
        return min(tau, self.longest)

    def rmst(self, tau: float) -> float | None:
        """Restricted mean: area under the curve up to ``horizon(tau)``; None where n is 0."""
        return float(self._pieces(tau).sum()) if self.n else None

    def rmst_interval(self, tau: float) -> Interval | None:
        """95 % interval of ``rmst(tau)`` from Greenwood's variance, within 0 and the horizon.

        None where the variance is 0: nothing ended early enough.
        """
        pieces = self._pieces(tau)
        ahead = np.cumsum(pieces[::-1])[::-1][1:]
        left = self.at_risk - self.events
        terms = self.events / (self.at_risk * np.maximum(left, 1.0))
        deviation = float(np.sqrt((ahead**2 * terms).sum()))
        if deviation == 0:
            return None
        mean = float(pieces.sum())
        return max(0.0, mean - Z * deviation), min(self.horizon(tau), mean + Z * deviation)

    def median_interval(self) -> Interval | None:
        """Times at which the log-log limits of S(t) pass 1/2 (Brookmeyer and Crowley).

        None where the upper limit never does: the data do not bound the median from above.
        """
        left = self.at_risk - self.events
        inner = left > 0
        variance = np.cumsum((self.events / (self.at_risk * np.maximum(left, 1.0)))[inner])
        log = np.log(self.survival[inner])
        spread = np.exp(Z * np.sqrt(variance) / -log)
        low = _halved(self.times[inner], np.exp(log * spread))
        high = _halved(self.times[inner], np.exp(log / spread))
        return None if low is None or high is None else (low, high)

    def _steps(self) -> Values:
        return np.concatenate(([1.0], self.survival))

    def _pieces(self, tau: float) -> Values:
        """Area under each step up to the horizon, the one before the first event included."""
        end = self.horizon(tau)
        edges = np.minimum(np.concatenate(([0.0], self.times, [end])), end)
        return np.asarray(np.diff(edges) * self._steps(), dtype=np.float64)


def kaplan_meier(times: ArrayLike, events: ArrayLike) -> Survival:
    """Curve of ``times`` >= 0 that ended (``events`` true) or were still going (false).

    At equal times what ended comes before what was still going. Raises ValueError where the two
    differ in length.
    """
    waited = np.asarray(times, dtype=np.float64)
    ended = np.asarray(events, dtype=np.bool_)
    if waited.shape != ended.shape:
        raise ValueError("as many times as events")
    steps, deaths = counted(waited[ended])
    at_risk = len(waited) - np.searchsorted(np.sort(waited), steps, side="left")
    longest = float(waited.max(initial=0.0))
    survival = _products(at_risk, deaths, len(waited))
    return Survival(
        times=steps,
        survival=survival,
        at_risk=at_risk,
        events=deaths,
        n=len(waited),
        longest=longest,
    )


def _products(at_risk: NDArray[np.int64], deaths: NDArray[np.int64], n: int) -> Values:
    """Products of (1 - deaths / at risk), kept exact wherever nothing is censored in between."""
    left = at_risk - deaths
    carried = np.cumprod(np.concatenate(([n], left[:-1]))[: len(left)] / at_risk)
    return np.asarray(left * carried / n, dtype=np.float64)


def _halved(times: Values, shares: Values) -> float | None:
    """First time at which at most half are left."""
    reached = shares <= _HALF
    return float(times[np.argmax(reached)]) if reached.any() else None
