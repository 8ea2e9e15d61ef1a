"""How soon a person acknowledges."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import Numbers, Places, possible
from app.assessment.duty.acks import first_acks
from app.assessment.figures import Statistic, Value, durations, share, tally
from app.assessment.metric import Measure, duration_measures, metric
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope

_OF_THE_WHOLE = frozenset({"account", "week"})
_STATISTICS: tuple[Statistic, ...] = ("mean", "median", "p90", "p95")


tta: Callable[[Case], int | None] = attrgetter("tta")


acked: Callable[[Case], bool] = attrgetter("acked")


def _raised(case: Case) -> bool:
    return case.timeline.raised_at is not None


def _is_known(case: Case) -> bool:
    return case.in_time is not None


def _in_time(case: Case) -> bool:
    return bool(case.in_time)


def ack_times(account: Account, places: Places) -> Numbers:
    """Times to acknowledge in microseconds; impossible ones left out (C5)."""
    return possible(account.columns.numbers(tta)[places])


@metric(
    "INC-04",
    "Time to acknowledge",
    *duration_measures("tta", "Time to acknowledge", _STATISTICS),
    Measure("raised_count", "Incidents raised from low to high urgency", "count", sample="rate"),
    levels="ATVEW",
    sample="dur",
    split="AT",
    chart="cumulative curve on a logarithmic axis",
    source="PagerDuty mean_seconds_to_first_ack; its incident response guide escalates after "
    "5 minutes",
    needs=LIFECYCLE,
)
def time_to_acknowledge(account: Account, scope: Scope) -> Iterable[Value]:
    """From the creation of an incident to its first acknowledgement by a person.

    An incident created with low urgency and raised to high before that waits from when it was
    raised; how many there are is counted beside it.
    Acknowledgements by automation do not count, and incidents without an acknowledgement are left
    out: read it together with the share acknowledged. A few very slow ones pull the mean up; the
    median is steadier. For a team, a service or a policy it is withheld where only a few people
    acknowledged: it would be their time.
    """
    found = list(durations("tta", ack_times(account, scope.places), _STATISTICS))
    found.append(tally("raised_count", account.columns.count(_raised, scope.places)))
    if scope.level in _OF_THE_WHOLE:
        return found
    people = first_acks(account.columns, scope.places)
    return [value._replace(people=people) for value in found]


@metric(
    "INC-05",
    "Share acknowledged",
    Measure("acked_count", "Acknowledged incidents", "count", sample="rate"),
    Measure("ack_rate", "Share acknowledged", "ratio"),
    levels="ATVE",
    sample="prop",
    split="AT",
    chart="bar",
    source="our judgment: below 70 % of high urgency is low",
    needs=LIFECYCLE,
)
def acknowledged(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents that a person acknowledged at least once, of all incidents.

    Incidents that resolve themselves before a person acknowledges lower it.
    """
    hits = account.columns.count(acked, scope.places)
    return tally("acked_count", hits), share("ack_rate", hits, len(scope.places))


@metric(
    "INC-06",
    "Acknowledged in time",
    Measure("acked_within_target_rate", "Acknowledged within the target", "ratio"),
    levels="ATVEH",
    sample="prop",
    split="AT",
    chart="bullet",
    source="PagerDuty's incident response guide: escalate after 5 minutes",
    needs=LIFECYCLE,
    options=("ack_target_s",),
)
def acknowledged_in_time(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents a person acknowledged within the target, of all incidents of which that is known.

    The target is 5 minutes by default, and runs from when INC-04 starts. Incidents never
    acknowledged count as missed; those with contradictory times are in neither number.
    """
    known = account.columns.where(_is_known, scope.places)
    hits = account.columns.count(_in_time, known)
    yield share("acked_within_target_rate", hits, len(known))
