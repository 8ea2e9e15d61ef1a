"""How often something changes."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

from app.assessment.account import Account
from app.assessment.changes import Change, Services
from app.assessment.figures import Value, count, rate, tally
from app.assessment.hours import DAY_S, DAY_US, LocalClock
from app.assessment.metric import Measure, metric
from app.assessment.scopes import Scope
from app.assessment.statistics import order_interval, percentile


@metric(
    "DOR-01",
    "Deployment frequency (proxy)",
    Measure("changes", "Changes", "count"),
    Measure("changes_per_day", "Changes per day", "per day"),
    Measure("days_with_change", "Days with a change", "count", sample="exact"),
    Measure(
        "median_days_with_change_per_week",
        "Days with a change per week, median",
        "days",
        "median",
        sample="dur",
    ),
    levels="ATVW",
    sample="rate",
    chart="bars",
    source="DORA 2023 and 2024; the median of days per week as in Apache DevLake",
    needs=("change_events",),
    options=("change_dedupe_s",),
)
def deployment_frequency(account: Account, scope: Scope) -> Iterable[Value]:
    """Change events of the chosen integrations, repetitions left out, per day of the window.

    Events for the same services from the same integration within 60 seconds of the first are one
    change. Days are the account's local days; the median is over whole ISO weeks, those without a
    change included. Not every change event is a deployment.
    """
    found = changes_in(account, scope)
    yield tally("changes", len(found))
    yield rate("changes_per_day", len(found), scope.length_us / DAY_US)
    days = days_of(found, account.clock)
    yield count("days_with_change", len(days), round(scope.length_us / DAY_US))
    if scope.level == "week":
        return
    yield _median_days([len(days_of(each, account.clock)) for each in weekly(account, found)])


def services_in(scope: Scope) -> Services | None:
    """None where a scope holds every service, those that were deleted included."""
    return None if scope.level in ("account", "week") else scope.services


def changes_in(account: Account, scope: Scope) -> list[Change]:
    """Changes of a scope, in its time."""
    found = account.changes.of(services_in(scope))
    return _between(found, scope.since, scope.until)


def weekly(account: Account, found: Sequence[Change]) -> list[list[Change]]:
    """Changes of each whole week."""
    return [_between(found, week.start, week.end) for week in account.weeks]


def days_of(found: Iterable[Change], clock: LocalClock) -> set[int]:
    """Local days with a change."""
    at = np.fromiter((change.at for change in found), dtype=np.int64)
    return set((clock.locals_s(at) // DAY_S).tolist())


def _median_days(per_week: Sequence[int]) -> Value:
    name = "median_days_with_change_per_week"
    days = np.sort(np.array(per_week, dtype=np.float64))
    if not len(days):
        return Value(name, None, 0)
    return Value(name, percentile(days, 0.5), len(days), order_interval(days, 0.5))


def _between(found: Sequence[Change], since: int, until: int) -> list[Change]:
    low = bisect_left(found, since, key=_at)
    return list(found[low : bisect_left(found, until, key=_at)])


def _at(change: Change) -> int:
    return change.at
