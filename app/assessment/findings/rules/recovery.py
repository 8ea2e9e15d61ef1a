"""How long incidents last: F21, F22."""

from collections.abc import Iterable

from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings


@rule(
    "F21",
    "Recovery time",
    "INC-08",
    "INC-09",
    recommendation="Look at the services that make the tail, not at the mean.",
    source="DORA reports 2023 and 2024: bands of an hour, a day and a week",
    beside=("INC-09",),
)
def recovery(case: RuleInput) -> Iterable[Hit]:
    """The band of the median recovery: under an hour, a day, a week, or longer."""
    figure = case.figures.account("ttr_dora_median_s")
    if figure is None or figure.value is None:
        return
    limits = [("hour_s", "an hour"), ("day_s", "a day"), ("week_s", "a week")]
    under = next((word for name, word in limits if figure.value < _T["F21"][name]), None)
    note = f"Half recover within {under}." if under else "Half take longer than a week."
    restricted = case.figures.account("rmst_s")
    yield Hit("Info", case.figures.some(figure, restricted), note=note)


@rule(
    "F22",
    "Open backlog",
    "NOI-09",
    recommendation="Close or convert what nobody works on: a stale incident swallows new alerts.",
    source="ISA-18.2: an alarm older than 24 h is stale",
    dimension="response",
)
def backlog(case: RuleInput) -> Iterable[Hit]:
    """High-urgency incidents without a sign of work for a day, or more than ten of any."""
    whole = case.figures.account("stale_count")
    high = case.figures.account("high_urgency_stale_count")
    many = whole is not None and (whole.value or 0) > _T["F22"]["stale_all"]
    if many or (high is not None and high.value):
        yield Hit("Medium", case.figures.some(whole, high))
