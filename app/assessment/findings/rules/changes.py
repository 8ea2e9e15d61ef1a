"""Changes and trends: F44 to F46."""

from collections.abc import Iterable

from app.assessment.findings.finding import above, below, graded
from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings


@rule(
    "F44",
    "Change failures",
    "DOR-02",
    "DOR-05",
    recommendation="Make changes smaller, and roll back by machine on the services listed.",
    source="DORA reports 2023 and 2024",
    dimension="change",
)
def change_failures(case: RuleInput) -> Iterable[Hit]:
    """More than 15 % of changes fail even at the lower bound, and that is more than twice what
    chance alone would give; high above 30 %."""
    figure = case.figures.account("change_failure_rate")
    chance = case.figures.account("chance_rate")
    if figure is None or chance is None or chance.value is None:
        return
    least = max(_T["F44"]["medium"], _T["F44"]["times_chance"] * chance.value)
    severity = graded(figure, [("High", _T["F44"]["high"]), ("Medium", _T["F44"]["medium"])])
    if severity and above(figure, least) == "surely":
        within = case.figures.keys("change_failure_rate_within").values()
        yield Hit(severity, [figure, chance, *within])


@rule(
    "F45",
    "Changes invisible",
    "DOR-07",
    recommendation="Send change events from the pipeline.",
)
def changes_invisible(case: RuleInput) -> Iterable[Hit]:
    """Fewer than half of the services with incidents have change events."""
    figure = case.figures.account("change_visibility")
    if figure and below(figure, _T["F45"]["visibility"]) != "no":
        yield Hit("Info", [figure])


@rule(
    "F46",
    "Worsening trend",
    "TRD-01",
    recommendation="Look for what changed in that week: a change event, or the configuration.",
    source="Wheeler: a point beyond the limits, or eight in a row on one side",
    needs=("log_entries",),
)
def worsening(case: RuleInput) -> Iterable[Hit]:
    """A signal upwards in weekly incidents, in the median acknowledgement or in transient noise."""
    names = ("weekly_incidents", "weekly_tta_median", "weekly_transient_share")
    signals = [case.figures.account(f"{name}_signals_up") for name in names]
    found = [figure for figure in signals if figure and figure.value]
    if found:
        yield Hit("Medium", found)
