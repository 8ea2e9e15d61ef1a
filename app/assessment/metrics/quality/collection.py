"""What the collection lacks, and what the window cuts."""

from collections.abc import Iterable, Iterator

from app.assessment.account import Account
from app.assessment.figures import Value, count
from app.assessment.metric import Measure, metric
from app.assessment.needs import DUTY, LIFECYCLE
from app.assessment.rows import Incident
from app.assessment.scopes import Scope


@metric(
    "DQ-02",
    "Rendered schedules",
    Measure("schedules_rendered_share", "Schedules with rendered shifts", "ratio"),
    Measure("schedule_rendered", "Has rendered shifts", "count"),
    levels="AS",
    chart="table",
    needs=DUTY,
)
def schedule_render(account: Account, scope: Scope) -> Iterable[Value]:
    """Schedules with a rendered entry in the window, one of nobody included, over all schedules; of
    one schedule 1 or 0. A schedule without any entry counts as not rendered: PagerDuty renders none
    where the request names no period, and such a schedule looks like an empty one. Schedules that
    the collection knows it could not read count so too."""
    since, until = account.options.since, account.options.until
    entries = account.facts.schedule_entries
    rendered = {e.schedule_id for e in entries if e.start < until and since < e.end}
    if scope.level == "schedule":
        return (count("schedule_rendered", len(scope.schedules & rendered), 1),)
    known = len(scope.schedules)
    missing = max(known - len(scope.schedules & rendered), _unrendered(account, known))
    return (Value("schedules_rendered_share", (known - missing) / known if known else None, known),)


def _unrendered(account: Account, known: int) -> int:
    return min(account.facts.gathered.schedules_unrendered, known)


@metric(
    "DQ-05",
    "Incidents the window cuts",
    Measure("truncated_count", "Incidents open at an edge of the window", "count"),
    chart="table",
    needs=LIFECYCLE,
)
def truncation(account: Account, scope: Scope) -> Iterable[Value]:
    """Left: incidents created before the window and open at its start; those not collected are
    counted where the log of the window names them, so it is a lower bound. Right: incidents of
    the window still open at the snapshot."""
    still_open = sum(case.open for case in scope.cases)
    return (
        count("truncated_count", _left(account), len(scope.cases), "left"),
        count("truncated_count", still_open, len(scope.cases), "right"),
    )


def _left(account: Account) -> int:
    facts, since, until = account.facts, account.options.since, account.options.until
    known = {each.id for each in facts.incidents}
    others = account.logs.of_others
    unknown = {e.incident_id for e in others if since <= e.created_at < until} - known
    before = (each for each in facts.incidents if each.created_at < since)
    return len(unknown) + sum(_open_at(each, since) for each in before)


def _open_at(incident: Incident, at: int) -> bool:
    ended = incident.resolved_at
    if ended is None and incident.status != "resolved":
        return incident.status != "other"
    ended = ended or incident.last_status_change_at
    return ended is None or ended >= at


@metric(
    "DQ-06",
    "Fetch completeness",
    Measure("refused_resource_count", "Kinds of record not given", "count"),
    Measure("refused_resource_share", "Share of kinds not given", "ratio"),
    Measure("short_window_count", "Windows with fewer records than declared", "count"),
    Measure(
        "fetch_problem_count", "Kinds not given, windows too short and schedules not read", "count"
    ),
    chart="table",
    source="PagerDuty's API: no more than 10,000 records of a list can be paged through",
    needs=(),
)
def fetch_completeness(account: Account, scope: Scope) -> Iterator[Value]:
    """Kinds of record that PagerDuty did not return, windows that do not contain what PagerDuty
    declared (lost pages, lists past the cap, truncated responses), and schedules that were listed
    but could not be read. If there are any, no zero is certain. Not known where the certificate of
    the collection is missing."""
    found = account.facts.gathered
    if not found.resources:
        for measure in fetch_completeness.measures:
            yield Value(measure.name, None, 0)
        return
    problems = found.refused + found.windows_short + found.schedules_unrendered
    yield count("refused_resource_count", found.refused, found.resources)
    yield Value("refused_resource_share", found.refused / found.resources, found.resources)
    yield count("short_window_count", found.windows_short, found.windows)
    yield count("fetch_problem_count", problems, found.resources + found.windows)
