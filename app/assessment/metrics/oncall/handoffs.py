"""When duty passes from one person to the next (ONC-08)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.duty.handoffs import Handoff, handoffs
from app.assessment.figures import Value, count, share
from app.assessment.hours import WEEK_US
from app.assessment.metric import Measure, metric
from app.assessment.needs import DUTY
from app.assessment.scopes import Scope


@metric(
    "ONC-08",
    "Hand-offs",
    Measure("handoffs", "Hand-offs", "count"),
    Measure("handoffs_per_week", "Hand-offs per week", "per week"),
    Measure("handoffs_outside_business", "Hand-offs outside business hours", "count"),
    Measure(
        "handoffs_outside_business_share",
        "Share of hand-offs outside business hours",
        "ratio",
        sample="prop",
    ),
    Measure("handoffs_override", "Hand-offs at the edge of an override", "count"),
    levels="AST",
    sample="rate",
    chart="timeline",
    source="our judgment: over 50 % outside business hours",
    needs=DUTY,
    options=("bands",),
)
def changes_of_person(account: Account, scope: Scope) -> Iterable[Value]:
    """Moments at which the person on call on a schedule changes, added up over schedules.

    One person's duty ends and another's has begun meanwhile or begins within 60 seconds; a
    change into a gap is none, and people who change together make one. Business hours are those
    of the schedule's time zone. At the edge of an override: one begins or ends at that moment.
    """
    found = [each for schedule in sorted(scope.schedules) for each in _of(account, scope, schedule)]
    n = len(found)
    outside = sum(_outside(account, each) for each in found)
    return (
        count("handoffs", n, n),
        Value("handoffs_per_week", n / (scope.length_us / WEEK_US), n),
        count("handoffs_outside_business", outside, n),
        share("handoffs_outside_business_share", outside, n),
        count("handoffs_override", sum(each.at_override for each in found), n),
    )


def _of(account: Account, scope: Scope, schedule: bytes) -> list[Handoff]:
    return handoffs(account.rota, schedule, scope.since, scope.until)


def _outside(account: Account, found: Handoff) -> bool:
    zones = account.zones
    clock = zones.clock(zones.of_schedule(found.schedule))
    return clock.band(found.at, account.options.bands) != "business"
