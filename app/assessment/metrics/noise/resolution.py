"""Incidents that end without a person: resolved by automation, transient, unattended."""

from collections.abc import Callable, Iterable
from operator import attrgetter

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import Numbers, possible
from app.assessment.figures import Value, share
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope

BOUNDS_S = (120, 300, 600, 900)
"""Of the pauses that PagerDuty's Auto-Pause offers, in seconds."""


@metric(
    "NOI-01",
    "Auto-resolved incidents",
    Measure("auto_resolved_share", "Resolved by automation", "ratio"),
    Measure("auto_resolved_by", "Resolved by an integration or by the service's timer", "ratio"),
    levels="ATV",
    sample="prop",
    chart="stacked bar",
    source="PagerDuty Analytics, auto-resolved incidents",
    needs=LIFECYCLE,
)
def auto_resolved(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents whose last resolve is not a person's, over all incidents.

    Apart: those that an integration resolved, and those that PagerDuty's own timer resolved after
    the service's auto-resolve time (channel timeout).
    """
    n = len(scope.places)
    timer = account.columns.count(_by_timeout, scope.places)
    auto = account.columns.count(_by_itself, scope.places)
    yield share("auto_resolved_share", auto, n)
    yield share("auto_resolved_by", auto - timer, n, "integration")
    yield share("auto_resolved_by", timer, n, "timeout")


@metric(
    "NOI-02",
    "Transient incidents",
    Measure("transient_share", "Transient", "ratio"),
    Measure(
        "transient_share_within",
        "Resolved by automation within so many seconds",
        "ratio",
        keys="seconds",
    ),
    levels="AVH",
    sample="prop",
    split="A",
    chart="curve over the bound",
    source="PagerDuty, Auto-Pause (2 to 15 minutes); State of Digital Operations 2021 (5 minutes)",
    needs=LIFECYCLE,
    options=("transient_s",),
)
def transient(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents resolved by automation sooner than the transient bound, over all incidents.

    One that a person resolved is never transient, however short. The same for bounds of 120, 300,
    600 and 900 seconds, so that the choice of the bound can be judged.
    """
    n = len(scope.places)
    yield share("transient_share", account.columns.count(is_transient, scope.places), n)
    if scope.level != "hour":
        times = unattended_times(account, scope)
        for bound in BOUNDS_S:
            sooner = int(np.count_nonzero(times < bound * MICROSECONDS))
            yield share("transient_share_within", sooner, n, str(bound))


def unattended_times(account: Account, scope: Scope) -> Numbers:
    """How long what automation resolved took, in microseconds; impossible ones left out (C5)."""
    return possible(account.columns.numbers(_ttr_by_itself)[scope.places])


@metric(
    "NOI-03",
    "Unattended incidents",
    Measure("unattended_auto_share", "Resolved by automation, never acknowledged", "ratio"),
    levels="AV",
    sample="prop",
    chart="bar",
    source="PagerDuty incident response guide: page a person only if there is something to do",
    needs=LIFECYCLE,
)
def unattended(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents that automation resolved and no person acknowledged, over all incidents."""
    hits = account.columns.count(is_unattended, scope.places)
    return (share("unattended_auto_share", hits, len(scope.places)),)


is_transient: Callable[[Case], bool] = attrgetter("handling.transient")


_by_itself: Callable[[Case], bool] = attrgetter("handling.auto_resolved")


_by_timeout: Callable[[Case], bool] = attrgetter("handling.by_timeout")


def _ttr_by_itself(case: Case) -> int | None:
    return case.ttr if case.handling.auto_resolved else None


def is_unattended(case: Case) -> bool:
    """Resolved by automation without an acknowledgement by a person."""
    return case.handling.auto_resolved and not case.acked
