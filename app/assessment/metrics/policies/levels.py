"""Levels, the people on them, and whether they are the same (POL-01 to POL-04)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.figures import Value
from app.assessment.metric import Measure, metric
from app.assessment.metrics.policies.check_values import behind, fact, failing_policies, policies_of
from app.assessment.needs import POLICIES, REACH, ZONES
from app.assessment.options import HOUR, MICROSECONDS
from app.assessment.scopes import Scope


@metric(
    "POL-01",
    "Levels",
    Measure("levels", "Levels", "count"),
    Measure("unique_levels", "Levels with different targets", "count"),
    Measure("one_level_policies", "Policies with one level", "count"),
    Measure("fewer_than_two_unique_levels", "Policies with fewer than two unique levels", "count"),
    Measure(
        "fewer_than_three_unique_levels", "Policies with fewer than three unique levels", "count"
    ),
    Measure(
        "services_below_two_levels_share",
        "Share of services with fewer than two levels",
        "ratio",
        needs=("services",),
    ),
    levels="AEV",
    chart="table",
    source="PagerDuty's service standard requires two unique levels, its on-call guide three",
    needs=POLICIES,
)
def levels(account: Account, scope: Scope) -> Iterable[Value]:
    """Rules of an escalation policy, and how many of them differ in whom they target.

    A level that repeats the targets of another is not unique; round robin is one level. A service
    has the figure of its policy. The share is over active services whose policy is known.
    """
    if scope.level != "account":
        for policy in policies_of(account, scope):
            known = bool(policy.rules)
            yield fact("levels", len(policy.rules) if known else None)
            yield fact("unique_levels", policy.unique_levels if known else None)
    else:
        yield behind(account, "services_below_two_levels_share", "fewer_than_two_unique_levels")
    if scope.level != "service":
        yield from failing_policies(
            account,
            scope,
            "one_level_policies",
            "fewer_than_two_unique_levels",
            "fewer_than_three_unique_levels",
        )


@metric(
    "POL-02",
    "Reachable people",
    Measure("reachable_people", "People that a policy can reach", "count"),
    Measure("nobody_policies", "Policies that reach nobody", "count"),
    Measure("single_person_policies", "Policies that reach one person", "count"),
    Measure("two_person_policies", "Policies that reach two people", "count"),
    Measure(
        "services_on_single_person_policy_share",
        "Share of services behind a policy of one person",
        "ratio",
    ),
    Measure(
        "services_below_three_people_share",
        "Share of services behind a policy of two people or fewer",
        "ratio",
    ),
    levels="AEV",
    chart="bar",
    needs=(*REACH, "services"),
    uses=ZONES,
)
def reachable(account: Account, scope: Scope) -> Iterable[Value]:
    """Different people over all levels of a policy: direct users, and the people whom its schedules
    list or who had a shift in the window; not those who were deleted, because a roster marks them
    so or the list of users was read and does not have them.

    One is a single point of failure. Not known where a schedule was not collected. The shares
    are over active services whose policy is known.
    """
    counted = ("nobody_policies", "single_person_policies", "two_person_policies")
    if scope.level != "account":
        for policy in policies_of(account, scope):
            people = policy.reachable
            yield fact("reachable_people", None if people is None else len(people))
    else:
        yield behind(account, "services_on_single_person_policy_share", "single_person_policies")
        yield behind(account, "services_below_three_people_share", *counted)
    if scope.level != "service":
        yield from failing_policies(account, scope, *counted)


@metric(
    "POL-03",
    "Direct users",
    Measure("policies_with_direct_user", "Policies with a user as target", "count"),
    Measure("policies_with_direct_user_first", "With a user on the first level", "count"),
    Measure("policies_only_users", "Policies with users only", "count"),
    Measure(
        "services_on_direct_user_first_share",
        "Share of services that page a user first",
        "ratio",
        needs=("services",),
    ),
    levels="AE",
    chart="table",
    source="PagerDuty's on-call guide: target schedules, never single users",
    needs=POLICIES,
)
def direct_users(account: Account, scope: Scope) -> Iterable[Value]:
    """Policies that name a user instead of a schedule on some level, on the first, on all.

    A lone user on the last level weighs little. The share is over active services whose policy
    is known.
    """
    first = "policies_with_direct_user_first"
    if scope.level == "account":
        yield behind(account, "services_on_direct_user_first_share", first)
    yield from failing_policies(
        account, scope, "policies_with_direct_user", first, "policies_only_users"
    )


@metric(
    "POL-04",
    "Same person on several levels",
    Measure("policies_with_same_person", "Policies with somebody on several levels", "count"),
    Measure("same_person_several_levels", "People on several levels by roster", "count"),
    Measure("same_person_simultaneous_h", "Hours on several levels at once", "h"),
    Measure(
        "same_person_simultaneous_share",
        "Share of the window with one person on two levels",
        "ratio",
    ),
    levels="AE",
    chart="table",
    source="PagerDuty's incident response guide: the backup is a second person",
    needs=REACH,
)
def same_person(account: Account, scope: Scope) -> Iterable[Value]:
    """People whom the rosters put on two or more levels of a policy, and the time in which anybody
    really was on two levels at once by rendered shifts; direct users are always on theirs.

    The roster alone shows only that it is possible: the primary of this week may be the backup of
    the next.
    """
    yield from failing_policies(account, scope, "policies_with_same_person")
    if scope.level != "policy":
        return
    for policy in policies_of(account, scope):
        complete = policy.reachable is not None
        yield fact("same_person_several_levels", len(policy.repeated) if complete else None)
        spent = policy.simultaneous_us
        hours = None if spent is None else spent / (HOUR * MICROSECONDS)
        yield fact("same_person_simultaneous_h", hours)
        share = None if spent is None else spent / scope.length_us
        yield fact("same_person_simultaneous_share", share)
