"""Major incidents, and the time without one."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.figures import Value, rate, tally
from app.assessment.hours import WEEK_US
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope
from app.assessment.spans import clip, total, union

is_major: Callable[[Case], bool] = attrgetter("major")


@metric(
    "INC-15",
    "Major incidents",
    Measure("major_count", "Major incidents", "count"),
    Measure("majors_per_week", "Major incidents per week", "per week"),
    Measure("time_without_major_rate", "Time without a major incident", "ratio", sample="exact"),
    levels="ATV",
    sample="rate",
    chart="timeline strips",
    source="PagerDuty up_time_pct and its operational review guide",
    needs=(*LIFECYCLE, "priorities"),
)
def majors(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents of one of the account's two highest priorities, or that two added people joined.

    The time without one is the part of the window in which no major incident was open. An account
    without priorities has no figures.
    """
    if not account.facts.priorities:
        yield Value("major_count", None, 0)
        yield Value("majors_per_week", None, 0)
        yield Value("time_without_major_rate", None, 0)
        return
    found = account.columns.picked(is_major, scope.places)
    timed = [case for case in found if case.ttr is not None or not case.resolved]
    spans = [span for case in timed for span in case.spans]
    covered = total(union(clip(spans, scope.since, scope.until)))
    n = len(found)
    yield tally("major_count", n)
    yield rate("majors_per_week", n, scope.length_us / WEEK_US)
    yield Value("time_without_major_rate", 1 - covered / scope.length_us, n)
