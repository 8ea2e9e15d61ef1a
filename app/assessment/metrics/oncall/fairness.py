"""How evenly duty falls on people (ONC-03 to ONC-05)."""

from collections.abc import Iterable, Mapping

from app.assessment.account import Account
from app.assessment.figures import Value
from app.assessment.metric import Measure, metric
from app.assessment.metrics.oncall.people import crew_of, gini_interval, over, total_of
from app.assessment.needs import DUTY, ZONES
from app.assessment.scopes import Scope
from app.assessment.statistics import Interval, gini, gini_corrected


@metric(
    "ONC-03",
    "Inequality of on-call hours",
    Measure("gini_roster", "Gini over the roster", "ratio", spread=True, ratio="index"),
    Measure(
        "gini_roster_corrected",
        "Gini over the roster, corrected",
        "ratio",
        spread=True,
        ratio="index",
    ),
    Measure("gini_active", "Gini over people with a shift", "ratio", spread=True, ratio="index"),
    levels="ATS",
    sample="ineq",
    privacy="P1",
    chart="Lorenz curve",
    source="our judgment: over 0.3 high, over 0.45 very high",
    needs=DUTY,
    options=("seed",),
)
def inequality(account: Account, scope: Scope) -> Iterable[Value]:
    """Gini coefficient of hours: over the roster, idle members with 0 h, and over those with any.

    With x ascending and i from 1: 2 * sum(i * x) / (n * sum x) - (n + 1) / n; corrected: times
    n / (n - 1). Planned part-time makes an uneven share fair: ask before judging. The intervals
    are percentile bootstraps over people.
    """
    crew = crew_of(account, scope)
    corrected = gini_interval(account, crew.hours)
    even = len(crew.active) == len(crew.hours)
    active = corrected if even else gini_interval(account, crew.active)
    return (
        _gini("gini_roster", crew.hours, _shrunk(corrected, len(crew.hours))),
        over(
            "gini_roster_corrected",
            gini_corrected(list(crew.hours.values())),
            crew.hours,
            corrected,
        ),
        _gini("gini_active", crew.active, _shrunk(active, len(crew.active))),
    )


def _gini(measure: str, people: Mapping[bytes, float], interval: Interval | None) -> Value:
    return over(measure, gini(list(people.values())), people, interval)


def _shrunk(corrected: Interval | None, n: int) -> Interval | None:
    """The interval of the plain Gini: the corrected one is it times n / (n - 1)."""
    if corrected is None:
        return None
    low, high = corrected
    return low * (n - 1) / n, high * (n - 1) / n


@metric(
    "ONC-04",
    "Largest share of on-call hours",
    Measure("max_share", "Largest share of one person", "ratio", spread=True),
    Measure(
        "max_to_equal_share",
        "Largest share over an equal share",
        "ratio",
        spread=True,
        ratio="index",
    ),
    levels="ATS",
    sample="ineq",
    privacy="P1",
    source="PagerDuty, Going On-call: no one person disproportionately",
    needs=DUTY,
)
def largest_share(account: Account, scope: Scope) -> Iterable[Value]:
    """The most hours of one person over all people's hours, and that over 1 / size of roster."""
    hours = crew_of(account, scope).hours
    total = sum(hours.values())
    largest = max(hours.values(), default=0) / total if total else None
    ratio = None if largest is None else largest * len(hours)
    return over("max_share", largest, hours), over("max_to_equal_share", ratio, hours)


@metric(
    "ONC-05",
    "Night and weekend hours",
    Measure("sleep_total_h", "Hours in the sleep band", "h", additive=True, sensitive=True),
    Measure("weekend_total_h", "Hours on Saturdays and Sundays", "h", additive=True),
    Measure(
        "oncall_sleep_share",
        "Share of hours in the sleep band",
        "ratio",
        sensitive=True,
        follows="sleep_total_h",
    ),
    Measure(
        "oncall_weekend_share",
        "Share of hours on weekends",
        "ratio",
        follows="weekend_total_h",
    ),
    Measure(
        "sleep_gini", "Gini of sleep hours", "ratio", spread=True, sensitive=True, ratio="index"
    ),
    Measure("weekend_gini", "Gini of weekend hours", "ratio", spread=True, ratio="index"),
    levels="ATS",
    sample="ineq",
    privacy="P1",
    chart="stacked strip",
    source="PagerDuty's bands of the day",
    needs=DUTY,
    uses=ZONES,
    options=("bands", "seed"),
)
def night_and_weekend(account: Account, scope: Scope) -> Iterable[Value]:
    """Elapsed hours on call in the sleep band, and on local Saturdays and Sundays.

    In each person's own time zone, by its rules: a night in which clocks change has an hour more
    or less. Of people whose zone is known; the Gini (corrected) of either runs over their roster.
    """
    crew = crew_of(account, scope)
    for part, hours in (("sleep", crew.sleep_hours), ("weekend", crew.weekend_hours)):
        total = sum(crew.hours[person] for person in hours)
        yield total_of(f"{part}_total_h", hours)
        yield over(f"oncall_{part}_share", sum(hours.values()) / total if total else None, hours)
        uneven = gini_corrected(list(hours.values()))
        yield over(f"{part}_gini", uneven, hours, gini_interval(account, hours))
