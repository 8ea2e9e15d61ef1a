"""Incidents that are reassigned, and people who are requested to help."""

from collections import Counter
from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.engaged import joined_at
from app.assessment.figures import Value, count, durations, share, tally
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE, REACH
from app.assessment.scopes import Scope


def _moved(case: Case) -> bool:
    return bool(case.path.reassigned_to)


def _asked_for_help(case: Case) -> bool:
    return bool(case.incident.requests or case.incident.responders)


@metric(
    "ESC-08",
    "Reassignments",
    Measure("reassignments", "Reassignments", "count"),
    Measure("reassignments_by_target", "Reassignments by where to", "count"),
    Measure("reassigned_rate", "Share reassigned", "ratio", sample="prop"),
    Measure("ping_pong_incidents", "Incidents handed back", "count"),
    levels="ATV",
    sample="rate",
    chart="matrix of counts",
    source="PagerDuty reassigned",
    needs=(*LIFECYCLE, *REACH),
    options=("pair_tolerance_s",),
)
def reassignments(account: Account, scope: Scope) -> Iterable[Value]:
    """Assignments by a person, to a level, to somebody outside the levels or to another policy; not
    those by automation.

    An assignment within 5 seconds of the trigger, an escalation or a repeat belongs to that step.
    Handed back means given to somebody who had it before and no longer had it.
    """
    moved = account.columns.picked(_moved, scope.places)
    targets = Counter(place for case in moved for place in case.path.reassigned_to)
    total = targets.total()
    yield tally("reassignments", total)
    for place in sorted(targets):
        yield count("reassignments_by_target", targets[place], total, place)
    yield share("reassigned_rate", len(moved), len(scope.places))
    yield tally("ping_pong_incidents", sum(case.path.ping_pongs > 0 for case in moved))


@metric(
    "ESC-12",
    "Added responders",
    Measure(
        "responder_requests_per_incident",
        "Requests for help per incident",
        "per incident",
        sample="rate",
    ),
    Measure("responder_accepted_rate", "Share of requests that were accepted", "ratio"),
    Measure("responder_accept_median_s", "Time to join, median", "s", "median", sample="dur"),
    levels="AT",
    sample="prop",
    privacy="P1",
    chart="bar",
    source="PagerDuty's analytics of incident responses",
    needs=("incidents",),
)
def added_responders(account: Account, scope: Scope) -> Iterable[Value]:
    """Requests for other responders per incident; of the requests, each of one person for one
    incident, how many were accepted, and how soon.

    No value where nobody was ever requested: the account may not have the feature.
    """
    as_of = account.options.as_of
    helped = account.columns.picked(_asked_for_help, scope.places)
    requested = [each for case in helped for each in case.incident.responders]
    joined = [(each, at) for each in requested if (at := joined_at(each, as_of)) is not None]
    everybody = Counter(each.user_id for each in requested if each.user_id is not None)
    people = {person: float(times) for person, times in everybody.items()}
    came = {each.user_id: 1.0 for each, _ in joined if each.user_id is not None}
    waits = [
        at - each.requested_at
        for each, at in joined
        if each.requested_at is not None and each.requested_at <= at
    ]
    used = bool(account.columns.flags(_asked_for_help).any())
    requests = sum(at <= as_of for case in helped for at in case.incident.requests)
    n = len(scope.places)
    per = requests / n if used and n else None
    yield Value("responder_requests_per_incident", per, n if used else 0, people=people)
    accepted = share("responder_accepted_rate", len(joined), len(requested))
    yield Value(accepted.measure, accepted.value, accepted.n, accepted.interval, people=people)
    (median,) = durations("responder_accept", waits, ("median",))
    yield Value(median.measure, median.value, median.n, median.interval, people=came)
