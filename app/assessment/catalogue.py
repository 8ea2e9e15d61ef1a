"""The families of metrics and series. A metric goes into a module of ``metrics/<family>/``."""

from collections.abc import Mapping
from typing import NamedTuple

from app.assessment.metric import Metric
from app.assessment.metrics import (
    changes,
    escalations,
    incidents,
    interruptions,
    load,
    noise,
    oncall,
    policies,
    quality,
    services,
    trends,
)
from app.assessment.series import Series


class Family(NamedTuple):
    """A family of metrics, shown on one page."""

    title: str
    slug: str
    """Last part of the address of its page."""
    metrics: tuple[Metric, ...]
    series: tuple[Series, ...]


FAMILIES: Mapping[str, Family] = {
    "INC": Family("Incident lifecycle", "response", incidents.METRICS, incidents.SERIES),
    "INT": Family(
        "Interruptions and hours", "interruptions", interruptions.METRICS, interruptions.SERIES
    ),
    "ESC": Family("Escalation", "escalation", escalations.METRICS, escalations.SERIES),
    "POL": Family("Policies", "policies", policies.METRICS, policies.SERIES),
    "ONC": Family("On-call", "on-call", oncall.METRICS, oncall.SERIES),
    "LOAD": Family("Load", "load", load.METRICS, load.SERIES),
    "SVC": Family("Services and dependencies", "services", services.METRICS, services.SERIES),
    "NOI": Family("Noise", "noise", noise.METRICS, noise.SERIES),
    "DOR": Family("Change (proxy)", "change", changes.METRICS, changes.SERIES),
    "TRD": Family("Trends", "trends", trends.METRICS, trends.SERIES),
    "DQ": Family("Data quality", "data-quality", quality.METRICS, quality.SERIES),
}
METRICS: tuple[Metric, ...] = tuple(each for one in FAMILIES.values() for each in one.metrics)
SERIES: tuple[Series, ...] = tuple(each for one in FAMILIES.values() for each in one.series)
BY_ID: Mapping[str, Metric] = {each.id: each for each in METRICS}
BY_MEASURE: Mapping[str, Metric] = {
    measure.name: each for each in METRICS for measure in each.measures
}
