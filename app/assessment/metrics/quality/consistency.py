"""Facts that contradict each other."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.figures import Value, count
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope

_APART_US = 60 * MICROSECONDS


@metric(
    "DQ-10",
    "Inconsistent facts",
    Measure("inconsistent_fact_count", "Facts that contradict each other", "count"),
    chart="table",
    needs=(*LIFECYCLE, "technical_dependencies", "business_dependencies"),
)
def inconsistent_facts(account: Account, scope: Scope) -> Iterable[Value]:
    """Resolved incidents whose own time of resolve and last resolve in the log are more than
    60 s apart; dependencies of something on itself; dependencies listed more than once, of which
    one is kept (PagerDuty lists each from both of its ends)."""
    apart = account.columns.amounts(_gap, scope.places)
    edges = account.facts.dependencies
    selves = sum(e.supporting_id == e.dependent_id for e in edges)
    return (
        count("inconsistent_fact_count", int((apart > _APART_US).sum()), len(apart), "resolve"),
        count("inconsistent_fact_count", selves, len(edges), "self_edge"),
        count("inconsistent_fact_count", len(edges) - len(set(edges)), len(edges), "repeated_edge"),
    )


def _gap(case: Case) -> int | None:
    """The difference of both recorded ends of a resolved incident; None where there is only one."""
    stated, last = case.incident.resolved_at, case.timeline.shape.last_resolve
    if stated is None or last is None or not case.resolved:
        return None
    return abs(stated - case.timeline.steps[last].created_at)
