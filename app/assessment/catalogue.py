"""Every metric and series that the engine computes, family by family."""

from collections.abc import Mapping

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

_FAMILIES = (
    incidents,
    interruptions,
    escalations,
    policies,
    oncall,
    load,
    services,
    noise,
    changes,
    trends,
    quality,
)
METRICS: tuple[Metric, ...] = tuple(each for family in _FAMILIES for each in family.METRICS)
SERIES: tuple[Series, ...] = tuple(each for family in _FAMILIES for each in family.SERIES)
FAMILIES: Mapping[str, str] = {
    "INC": "Incident lifecycle",
    "INT": "Interruptions and hours",
    "ESC": "Escalation",
    "POL": "Policies",
    "ONC": "On-call",
    "LOAD": "Load",
    "SVC": "Services and dependencies",
    "NOI": "Noise",
    "DOR": "Change (proxy)",
    "TRD": "Trends",
    "DQ": "Data quality",
}
BY_ID: Mapping[str, Metric] = {each.id: each for each in METRICS}
BY_MEASURE: Mapping[str, Metric] = {
    measure.name: each for each in METRICS for measure in each.measures
}
