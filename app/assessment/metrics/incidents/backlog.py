"""What is still open."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.timeline import status_at
from app.assessment.figures import Value, count, durations, tally
from app.assessment.metric import Measure, duration_measures, metric
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope

is_open: Callable[[Case], bool] = attrgetter("open")
has_unknown_status: Callable[[Case], bool] = attrgetter("timeline.status_unknown")


@metric(
    "INC-03",
    "Open backlog",
    Measure("open_count", "Open incidents", "count"),
    Measure("open_by_status", "Open incidents by status", "count"),
    Measure("open_stale_count", "Open for more than a day", "count"),
    Measure("status_unknown_count", "Incidents of unknown status", "count"),
    *duration_measures(
        "open_age", "Age of open incidents", ("median", "p90"), sample="dur", coarse=True
    ),
    levels="ATV",
    sample="rate",
    chart="age histogram",
    source="ISA-18.2 calls an alarm stale after 24 hours",
    needs=("incidents",),
    uses=("log_entries",),
    options=("stale_s",),
)
def backlog(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents of the window not resolved at the snapshot, by status, with their age.

    A snoozed incident is open. An incident is stale when it is older than the option allows, a day
    by default. One with a status that is not known, and that neither a time nor the log shows as
    resolved, is not open: it is counted separately, and followed up to its last log entry. What
    happened after the snapshot is not known: one that was resolved then and reopened later is
    resolved.
    """
    options = account.options
    still_open = account.columns.picked(is_open, scope.places)
    ages = [options.as_of - case.incident.created_at for case in still_open]
    statuses = [status_at(case.timeline, options.as_of) for case in still_open]
    n = len(still_open)
    yield tally("open_count", n)
    for status in ("triggered", "acknowledged"):
        yield count("open_by_status", statuses.count(status), n, status)
    yield tally("open_stale_count", sum(age > options.stale_s * MICROSECONDS for age in ages))
    unknown = account.columns.count(has_unknown_status, scope.places)
    yield tally("status_unknown_count", unknown)
    yield from durations("open_age", ages, ("median", "p90"))
