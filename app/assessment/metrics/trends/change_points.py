"""When the number of incidents changed, and the last week against those before."""

import math
from collections.abc import Iterable, Sequence

from app.assessment.account import Account
from app.assessment.figures import Value
from app.assessment.metric import Measure, metric
from app.assessment.metrics.trends.weeks import counts_by_week, median
from app.assessment.scopes import Scope
from app.assessment.statistics import Interval, change_point, rate_ratio

SIGNIFICANT = 0.05
"""Our judgment."""
_FEW = 5
"""Below this on both sides a ratio means nothing."""
_BEFORE = 8


@metric(
    "TRD-03",
    "Change point",
    Measure(
        "change_point_p", "Chance of a shift as large in shuffled weeks", "ratio", ratio="index"
    ),
    Measure("change_point", "Shift of the mean weekly incidents, from that week on", "per week"),
    levels="AV",
    sample="rate",
    chart="line",
    needs=("incidents",),
    options=("seed",),
)
def shift(account: Account, scope: Scope) -> Iterable[Value]:
    """The week from which on the number of incidents differs most from the weeks before.

    It maximises the cumulative sum of centred weekly counts. The chance is over 999 shuffles with
    the seed of the assessment; the week is reported below 0.05. One week at most, from twelve whole
    weeks and five incidents on.
    """
    counts = counts_by_week(account, scope)
    if sum(counts) < _FEW:
        yield Value("change_point_p", None, len(counts))
        return
    found = change_point(counts, account.options.seed)
    yield Value("change_point_p", None if found is None else found.p, len(counts))
    if found is not None and found.p < SIGNIFICANT:
        moved = _mean(counts[found.index :]) - _mean(counts[: found.index])
        yield Value("change_point", moved, len(counts), key=account.weeks[found.index].name)


def _mean(counts: Sequence[int]) -> float:
    return sum(counts) / len(counts)


@metric(
    "TRD-04",
    "Week over week",
    Measure(
        "week_over_week", "Incidents, last whole week over the one before", "ratio", ratio="index"
    ),
    Measure(
        "week_over_median",
        "Incidents, last whole week over the median of 8 before",
        "ratio",
        ratio="index",
    ),
    levels="ATV",
    sample="rate",
    chart="arrow with interval",
    source="PagerDuty's summary cards compare periods; exact interval of a rate ratio",
    needs=("incidents",),
)
def week_over_week(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents of the last whole ISO week over those of the week before.

    Also over the median of the eight weeks before it. No ratio where both numbers are below five.
    The interval comes from how the incidents of both split; half an incident of a median is left
    out of it.
    """
    counts = counts_by_week(account, scope)
    last = counts[-1] if counts else 0
    before = counts[-2] if len(counts) > 1 else None
    usual = median(counts[-1 - _BEFORE : -1]) if len(counts) > _BEFORE else None
    yield _ratio("week_over_week", before, last)
    yield _ratio("week_over_median", usual, last)


def _ratio(name: str, before: float | None, last: int) -> Value:
    if before is None:
        return Value(name, None, 0)
    n = last + math.floor(before)
    if before < _FEW and last < _FEW:
        return Value(name, None, n)
    interval: Interval | None = rate_ratio(math.floor(before), 1, last, 1)[1]
    return Value(name, last / before if before else None, n, interval)
