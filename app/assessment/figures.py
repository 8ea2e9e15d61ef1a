"""A figure: one number with its sample size, its interval and its rules for being shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from typing import Literal, NamedTuple

import numpy as np

from app.assessment.options import MICROSECONDS
from app.assessment.statistics import (
    Interval,
    garwood,
    order_interval,
    percentile,
    wilson,
)

SampleClass = Literal["dur", "prop", "rate", "ineq", "exact"]
"""How many observations it takes before a value is shown (C14)."""
PrivacyClass = Literal["P0", "P1", "P2"]
"""P0: no person in it. P1: over people. P2: one person's, never published (C15)."""
Ratio = Literal["share", "difference", "index"]
"""What a ratio is: a part of a total, a difference of two shares, or neither of them: an index,
a ratio of two rates, a probability."""
Statistic = Literal["mean", "median", "p90", "p95"]

QUANTILES: Mapping[Statistic, float] = {"median": 0.5, "p90": 0.9, "p95": 0.95}
_Sorted = np.ndarray[tuple[int], np.dtype[np.float64]]
People = Mapping[bytes, float]
"""The people behind a value and each one's part of it; never leaves the memory."""


class Value(NamedTuple):
    """What a metric's function computes; its unit and classes are in the declaration."""

    measure: str
    value: float | None
    """None where there is nothing to compute it from; never zero instead (C13)."""
    n: int
    """Observations behind the value; for a share, its denominator."""
    interval: Interval | None = None
    key: str | None = None
    """Of a map: ``"L1"``, ``"sleep"``, a service's pseudonym in hexadecimal."""
    people: People | None = None
    """For a figure over people (P1): needed before it can be published."""


class Figure(NamedTuple):
    """A value with its declaration and its scope."""

    id: str
    """Metric of the catalogue, such as ``INC-04``."""
    measure: str
    value: float | None
    unit: str
    n: int | None
    interval: Interval | None
    level: str
    """``"account"``, ``"team"``, ``"service"``, ``"policy"``, ``"schedule"``, ``"hour"``,
    ``"week"``."""
    of: str | None
    """Which team, service and so on: pseudonym in hexadecimal, ``"2024-W23"``, ``"1-08"``."""
    key: str | None
    sample_class: SampleClass
    statistic: Statistic | None
    """Which statistic of durations this is; C14 requires more of some than of others."""
    privacy_class: PrivacyClass
    people: People | None = None
    withheld: str | None = None
    """The rule that hides the value, such as ``PRIV-1``."""
    ratio: Ratio = "share"
    """Where ``unit`` is ``"ratio"``."""
    minimum: int = 0
    """Observations it takes to be shown, where its metric requires more than C14."""
    not_collected: tuple[str, ...] = ()
    """Absent resources for want of which there is no value."""
    window: tuple[int, int] | None = None
    """Of a figure over people: what it is about, in microseconds since 1970 UTC (PRIV-4)."""

    @property
    def is_share(self) -> bool:
        """A part of a total: shown in per cent, and of few observations as "x of n"."""
        return self.unit == "ratio" and self.ratio == "share"

    @property
    def exact(self) -> bool:
        """A fact or a count: there is no sampling behind it."""
        return self.sample_class == "exact" or (self.unit == "count" and self.interval is None)

    def as_json(self) -> dict[str, object]:
        """The published form: nothing of a person in it, and no number that JSON has not."""
        if not all(map(isfinite, (self.value or 0, *(self.interval or ())))):
            raise ValueError(f"{self.id} {self.measure} is not finite")
        scope = {"level": self.level}
        if self.of is not None:
            scope["id"] = self.of
        if self.key is not None:
            scope["key"] = self.key
        published: dict[str, object] = {
            "id": self.id,
            "measure": self.measure,
            "value": self.value,
            "unit": self.unit,
            "n": self.n,
            "interval": None if self.interval is None else list(self.interval),
            "exact": self.exact,
            "scope": scope,
            "sample": self.sample_class,
            "privacy": self.privacy_class,
        }
        if self.not_collected:
            published["not_collected"] = list(self.not_collected)
        if self.withheld:
            published["withheld"] = self.withheld
        if self.window is not None:
            published["window"] = list(self.window)
        return published


def count(measure: str, events: int, of: int, key: str | None = None) -> Value:
    """``events`` among ``of`` observations; the matching share carries the interval."""
    return Value(measure, events, of, None, key)


def tally(measure: str, events: int) -> Value:
    """``events`` of a random process, with their exact Poisson interval."""
    return Value(measure, events, events, garwood(events))


def rate(measure: str, events: int, exposure: float, key: str | None = None) -> Value:
    """``events / exposure`` with the exact Poisson interval; None without exposure."""
    if not exposure:
        return Value(measure, None, events, None, key)
    low, high = garwood(events)
    return Value(measure, events / exposure, events, (low / exposure, high / exposure), key)


def share(measure: str, hits: int, of: int, key: str | None = None) -> Value:
    """``hits / of`` with its Wilson interval; None where ``of`` is 0."""
    return Value(measure, hits / of if of else None, of, wilson(hits, of), key)


def durations(prefix: str, micros: Iterable[int], statistics: Sequence[Statistic]) -> list[Value]:
    """Statistics of durations in microseconds, as seconds: ``<prefix>_median_s`` and so on.

    A mean has no interval: durations are too skewed for one to mean anything (C9).
    """
    values = _sorted(micros) / MICROSECONDS
    return [_statistic(f"{prefix}_{each}_s", values, each) for each in statistics]


def spread(prefix: str, amounts: Iterable[float], statistics: Sequence[Statistic]) -> list[Value]:
    """The same of any amounts: ``<prefix>_median`` and so on, in the amounts' unit."""
    values = _sorted(amounts)
    return [_statistic(f"{prefix}_{each}", values, each) for each in statistics]


def _sorted(amounts: Iterable[float]) -> _Sorted:
    # Walking through an array one by one takes many times as long as copying it.
    whole = amounts if isinstance(amounts, np.ndarray) else np.fromiter(amounts, dtype=np.float64)
    return np.sort(whole.astype(np.float64))


def _statistic(measure: str, values: _Sorted, each: Statistic) -> Value:
    n = len(values)
    if n == 0:
        return Value(measure, None, 0)
    if each == "mean":
        return Value(measure, float(values.mean()), n)
    p = QUANTILES[each]
    return Value(measure, percentile(values, p), n, order_interval(values, p))


Compute = Callable[..., Iterable[Value]]
