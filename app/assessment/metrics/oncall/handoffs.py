"""When duty passes from one person to the next (ONC-08)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.duty.handoffs import Handoff
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
    of the schedule's time zone; where its name is unknown, a hand-off is neither in nor outside.
    At the edge of an override: one begins or ends at that moment.
    """
    found = account.handoffs.of(scope.schedules)
    n = len(found)
    placed = [side for each in found if (side := outside_business(account, each)) is not None]
    outside = sum(placed)
    return (
        count("handoffs", n, n),
        Value("handoffs_per_week", n / (scope.length_us / WEEK_US), n),
        count("handoffs_outside_business", outside, len(placed)),
        share("handoffs_outside_business_share", outside, len(placed)),
        count("handoffs_override", sum(each.at_override for each in found), n),
    )


def outside_business(account: Account, found: Handoff) -> bool | None:
    """By the clock of the schedule; None where its zone is not known."""
    zone = account.zones.of_schedule(found.schedule)
    if zone is None:
        return None
    return account.zones.clock(zone).band(found.at, account.options.bands) != "business"
