"""A figure: one number with its sample size, its interval and its rules for being shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

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
PrivacyClass = Literal["P0", "P1", "P2"]
Statistic = Literal["mean", "median", "p90", "p95"]
Scope = Mapping[str, str]

ACCOUNT: Scope = {"level": "account"}
QUANTILES: Mapping[Statistic, float] = {"median": 0.5, "p90": 0.9, "p95": 0.95}


@dataclass(frozen=True, slots=True)
class Figure:
    id: str
    """Metric of the catalogue, such as ``INC-04``."""
    measure: str
    value: float | None
    """None where there is nothing to compute it from; never zero instead (C13)."""
    unit: str
    n: int
    """Observations behind the value; for a share, its denominator."""
    interval: Interval | None = None
    scope: Scope = field(default_factory=lambda: ACCOUNT)
    sample_class: SampleClass = "exact"
    statistic: Statistic | None = None
    """Which statistic of durations this is; C14 asks more of some than of others."""
    privacy_class: PrivacyClass = "P0"

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "measure": self.measure,
            "value": self.value,
            "unit": self.unit,
            "n": self.n,
            "interval": None if self.interval is None else list(self.interval),
            "scope": dict(self.scope),
        }


def keyed(key: str, level: str = "account") -> Scope:
    """Scope of one key of a map."""
    return {"level": level, "key": key}


def count(metric: str, measure: str, events: int, of: int, scope: Scope = ACCOUNT) -> Figure:
    """``events`` among ``of`` observations; the matching share carries the interval."""
    return Figure(metric, measure, events, "count", of, None, scope, "rate")


def tally(metric: str, measure: str, events: int, of: int) -> Figure:
    """``events`` that the world produced, with their exact Poisson interval."""
    return Figure(metric, measure, events, "count", of, garwood(events), ACCOUNT, "rate")


def share(metric: str, measure: str, hits: int, of: int, scope: Scope = ACCOUNT) -> Figure:
    """``hits / of`` with its Wilson interval; None where ``of`` is 0."""
    value = hits / of if of else None
    return Figure(metric, measure, value, "ratio", of, wilson(hits, of), scope, "prop")


def durations(
    metric: str, prefix: str, micros: Sequence[int], statistics: Sequence[Statistic]
) -> list[Figure]:
    """Statistics of durations given in microseconds, as seconds: ``<prefix>_median_s`` and so on.

    A mean has no interval: durations are too skewed for one to mean anything (C9).
    """
    values = np.sort(np.array(micros, dtype=np.float64)) / MICROSECONDS
    found = []
    for statistic in statistics:
        value: float | None = None
        interval = None
        if micros and statistic == "mean":
            value = sum(micros) / len(micros) / MICROSECONDS
        elif micros:
            value = percentile(values, QUANTILES[statistic])
            interval = order_interval(values, QUANTILES[statistic])
        found.append(
            Figure(
                metric,
                f"{prefix}_{statistic}_s",
                value,
                "s",
                len(micros),
                interval,
                sample_class="dur",
                statistic=statistic,
            )
        )
    return found
