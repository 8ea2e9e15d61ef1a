"""Whether the log of incidents is complete from trigger to resolve."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.figures import Value, share
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope


@metric(
    "DQ-01",
    "Log completeness",
    Measure("log_completeness", "Incidents whose log is complete", "ratio"),
    levels="AV",
    sample="prop",
    chart="bar",
    source="our judgment: 98 % and more is good",
    needs=LIFECYCLE,
)
def log_completeness(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents whose log has a trigger, and whose last trigger, reopening or resolve is a resolve
    if they are resolved, and none if they are not, over all. PagerDuty's retention and missing
    permissions make it less."""
    complete = account.columns.count(_complete, scope.places)
    return (share("log_completeness", complete, len(scope.places)),)


def _complete(case: Case) -> bool:
    timeline = case.timeline
    return timeline.triggered and timeline.shape.ends_resolved == timeline.resolved
