"""ONC: who is on call, when, and how evenly."""

from app.assessment.metric import Metric
from app.assessment.metrics.oncall.blocks import longest_block, rest, shift_pattern
from app.assessment.metrics.oncall.coverage import cover, window
from app.assessment.metrics.oncall.fairness import inequality, largest_share, night_and_weekend
from app.assessment.metrics.oncall.handoffs import changes_of_person
from app.assessment.metrics.oncall.hours import oncall_hours, oncall_share
from app.assessment.metrics.oncall.overlap import twice_or_alone
from app.assessment.metrics.oncall.overrides import overrides
from app.assessment.metrics.oncall.rotation import idle_members, rotation
from app.assessment.metrics.oncall.series import (
    duty_lorenz,
    duty_shares,
    level1_gap_hours,
    upcoming_days,
    weekly_coverage,
)
from app.assessment.metrics.oncall.upcoming import upcoming
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    window,
    oncall_hours,
    oncall_share,
    inequality,
    largest_share,
    night_and_weekend,
    longest_block,
    rest,
    changes_of_person,
    cover,
    twice_or_alone,
    overrides,
    rotation,
    upcoming,
    idle_members,
    shift_pattern,
)
SERIES: tuple[Series, ...] = (
    weekly_coverage,
    level1_gap_hours,
    duty_lorenz,
    duty_shares,
    upcoming_days,
)
