"""LOAD: the load of on-call duty on the people who do it."""

from app.assessment.metric import Metric
from app.assessment.metrics.load.burden import concentration, interruptions_per_hour, recovery
from app.assessment.metrics.load.heavy_shifts import heavy_shifts
from app.assessment.metrics.load.rate import incidents_per_shift
from app.assessment.metrics.load.series import weekly_load
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    incidents_per_shift,
    interruptions_per_hour,
    heavy_shifts,
    concentration,
    recovery,
)
SERIES: tuple[Series, ...] = (weekly_load,)
