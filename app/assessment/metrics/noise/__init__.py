"""NOI: what need not have reached a person."""

from app.assessment.metric import Metric
from app.assessment.metrics.noise.charts import alerts_histogram, storm_days, transient_curve
from app.assessment.metrics.noise.clusters import flapping, storms
from app.assessment.metrics.noise.human_action import (
    ack_without_action,
    human_touched,
    non_actionable,
)
from app.assessment.metrics.noise.repetition import alerts_per_incident, repeaters, stale
from app.assessment.metrics.noise.resolution import auto_resolved, transient, unattended
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    auto_resolved,
    transient,
    unattended,
    ack_without_action,
    flapping,
    storms,
    human_touched,
    alerts_per_incident,
    stale,
    repeaters,
    non_actionable,
)
SERIES: tuple[Series, ...] = (transient_curve, storm_days, alerts_histogram)
