"""TRD: what changes from week to week."""

from app.assessment.metric import Metric
from app.assessment.metrics.trends.change_points import shift, week_over_week
from app.assessment.metrics.trends.control_charts import CHARTS, weekly_series
from app.assessment.metrics.trends.halves import halves
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (weekly_series, halves, shift, week_over_week)
SERIES: tuple[Series, ...] = CHARTS
