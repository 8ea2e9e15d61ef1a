"""How often an override replaces the plan (ONC-11)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.duty.duty import hours
from app.assessment.figures import Value, count
from app.assessment.hours import WEEK_US
from app.assessment.metric import Measure, metric
from app.assessment.needs import DUTY
from app.assessment.scopes import Scope


@metric(
    "ONC-11",
    "Overrides",
    Measure("override_h", "Hours covered by an override", "h"),
    Measure("override_share", "Share of covered hours", "ratio"),
    Measure("override_count", "Overrides", "count"),
    Measure("overrides_per_week", "Overrides per week", "per week"),
    levels="AST",
    sample="rate",
    chart="bar",
    source="PagerDuty, Going On-call: watch overrides; our judgment: over 15 % is unstable",
    needs=DUTY,
)
def overrides(account: Account, scope: Scope) -> Iterable[Value]:
    """Hours that an override covers over all covered hours, added up schedule by schedule.

    Counts each override that reaches into the window; those of one person that touch are one. An
    override by the person who would have been on call anyway changes nothing, but the rendered
    schedule does not show that, so it counts too. None at all over 90 days may mean that nobody can
    swap.
    """
    duty = account.duty
    schedules = sorted(scope.schedules)
    overridden = sum(hours(duty.overridden(schedule)) for schedule in schedules)
    covered = sum(hours(duty.covered(schedule)) for schedule in schedules)
    number = sum(duty.override_count(schedule) for schedule in schedules)
    return (
        Value("override_h", overridden if schedules else None, number),
        Value("override_share", overridden / covered if covered else None, number),
        count("override_count", number, number),
        Value("overrides_per_week", number / (scope.length_us / WEEK_US), number),
    )
