"""What the next two weeks bring (ONC-13)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.duty.duty import hours
from app.assessment.figures import Value
from app.assessment.metric import Measure, metric
from app.assessment.needs import REACH
from app.assessment.scopes import Scope
from app.assessment.spans import Spans


@metric(
    "ONC-13",
    "Upcoming changes",
    Measure("upcoming_handoffs", "Hand-offs in the next 14 days", "count"),
    Measure("upcoming_people", "People with a shift in the next 14 days", "count"),
    Measure("upcoming_uncovered_h", "Uncovered hours in the next 14 days", "h"),
    Measure("upcoming_l1_uncovered_h", "Hours without level 1 in the next 14 days", "h"),
    Measure(
        "upcoming_back_to_back",
        "Blocks with too short a rest before them",
        "count",
        privacy="P1",
        sensitive=True,
    ),
    levels="ASE",
    chart="calendar",
    source="our judgment; PagerDuty renders schedules at most 90 days ahead",
    needs=(*REACH, "services"),
    options=("min_rest_s",),
)
def upcoming(account: Account, scope: Scope) -> Iterable[Value]:
    """The 14 days from the snapshot on, as the schedules are planned today.

    Hand-offs, people, pairs of duty blocks of one person with less than the daily rest between
    them; uncovered hours of a schedule, and of a policy over all levels and on level 1. Of the
    account: those of all policies that have services. Unknown where no shift was rendered past
    the snapshot, or where a schedule was not collected.
    """
    ahead = account.ahead
    schedules = sorted(scope.schedules)
    n = sum(len(ahead.duty.entries.get(schedule, ())) for schedule in schedules)
    known = ahead.known and scope.schedules <= account.rota.known
    yield Value("upcoming_handoffs", len(ahead.handoffs.of(schedules)) if known else None, n)
    yield Value("upcoming_people", ahead.people(schedules) if known else None, n)
    short = ahead.back_to_back(schedules)
    pairs = sum(short.values()) if known else None
    yield Value("upcoming_back_to_back", pairs, n, people=short)
    yield Value("upcoming_uncovered_h", _uncovered(account, scope) if ahead.known else None, n)
    if scope.level != "schedule":
        found = [ahead.coverage.first_uncovered(policy) for policy in _policies(account, scope)]
        yield Value("upcoming_l1_uncovered_h", _sum(found) if ahead.known else None, n)


def _policies(account: Account, scope: Scope) -> list[bytes]:
    return sorted(account.coverage.in_use if scope.level == "account" else scope.policies)


def _uncovered(account: Account, scope: Scope) -> float | None:
    coverage = account.ahead.coverage
    if scope.level == "schedule":
        return _sum([coverage.schedule_gaps(schedule) for schedule in scope.schedules])
    return _sum([coverage.uncovered(policy) for policy in _policies(account, scope)])


def _sum(found: Iterable[Spans | None]) -> float | None:
    known = [hours(spans) for spans in found if spans is not None]
    return sum(known) if known else None
