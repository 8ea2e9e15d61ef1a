"""POL: the structure of escalation policies. Facts of the configuration, nothing sampled."""

from app.assessment.metric import Metric
from app.assessment.metrics.policies.charts import minutes_to_exhaust
from app.assessment.metrics.policies.levels import direct_users, levels, reachable, same_person
from app.assessment.metrics.policies.timers import loops, service_timers, timeouts
from app.assessment.metrics.policies.upkeep import (
    delegation_loops,
    ownership,
    uncovered,
    unused,
)
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    levels,
    reachable,
    direct_users,
    same_person,
    timeouts,
    loops,
    uncovered,
    unused,
    service_timers,
    ownership,
    delegation_loops,
)
SERIES: tuple[Series, ...] = (minutes_to_exhaust,)
