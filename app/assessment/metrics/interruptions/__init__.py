"""INT: interruptions, and the hours at which they come."""

from app.assessment.metric import Metric
from app.assessment.metrics.interruptions.hours import hour_map, interrupted_hours
from app.assessment.metrics.interruptions.nights import disturbed_nights, interrupted_rest
from app.assessment.metrics.interruptions.out_of_hours import (
    band_split,
    out_of_hours_rate,
    out_of_hours_share,
)
from app.assessment.metrics.interruptions.series import (
    disturbed_nights_of_people,
    incident_hours,
    weekly_interruptions,
)
from app.assessment.metrics.interruptions.volume import (
    interruptions,
    interruptions_per_incident,
    notifications,
)
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    notifications,
    interruptions,
    band_split,
    out_of_hours_share,
    interruptions_per_incident,
    disturbed_nights,
    out_of_hours_rate,
    interrupted_hours,
    hour_map,
    interrupted_rest,
)
SERIES: tuple[Series, ...] = (weekly_interruptions, incident_hours, disturbed_nights_of_people)
