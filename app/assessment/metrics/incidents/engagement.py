"""How much of whose time incidents take."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.columns import created_at
from app.assessment.figures import Value, durations
from app.assessment.metric import Measure, duration_measures, metric
from app.assessment.metrics.incidents.backlog import is_open
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope


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
    found = scope.places[effort.people[scope.places] > 0]
    hours = effort.hours_by_person(found)
    times = effort.incidents_by_person(found)
    (median,) = durations("engaged", effort.spent(found), ("median",))
    n = len(found)
    total = sum(sorted(hours.values())) if n else None
    mean = float(effort.people[found].mean()) if n else None
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
    effort = account.effort
    several = scope.places[effort.people[scope.places] > 1]
    people = effort.incidents_by_person(several)
    times = effort.last_joined(several) - account.columns.numbers(created_at)[several]
    for value in durations("mobilise", times, ("median", "p90")):
        yield Value(value.measure, value.value, value.n, value.interval, people=people)
