"""ESC: the paths through the escalation policies."""

from app.assessment.metric import Metric
from app.assessment.metrics.escalations.acknowledgements import (
    ack_by_level,
    exhausted,
    never_acknowledged,
)
from app.assessment.metrics.escalations.charts import acked_by_level, level_flow
from app.assessment.metrics.escalations.escalation_rates import (
    causes,
    escalated,
    missed_page_delay,
    missed_pages,
)
from app.assessment.metrics.escalations.paths import first_touch, level_reached, paths
from app.assessment.metrics.escalations.reassignments import added_responders, reassignments
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    paths,
    escalated,
    missed_pages,
    causes,
    ack_by_level,
    first_touch,
    level_reached,
    reassignments,
    exhausted,
    never_acknowledged,
    missed_page_delay,
    added_responders,
)
SERIES: tuple[Series, ...] = (level_flow, acked_by_level)
