"""When anybody is on call, and when nobody is (ONC-09)."""

from collections.abc import Iterable, Sequence

from app.assessment.account import Account
from app.assessment.duty.duty import HOUR_US, hours
from app.assessment.figures import Value, count
from app.assessment.metric import Measure, metric
from app.assessment.needs import REACH
from app.assessment.scopes import Scope
from app.assessment.spans import Span, total, union


@metric(
    "C2",
    "Window",
    Measure("window_h", "Length of the window", "h"),
    source="our convention C2",
    needs=(),
)
def window(account: Account, scope: Scope) -> Iterable[Value]:
    """Hours from the beginning of the window, included, to its end, excluded."""
    return (Value("window_h", scope.length_us / HOUR_US, 1),)


@metric(
    "ONC-09",
    "Coverage and gaps",
    Measure("covered_h", "Hours with anybody on call", "h"),
    Measure("schedules_with_gap_count", "Schedules with a gap", "count"),
    Measure("l1_covered_share", "Share of expected hours covered on level 1", "ratio"),
    Measure("policies_with_gap_count", "Policies that reach nobody at times", "count"),
    Measure("schedule_covered_h", "Covered hours", "h"),
    Measure("schedule_covered_share", "Share of the window covered", "ratio"),
    Measure("schedule_gap_h", "Uncovered hours", "h"),
    Measure("schedule_gap_count", "Gaps", "count"),
    Measure("schedule_seam_count", "Seams shorter than a minute", "count"),
    Measure("policy_expected_h", "Hours in which somebody is expected", "h"),
    Measure("policy_l1_uncovered_h", "Expected hours without level 1", "h"),
    Measure("policy_l1_uncovered_share", "Share of expected hours without level 1", "ratio"),
    Measure("policy_uncovered_h", "Expected hours without anybody", "h"),
    Measure("policy_uncovered_count", "Gaps over all levels", "count"),
    Measure("policy_seam_count", "Seams over all levels, shorter than a minute", "count"),
    levels="ASEV",
    chart="gap calendar",
    source="PagerDuty's rendered coverage; PagerDuty drops an incident that reaches no level",
    needs=(*REACH, "services"),
)
def cover(account: Account, scope: Scope) -> Iterable[Value]:
    """Union of shifts, and what it leaves of the time in which somebody is expected.

    Of a schedule, and of the account as a whole: of the window; a schedule without any shift is one
    gap. Of level 1 of a policy and of all its levels: of the hours at which a service behind it can
    page with high urgency. That is always where its urgency is high or follows the severity, or is
    so outside its support hours; the support hours where it is so only in them; never where it is
    low. A policy without a service expects somebody always. A direct user covers a level always.
    What depends on a schedule that was not collected, or on support hours in a time zone that is
    not known, is unknown. Less than 60 seconds are a seam, counted separately, and no gap. A
    service has the figures of its policy. The account's level-1 share adds up over policies that
    have services.
    """
    if scope.level == "account":
        return _account(account, scope)
    if scope.level == "schedule":
        return _schedule(account, scope)
    return [value for policy in scope.policies for value in _policy(account, policy)]


def _account(account: Account, scope: Scope) -> list[Value]:
    coverage = account.coverage
    anybody = union(span for each in scope.schedules for span in account.duty.covered(each))
    with_gap = sum(bool(coverage.schedule_gaps(each)) for each in scope.schedules)
    known = [
        p
        for p in sorted(coverage.in_use)
        if coverage.first_uncovered(p) is not None and coverage.expected(p) is not None
    ]
    expected = sum(total(coverage.expected(policy) or ()) for policy in known)
    left = sum(total(coverage.first_uncovered(policy) or ()) for policy in known)
    lost = [found for p in coverage.in_use if (found := coverage.uncovered(p)) is not None]
    return [
        Value("covered_h", hours(anybody) if scope.schedules else None, len(scope.schedules)),
        count("schedules_with_gap_count", with_gap, len(scope.schedules)),
        Value("l1_covered_share", 1 - left / expected if expected else None, len(known)),
        count("policies_with_gap_count", sum(map(bool, lost)), len(lost)),
    ]


def _schedule(account: Account, scope: Scope) -> list[Value]:
    (schedule,) = scope.schedules
    covered, gaps = account.duty.covered(schedule), account.coverage.schedule_gaps(schedule)
    n = len(account.duty.entries.get(schedule, ()))
    return [
        Value("schedule_covered_h", hours(covered), n),
        Value("schedule_covered_share", total(covered) / scope.length_us, n),
        Value("schedule_gap_h", hours(gaps), n),
        Value("schedule_gap_count", len(gaps), n),
        Value("schedule_seam_count", len(account.coverage.schedule_seams(schedule)), n),
    ]


def _policy(account: Account, policy: bytes) -> list[Value]:
    coverage = account.coverage
    expected = _hours(coverage.expected(policy))
    first, anybody = coverage.first_uncovered(policy), coverage.uncovered(policy)
    seams = coverage.seams(policy)
    n = len(account.duty.rules.get(policy, ()))
    share = None if first is None or not expected else hours(first) / expected
    return [
        Value("policy_expected_h", expected, n),
        Value("policy_l1_uncovered_h", _hours(first), n),
        Value("policy_l1_uncovered_share", share, n),
        Value("policy_uncovered_h", _hours(anybody), n),
        Value("policy_uncovered_count", None if anybody is None else len(anybody), n),
        Value("policy_seam_count", None if seams is None else len(seams), n),
    ]


def _hours(spans: Sequence[Span] | None) -> float | None:
    return None if spans is None else hours(spans)
