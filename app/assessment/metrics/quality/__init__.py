"""DQ: how far the data can be trusted."""

from app.assessment.metric import Metric
from app.assessment.metrics.quality.clocks import ack_visibility, clock_anomalies
from app.assessment.metrics.quality.collection import (
    fetch_completeness,
    schedule_render,
    truncation,
)
from app.assessment.metrics.quality.consistency import inconsistent_facts
from app.assessment.metrics.quality.logs import log_completeness
from app.assessment.metrics.quality.people import time_zones, unknown_people
from app.assessment.metrics.quality.small_numbers import small_n, small_numbers
from app.assessment.metrics.quality.unknown_values import unknown_words
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    log_completeness,
    schedule_render,
    ack_visibility,
    clock_anomalies,
    truncation,
    fetch_completeness,
    unknown_words,
    time_zones,
    small_numbers,
    inconsistent_facts,
    unknown_people,
)
SERIES: tuple[Series, ...] = ()

__all__ = ["METRICS", "SERIES", "small_n"]
