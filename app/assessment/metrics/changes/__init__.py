"""DOR: proxies from change events."""

from app.assessment.metric import Metric
from app.assessment.metrics.changes.charts import (
    change_failure_curve,
    change_recovery,
    deployment_weeks,
)
from app.assessment.metrics.changes.failures import (
    chance_rate,
    change_failure_rate,
    incidents_per_change,
)
from app.assessment.metrics.changes.frequency import deployment_frequency
from app.assessment.metrics.changes.recovery import failed_deployment_recovery
from app.assessment.metrics.changes.visibility import change_visibility, rework
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    deployment_frequency,
    change_failure_rate,
    incidents_per_change,
    failed_deployment_recovery,
    chance_rate,
    rework,
    change_visibility,
)
SERIES: tuple[Series, ...] = (deployment_weeks, change_failure_curve, change_recovery)
