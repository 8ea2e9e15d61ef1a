"""Facts that contradict each other."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.timeline import Timeline
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
    resolved = (case.timeline for case in scope.cases if case.resolved)
    apart = [gap for gap in map(_gap, resolved) if gap is not None]
    edges = account.facts.dependencies
    selves = sum(e.supporting_id == e.dependent_id for e in edges)
    return (
        count("inconsistent_fact_count", sum(g > _APART_US for g in apart), len(apart), "resolve"),
        count("inconsistent_fact_count", selves, len(edges), "self_edge"),
        count("inconsistent_fact_count", len(edges) - len(set(edges)), len(edges), "repeated_edge"),
    )


def _gap(timeline: Timeline) -> int | None:
    """The difference of both recorded ends; None where there is only one."""
    stated, logged = timeline.incident.resolved_at, timeline.last_resolve
    return None if stated is None or logged is None else abs(stated - logged.created_at)
