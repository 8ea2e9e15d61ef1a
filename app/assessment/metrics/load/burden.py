"""How the load falls on people (LOAD-02, LOAD-04, LOAD-05)."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from app.assessment.account import Account
from app.assessment.duty.acks import first_acks
from app.assessment.duty.duty import HOUR_US
from app.assessment.figures import Value, rate, share
from app.assessment.metric import Measure, metric
from app.assessment.metrics.oncall.people import crew_of, gini_interval, over
from app.assessment.needs import DUTY, LIFECYCLE, MERGE_OPTIONS, REACH
from app.assessment.scopes import Scope
from app.assessment.spans import Spans, covered_at
from app.assessment.statistics import gini_corrected, top_share

LEAST_H = 12
"""Hours on call below which a person's rate means nothing."""
RECOVERY_US = 48 * HOUR_US
"""On-Call Health's bound; its own source is not known."""


@metric(
    "LOAD-02",
    "Interruptions per on-call hour",
    Measure(
        "interruptions_per_oncall_h",
        "Interruptions per on-call hour",
        "per h",
        additive=True,
        table="calls",
        follows="interruptions_total",
    ),
    Measure(
        "interruption_rate_gini", "Gini of people's rates", "ratio", spread=True, ratio="index"
    ),
    levels="ATE",
    sample="ineq",
    privacy="P1",
    chart="strip",
    source="PagerDuty, operational reviews",
    needs=(*LIFECYCLE, *REACH),
    options=(*MERGE_OPTIONS, "seed"),
)
def interruptions_per_hour(account: Account, scope: Scope) -> Iterable[Value]:
    """Interruptions of people with a shift, by incidents of the scope, over their on-call hours.

    The Gini (corrected) of people's own rates leaves out people who were on call for less than 12
    hours.
    """
    hours = crew_of(account, scope).active
    events = _interruptions(account, scope)
    people = {person: events.get(person, 0.0) for person in hours}
    whole = rate("interruptions_per_oncall_h", int(sum(people.values())), sum(hours.values()))
    rates = {p: people[p] / on_call for p, on_call in hours.items() if on_call >= LEAST_H}
    uneven = gini_corrected(list(rates.values()))
    return (
        Value(whole.measure, whole.value, whole.n, whole.interval, people=people),
        over("interruption_rate_gini", uneven, rates, gini_interval(account, rates)),
    )


@metric(
    "LOAD-04",
    "Concentration of the load",
    Measure(
        "top_fifth_interruptions", "Interruptions of the top 20 % of people", "ratio", spread=True
    ),
    Measure("top_fifth_acks", "Acknowledgements of the top 20 % of people", "ratio", spread=True),
    levels="AT",
    sample="ineq",
    privacy="P1",
    chart="Lorenz curve",
    source="our judgment: over 50 %",
    needs=LIFECYCLE,
    options=MERGE_OPTIONS,
)
def concentration(account: Account, scope: Scope) -> Iterable[Value]:
    """Share of interruptions, and of first acknowledgements, of the top 20 % of people.

    The top is at least one person. People are those with a shift, and any others who took some.
    """
    nobody = dict.fromkeys(crew_of(account, scope).active, 0.0)
    for measure, found in (
        ("top_fifth_interruptions", _interruptions(account, scope)),
        ("top_fifth_acks", _acks(account, scope)),
    ):
        people = {**nobody, **found}
        yield over(measure, top_share(list(people.values())), people)


@metric(
    "LOAD-05",
    "Recovery between incidents",
    Measure(
        "under_48h_share",
        "Share of incidents under 48 h after the one before",
        "ratio",
        additive=True,
    ),
    levels="AT",
    sample="prop",
    privacy="P1",
    source="On-Call Health, 48 h (its own source not verified)",
    needs=(*LIFECYCLE, *DUTY),
)
def recovery(account: Account, scope: Scope) -> Iterable[Value]:
    """Share of a person's consecutive incidents that lie less than 48 hours apart.

    Incidents that the person took part in (INC-13), from when they did. Only within one duty
    block: time off duty between two blocks is rest, not a pause between incidents.
    """
    blocks = crew_of(account, scope).blocks
    engaged = account.engaged.by_person(scope.places)
    pauses = {p: _pauses(engaged[p], found) for p, found in blocks.items() if p in engaged}
    short = sum(int((found < RECOVERY_US).sum()) for found in pauses.values())
    people = {person: len(found) for person, found in pauses.items() if len(found)}
    part = share("under_48h_share", short, sum(people.values()))
    yield Value(part.measure, part.value, part.n, part.interval, people=people)


def _pauses(at: NDArray[np.int64], blocks: Spans) -> NDArray[np.int64]:
    """Between each of a person's incidents and the next of the same block, in microseconds."""
    at = at[covered_at(blocks, at)]
    block = np.searchsorted([start for start, _ in blocks], at, side="right")
    pauses: NDArray[np.int64] = np.diff(at)[np.diff(block) == 0]
    return pauses


def _interruptions(account: Account, scope: Scope) -> Mapping[bytes, float]:
    return account.interruptions.of(scope).people


def _acks(account: Account, scope: Scope) -> Mapping[bytes, float]:
    return first_acks(account.columns, scope.places)
