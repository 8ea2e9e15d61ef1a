"""Alerts behind an incident, incidents nobody closes, services that never rest."""

from collections.abc import Callable, Iterable
from operator import attrgetter

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import Numbers, created_at, service_of
from app.assessment.figures import Value, durations, share, spread, tally
from app.assessment.metric import Measure, duration_measures, metric
from app.assessment.metrics.incidents.backlog import is_open
from app.assessment.metrics.noise.resolution import is_transient
from app.assessment.needs import LIFECYCLE
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope, scopes_of

REPEATER_GAP_S = 86_400
"""Our judgment."""
REPEATER_TRANSIENT = 0.5
"""Our judgment."""


@metric(
    "NOI-08",
    "Alerts per incident",
    Measure("alerts_per_incident_median", "Alerts per incident, median", "count", "median"),
    Measure("alerts_per_incident_p90", "Alerts per incident, 90th percentile", "count", "p90"),
    levels="AV",
    sample="dur",
    chart="histogram",
    source="PagerDuty, alert grouping",
    needs=("incidents",),
)
def alerts_per_incident(account: Account, scope: Scope) -> Iterable[Value]:
    """Alerts grouped into each incident, of services that have any; no data where none has."""
    return spread("alerts_per_incident", alerts_of(account, scope), ("median", "p90"))


def alerts_of(account: Account, scope: Scope) -> Numbers:
    """Alerts of each incident whose service has an incident with alerts."""
    alerts = account.columns.numbers(_alerts)[scope.places]
    service = account.columns.words(service_of).codes[scope.places]
    return alerts[~np.isnan(alerts) & np.isin(service, service[alerts > 0])]


_alerts: Callable[[Case], int | None] = attrgetter("incident.alerts")


@metric(
    "NOI-09",
    "Stale incidents",
    Measure("stale_count", "Open and left alone", "count"),
    levels="AV",
    sample="rate",
    split="A",
    chart="list",
    source="ISA-18.2: an alarm that stands for more than 24 hours is stale",
    needs=LIFECYCLE,
    options=("stale_s",),
)
def stale(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents open for more than 24 hours at the snapshot without a log entry in the last 24."""
    limit = account.options.as_of - account.options.stale_s * MICROSECONDS
    still_open = account.columns.picked(is_open, scope.places)
    return (tally("stale_count", sum(_silent_since(case, limit) for case in still_open)),)


def _silent_since(case: Case, limit: int) -> bool:
    """Whether an open incident is older than ``limit``, and its log has nothing from then on."""
    steps, notices = case.timeline.steps, case.timeline.notices
    logged = [each[-1].created_at for each in (steps, notices) if each]
    return max([case.incident.created_at, *logged]) < limit


@metric(
    "NOI-10",
    "Repeaters",
    Measure("repeater_count", "Services that repeat themselves", "count"),
    Measure("repeaters", "Transient share of such a service", "ratio", sample="prop"),
    *duration_measures("repeater_gap", "Time between its incidents", ["median"], sample="dur"),
    sample="rate",
    chart="table",
    needs=LIFECYCLE,
)
def repeaters(account: Account, scope: Scope) -> Iterable[Value]:
    """Services with less than 24 hours between incidents, most of them transient.

    The median of the times from one incident of the service to the next lies under 24 hours, and
    more than half of its incidents are transient.
    """
    found = [
        (gap, part)
        for service in scopes_of(account, "service")
        for gap, part in [_repetition(account, service)]
        if gap.value is not None and gap.value < REPEATER_GAP_S
        if part.value is not None and part.value > REPEATER_TRANSIENT
    ]
    yield tally("repeater_count", len(found))
    for gap, part in found:
        yield part
        yield gap


def _repetition(account: Account, service: Scope) -> tuple[Value, Value]:
    """Median time between incidents, and the transient share."""
    columns, places = account.columns, service.places
    gaps = np.diff(columns.numbers(created_at)[places])
    (gap,) = durations("repeater_gap", gaps, ("median",))
    part = share("repeaters", columns.count(is_transient, places), len(places), service.id)
    return gap._replace(key=service.id), part
