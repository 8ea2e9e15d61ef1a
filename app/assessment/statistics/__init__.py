"""Estimates and 95 % intervals, without scipy at run time: numbers in, numbers out."""

from app.assessment.statistics.comparisons import cliffs_delta, holm, mann_whitney_p
from app.assessment.statistics.control import ChangePoint, Xmr, change_point, xmr
from app.assessment.statistics.counts import garwood, poisson_tail, rate_ratio
from app.assessment.statistics.inequality import (
    bootstrap_interval,
    bus_factor,
    gini,
    gini_corrected,
    herfindahl,
    lorenz,
    top_share,
)
from app.assessment.statistics.proportions import clopper_pearson, newcombe, wilson
from app.assessment.statistics.quantiles import (
    TAIL,
    Interval,
    Values,
    Z,
    order_interval,
    percentile,
)
from app.assessment.statistics.survival import Survival, kaplan_meier

__all__ = [
    "TAIL",
    "ChangePoint",
    "Interval",
    "Survival",
    "Values",
    "Xmr",
    "Z",
    "bootstrap_interval",
    "bus_factor",
    "change_point",
    "cliffs_delta",
    "clopper_pearson",
    "garwood",
    "gini",
    "gini_corrected",
    "herfindahl",
    "holm",
    "kaplan_meier",
    "lorenz",
    "mann_whitney_p",
    "newcombe",
    "order_interval",
    "percentile",
    "poisson_tail",
    "rate_ratio",
    "top_share",
    "wilson",
    "xmr",
]
