"""INC: the lifecycle of incidents."""

from app.assessment.metric import Metric
from app.assessment.metrics.incidents.acknowledgement import (
    acknowledged,
    acknowledged_in_time,
    time_to_acknowledge,
)
from app.assessment.metrics.incidents.backlog import backlog
from app.assessment.metrics.incidents.curves import (
    ack_curve,
    open_age_histogram,
    recovery_survival,
)
from app.assessment.metrics.incidents.engagement import engaged_time, time_to_mobilise
from app.assessment.metrics.incidents.majors import majors
from app.assessment.metrics.incidents.ownership import dropped, reopened, unowned
from app.assessment.metrics.incidents.recovery import (
    censored_recovery,
    recovery_time,
    time_to_resolve,
)
from app.assessment.metrics.incidents.urgency import urgency_use
from app.assessment.metrics.incidents.volume import incidents, merged
from app.assessment.metrics.incidents.weekly import (
    weekly_ack_median,
    weekly_engaged,
    weekly_incidents,
    weekly_majors,
)
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    incidents,
    merged,
    backlog,
    time_to_acknowledge,
    acknowledged,
    acknowledged_in_time,
    time_to_resolve,
    recovery_time,
    censored_recovery,
    reopened,
    dropped,
    unowned,
    engaged_time,
    time_to_mobilise,
    majors,
    urgency_use,
)
SERIES: tuple[Series, ...] = (
    weekly_incidents,
    open_age_histogram,
    ack_curve,
    weekly_ack_median,
    recovery_survival,
    weekly_engaged,
    weekly_majors,
)
