"""Whether there is enough to judge by: F47."""

from collections.abc import Iterable

from app.assessment.findings.finding import below
from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.hours import DAY_US
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings


@rule(
    "F47",
    "Data too thin",
    "DQ-01",
    "DQ-06",
    recommendation="Extend the window or the permissions before acting on any of this.",
    source="30 days and small samples are our judgment, after the windows other tools use",
    beside=("DQ-01", "INC-01"),
)
def too_thin(case: RuleInput) -> Iterable[Hit]:
    """Incomplete logs, something not fetched, fewer than 30 days or fewer than 30 incidents."""
    logs = case.figures.account("log_completeness")
    fetched = case.figures.account("fetch_problem_count")
    incidents = case.figures.account("incident_count")
    short = case.options.window_us < _T["F47"]["window_days"] * DAY_US
    few = incidents is not None and (incidents.value or 0) < _T["F47"]["incidents"]
    lost = fetched is not None and bool(fetched.value)
    if short or few or lost or below(logs, _T["F47"]["completeness"]) != "no":
        note = "Confidence of every finding is low."
        yield Hit("Info", case.figures.some(logs, fetched, incidents), note=note)
