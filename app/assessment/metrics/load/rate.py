"""Incidents per hour on call (LOAD-01)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.duty.duty import hours
from app.assessment.figures import Value, rate
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE, REACH
from app.assessment.scopes import Scope

SHIFT_H = 12


@metric(
    "LOAD-01",
    "Incidents per 12 hours on call",
    Measure("incidents_per_12h_l1", "Incidents per 12 h on level 1", "per 12 h"),
    Measure("l1_covered_h", "Covered hours of level 1", "h", sample="exact"),
    levels="ASETW",
    sample="rate",
    chart="weekly line with 2.0",
    source="Google SRE book, chapter 11: at most two incidents per 12-hour shift",
    needs=(*LIFECYCLE, *REACH),
)
def incidents_per_shift(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents that began on level 1 per 12 hours in which level 1 was covered.

    Hours and incidents add up over the policies in scope that have a service or an incident,
    whichever team an incident names; policies that begin with the same targets wait for the same
    people, so their hours count once. Of a schedule the hours are its own, and its incidents
    those of every policy that has it on level 1. What began while nobody was on level 1 is left
    out, and so is a policy whose level 1 was not collected.
    """
    events, covered = (
        _of_schedule(account, scope)
        if scope.level == "schedule"
        else (
            account.first_level.count(scope.policies, scope.since, scope.until),
            account.first_level.hours(scope.policies, scope.since, scope.until),
        )
    )
    return (
        rate("incidents_per_12h_l1", events, covered / SHIFT_H),
        Value("l1_covered_h", covered, events),
    )


def _of_schedule(account: Account, scope: Scope) -> tuple[int, float]:
    (schedule,) = scope.schedules
    starts = account.first_level.rotas.get(schedule)
    if starts is None:
        return 0, 0.0
    return len(starts), hours(account.duty.covered(schedule))
