"""Whether a person had anything to do: acknowledged only, acted on, not actionable."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.figures import Value, count, share
from app.assessment.metric import Measure, metric
from app.assessment.metrics.noise.resolution import is_unattended
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope


@metric(
    "NOI-04",
    "Acknowledged without action",
    Measure("ack_without_action", "Acknowledged without action", "count"),
    Measure("ack_without_action_rate", "Acknowledged without action", "ratio"),
    Measure("self_healed_rate", "Acknowledged, then resolved by an integration", "ratio"),
    Measure("abandoned_rate", "Acknowledged, then left to the service's timer", "ratio"),
    levels="ATV",
    sample="prop",
    chart="bar",
    source="PagerDuty operational review guide, unactionable incidents",
    needs=LIFECYCLE,
)
def ack_without_action(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents a person acknowledged, automation resolved, and nobody did anything else to.

    Anything else is a note, an assignment, a delegation, an escalation, a snooze, a change of
    urgency or of a field, a request for responders, a resolve. Self-healed: an integration resolved
    it. Abandoned: PagerDuty's timer did. Rates are over the acknowledged incidents.
    """
    columns, places = account.columns, scope.places
    acked = columns.count(_acked, places)
    healed, abandoned = columns.count(is_self_healed, places), columns.count(is_abandoned, places)
    yield count("ack_without_action", healed, acked, "self_healed")
    yield count("ack_without_action", abandoned, acked, "abandoned")
    yield share("ack_without_action_rate", healed + abandoned, acked)
    yield share("self_healed_rate", healed, acked)
    yield share("abandoned_rate", abandoned, acked)


def _acked(case: Case) -> bool:
    return case.tta is not None


_touched: Callable[[Case], bool] = attrgetter("handling.touched")


def is_self_healed(case: Case) -> bool:
    """Acknowledged by a person, resolved by an integration, nothing else done."""
    handling = case.handling
    return case.acked and handling.auto_resolved and not (handling.touched or handling.by_timeout)


def is_abandoned(case: Case) -> bool:
    """Acknowledged by a person, resolved by PagerDuty's timer, nothing else done."""
    return case.acked and case.handling.by_timeout and not case.handling.touched


@metric(
    "NOI-07",
    "Human-touched incidents",
    Measure("human_touched_share", "Touched by a person", "ratio"),
    levels="ATV",
    sample="prop",
    chart="bar",
    source="PagerDuty operational review guide, actionable incidents",
    needs=LIFECYCLE,
)
def human_touched(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents to which a person did anything besides trigger, acknowledge and be notified.

    Over all incidents. A resolve by a person counts. It is a lower bound of what was actionable:
    work outside PagerDuty leaves no entry.
    """
    touched = account.columns.count(_touched, scope.places)
    return (share("human_touched_share", touched, len(scope.places)),)


@metric(
    "NOI-11",
    "Non-actionable incidents",
    Measure("non_actionable_share", "Non-actionable", "ratio"),
    levels="ATV",
    sample="prop",
    chart="bar",
    source="PagerDuty operational review guide, unactionable incidents",
    needs=LIFECYCLE,
)
def non_actionable(account: Account, scope: Scope) -> Iterable[Value]:
    """Unattended incidents (NOI-03) that no person did anything to, and self-healed ones (NOI-04),
    over all incidents.

    No incident is both. Abandoned incidents are left out: they show neglect, not noise.
    """
    columns, places = account.columns, scope.places
    idle = columns.count(_untouched, places) + columns.count(is_self_healed, places)
    return (share("non_actionable_share", idle, len(places)),)


def _untouched(case: Case) -> bool:
    return is_unattended(case) and not case.handling.touched
