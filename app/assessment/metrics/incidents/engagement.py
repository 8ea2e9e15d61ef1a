"""How much of whose time incidents take."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.figures import Value, durations
from app.assessment.metric import Measure, duration_measures, metric
from app.assessment.metrics.incidents.backlog import is_open
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope


def _was_worked_on(case: Case) -> bool:
    return bool(case.worked)


def _took_several(case: Case) -> bool:
    return len(case.worked) > 1


def _people(case: Case) -> int:
    return len(case.worked)


def _worked_us(case: Case) -> int:
    return sum(case.worked.values())


def _mobilised_us(case: Case) -> int | None:
    """From creation until the last person joined."""
    if not case.worked:
        return None
    return max(case.engaged[person] for person in case.worked) - case.incident.created_at


@metric(
    "INC-13",
    "Engaged time",
    Measure("engaged_h", "Engaged time of all people", "h", additive=True),
    Measure("engaged_median_s", "Engaged time per incident, median", "s", "median"),
    Measure(
        "engaged_people_mean", "People engaged per incident, mean", "people", "mean", additive=True
    ),
    Measure("engaged_open_count", "Of these, still open", "count", sample="rate", privacy="P0"),
    levels="ATVW",
    sample="dur",
    privacy="P1",
    chart="weekly area",
    source="PagerDuty engaged_seconds; 1.2 people and 126 minutes per incident in its State of "
    "Digital Operations 2021",
    needs=LIFECYCLE,
)
def engaged_time(account: Account, scope: Scope) -> Iterable[Value]:
    """Time from each person's first part in an incident to its end.

    A part is an acknowledgement, a yes to a request, or anything else that a person does to it,
    also under a type of log entry that PagerDuty does not document; not a trigger, an assignment,
    an escalation, a taken back acknowledgement or a resolve, which report it, hand it on or end it.
    Added up over the people of an incident and over incidents that anybody worked on. Snoozed time
    is included, as PagerDuty counts it; open incidents run up to the snapshot and are also counted
    separately.
    """
    effort, columns = account.effort, account.columns
    found = columns.where(_was_worked_on, scope.places)
    hours = effort.hours_by_person(found)
    times = effort.incidents_by_person(found)
    (median,) = durations("engaged", columns.numbers(_worked_us)[found], ("median",))
    n = len(found)
    total = sum(sorted(hours.values())) if n else None
    mean = float(columns.numbers(_people)[found].mean()) if n else None
    yield Value("engaged_h", total, n, people=hours)
    yield Value("engaged_median_s", median.value, n, median.interval, people=times)
    yield Value("engaged_people_mean", mean, n, people=times)
    yield Value("engaged_open_count", columns.count(is_open, found), n)


@metric(
    "INC-14",
    "Time to mobilise",
    *duration_measures("mobilise", "Time to mobilise", ("median",)),
    *duration_measures("mobilise", "Time to mobilise", ("p90",), spread=True),
    levels="AT",
    sample="dur",
    privacy="P1",
    chart="dot plot",
    source="PagerDuty seconds_to_mobilize",
    needs=LIFECYCLE,
)
def time_to_mobilise(account: Account, scope: Scope) -> Iterable[Value]:
    """From creation until the last of at least two people took part in it, as INC-13 defines;
    nothing for one alone."""
    several = account.columns.where(_took_several, scope.places)
    people = account.effort.incidents_by_person(several)
    times = account.columns.numbers(_mobilised_us)[several]
    for value in durations("mobilise", times, ("median", "p90")):
        yield Value(value.measure, value.value, value.n, value.interval, people=people)
