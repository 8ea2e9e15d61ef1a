"""How much people are on call (ONC-01, ONC-02)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.duty.duty import HOUR_US
from app.assessment.figures import Value, count, share, spread
from app.assessment.metric import Measure, metric
from app.assessment.metrics.oncall.people import crew_of, first_of, later_of, over, total_of
from app.assessment.needs import DUTY, REACH
from app.assessment.scopes import Scope

QUARTER = 0.25
"""Most of anybody's time that on-call duty should take (Google SRE book, chapter 11)."""


@metric(
    "ONC-01",
    "On-call hours",
    Measure("oncall_total_h", "On-call hours of all people", "h", additive=True, table="duty"),
    Measure("oncall_median_h", "On-call hours of a person, median", "h", "median"),
    Measure("oncall_l1_h", "On-call hours on level 1", "h", additive=True, table="duty"),
    Measure(
        "oncall_l2plus_h",
        "On-call hours on level 2 and above",
        "h",
        additive=True,
        table="duty",
    ),
    Measure(
        "schedule_hours_sum",
        "Hours schedule by schedule, added up",
        "h",
        additive=True,
        table="duty",
    ),
    Measure("always_on_people", "People named directly by a level", "count", privacy="P0"),
    levels="ATES",
    sample="ineq",
    privacy="P1",
    chart="strip",
    source="PagerDuty, seconds on call in all, on level 1 and above",
    needs=REACH,
    uses=("oncalls",),
)
def oncall_hours(account: Account, scope: Scope) -> Iterable[Value]:
    """Hours each person is on call: the union of their duty blocks over all schedules in scope.

    A block joins shifts no more than 60 seconds apart. Hours on schedules of level 1 and of later
    levels are counted separately and overlap where a person is on both. The sum over schedules
    counts a person on two schedules at once twice. Idle members of the roster count with 0 hours.
    People whom a level names directly are always on and counted separately.
    """
    crew = crew_of(account, scope)
    first = account.crews.of(first_of(account, scope))
    later = account.crews.of(later_of(account, scope))
    (median,) = spread("oncall", crew.hours.values(), ("median",))
    return (
        total_of("oncall_total_h", crew.hours),
        over("oncall_median_h", median.value, crew.hours, median.interval),
        total_of("oncall_l1_h", first.hours),
        total_of("oncall_l2plus_h", later.hours),
        total_of("schedule_hours_sum", crew.schedule_hours),
        _always_on(account, scope),
    )


def _always_on(account: Account, scope: Scope) -> Value:
    found = len(account.rota.direct(scope.policies))
    return count("always_on_people", found, found)


@metric(
    "ONC-02",
    "Share of time on call",
    Measure("oncall_share_median", "Share of time on call, median", "ratio", "median"),
    Measure("oncall_share_max", "Share of time on call, largest", "ratio", spread=True),
    Measure("people_over_quarter", "People on call over 25 % of the time", "count"),
    Measure(
        "people_over_quarter_share",
        "Share of people on call over 25 % of the time",
        "ratio",
        sample="prop",
    ),
    levels="AT",
    sample="ineq",
    privacy="P1",
    chart="histogram",
    source="Google SRE book, chapter 11: at most 25 % of the time, primary and secondary alike",
    needs=DUTY,
)
def oncall_share(account: Account, scope: Scope) -> Iterable[Value]:
    """A person's on-call hours over the hours of the window, of everybody on the roster.

    Every level counts: a backup is on call too.
    """
    window_h = scope.length_us / HOUR_US
    shares = {
        person: on_call / window_h for person, on_call in crew_of(account, scope).hours.items()
    }
    (median,) = spread("oncall_share", shares.values(), ("median",))
    above = sum(each > QUARTER for each in shares.values())
    part = share("people_over_quarter_share", above, len(shares))
    return (
        over("oncall_share_median", median.value, shares, median.interval),
        over("oncall_share_max", max(shares.values(), default=None), shares),
        over("people_over_quarter", above, shares),
        over("people_over_quarter_share", part.value, shares, part.interval),
    )
