"""How long a failed change takes to recover from."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.changes import Change
from app.assessment.figures import Value, count, durations
from app.assessment.metric import Measure, duration_measures, metric
from app.assessment.metrics.changes.frequency import services_in
from app.assessment.needs import CHANGE_OPTIONS, LIFECYCLE
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope
from app.assessment.statistics import Survival, kaplan_meier


class Recovery(NamedTuple):
    """Of one failed change, in microseconds; to the snapshot where it is not recovered."""

    since_incident: int
    since_change: int
    recovered: bool


@metric(
    "DOR-04",
    "Failed deployment recovery time (proxy)",
    *duration_measures("fdrt", "From the first incident to recovery", ["median"]),
    *duration_measures("fdrt_since_change", "From the change to recovery", ["median"]),
    *duration_measures("fdrt_km", "The same, open ones as still running,", ["median"]),
    Measure("fdrt_open_changes", "Failed changes not yet recovered", "count"),
    levels="ATV",
    sample="dur",
    chart="survival curve",
    source="DORA 2024; Apache DevLake measures from the deployment",
    needs=(*LIFECYCLE, "change_events"),
    options=CHANGE_OPTIONS,
)
def failed_deployment_recovery(account: Account, scope: Scope) -> Iterable[Value]:
    """Per failed change (DOR-02), from the start of its first incident to its last resolve.

    Medians of the changes whose incidents are all resolved; also from the change itself. A change
    with an open incident is open and counted separately; the Kaplan-Meier median takes it as
    running until the snapshot.
    """
    found = recoveries(account, scope)
    done = [each for each in found if each.recovered]
    yield from durations("fdrt", (each.since_incident for each in done), ("median",))
    yield from durations("fdrt_since_change", (each.since_change for each in done), ("median",))
    curve = recovery_curve(found)
    yield Value("fdrt_km_median_s", curve.median, len(found), curve.median_interval())
    yield count("fdrt_open_changes", len(found) - len(done), len(found))


def recoveries(account: Account, scope: Scope) -> list[Recovery]:
    """Of the failed changes of a scope; those whose clocks disagree (C5) are left out."""
    window_us = account.options.attribution_window_s * MICROSECONDS
    failed = account.changes.failed(services_in(scope), window_us)
    found = (_recovery(each, cases, account.options.as_of) for each, cases in failed.items())
    return [each for each in found if each is not None and each.since_incident >= 0]


def recovery_curve(found: Sequence[Recovery]) -> Survival:
    """Survival of the time since the first incident, in seconds."""
    times = np.array([each.since_incident for each in found], dtype=np.float64) / MICROSECONDS
    return kaplan_meier(times, [each.recovered for each in found])


def _recovery(change: Change, cases: Sequence[Case], as_of: int) -> Recovery | None:
    """None where an incident is resolved at an unknown time, or has an unknown status."""
    if any(not case.open and case.timeline.resolved_at is None for case in cases):
        return None
    recovered = all(case.resolved for case in cases)
    end = max(case.end for case in cases) if recovered else as_of
    return Recovery(end - cases[0].incident.created_at, end - change.at, recovered)
