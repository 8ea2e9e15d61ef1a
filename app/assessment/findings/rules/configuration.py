"""Timers, loops and upkeep of policies: F08 to F12, F48."""

from collections.abc import Iterable

from app.assessment.figures import Figure
from app.assessment.findings.finding import above, weighed
from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.needs import DUTY
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings


@rule(
    "F08",
    "Slow escalation",
    "POL-05",
    "ESC-11",
    recommendation="Escalate after 5 minutes: a person who cannot acknowledge by then is "
    "not available.",
    source="PagerDuty incident response guide: 5 min; 15 and 30 min are our judgment",
    dimension="escalation",
    also=("POL-08",),
    beside=("ESC-11",),
)
def slow_escalation(case: RuleInput) -> Iterable[Hit]:
    """A level of a policy with a high-urgency service waits longer than POL-05 allows (15 min);
    high above 30."""
    for policy, figure, minutes in case.policies("longest_timeout_min"):
        if minutes > case.options.long_timeout_min and case.serves(policy, urgent=True):
            severe = minutes > _T["F08"]["high_min"]
            delay = case.figures.at("policy", policy, "missed_page_delay_median_s")
            yield Hit(
                "High" if severe else "Medium", case.figures.some(figure, delay), "policy", policy
            )


@rule(
    "F09",
    "Hasty escalation",
    "POL-05",
    "ESC-03",
    recommendation="Give every level at least as long as the median acknowledgement takes.",
    dimension="escalation",
    beside=("INC-04",),
)
def hasty_escalation(case: RuleInput) -> Iterable[Hit]:
    """A level waits less than POL-05 requires (3 min) where over 10 % of pages are missed."""
    for policy, figure, minutes in case.policies("shortest_timeout_min"):
        missed = case.figures.at("policy", policy, "missed_page_rate")
        severity = weighed("Low", above(missed, _T["F09"]["missed_pages"]))
        if severity and minutes < case.options.short_timeout_min:
            tta = case.figures.at("policy", policy, "tta_median_s")
            yield Hit(severity, case.figures.some(figure, missed, tta), "policy", policy)


@rule(
    "F10",
    "Policy never repeats",
    "POL-06",
    "ESC-09",
    recommendation="Let the policy repeat at least once before it gives up.",
    dimension="escalation",
    also=("POL-08",),
    beside=("ESC-09",),
    worse=("Medium", "exhausted_incidents"),
)
def never_repeats(case: RuleInput) -> Iterable[Hit]:
    """No repeat on a policy with high-urgency services; worse where chains were exhausted."""
    for policy, figure, loops in case.policies("loops"):
        if loops == 0 and case.serves(policy, urgent=True):
            exhausted = case.figures.at("policy", policy, "exhausted_incidents")
            minutes = case.figures.at("policy", policy, "minutes_to_exhaust")
            worse = exhausted is not None and bool(exhausted.value)
            yield Hit(
                "Medium" if worse else "Low",
                case.figures.some(figure, minutes, exhausted),
                "policy",
                policy,
            )


@rule(
    "F11",
    "Empty level",
    "POL-07",
    recommendation="Fill the schedule or take the level out: PagerDuty skips it.",
    source="PagerDuty community staff: a level without anybody is skipped",
    dimension="structure",
)
def empty_level(case: RuleInput) -> Iterable[Hit]:
    """A level that reaches nobody in the window, or above the first one nobody for more than 1 %
    of the time; high where the first is empty. Gaps of the first are another finding (F13)."""
    for policy in case.figures.places("policy", "policies_with_empty_level"):
        empty = _levels(case, "empty_levels", policy)
        open_ = _levels(case, "uncovered_levels", policy)
        found = {**open_, **empty}
        if "L1" not in empty:
            found.pop("L1", None)
        if found:
            shares = case.figures.keys("level_uncovered_share", "policy", policy)
            evidence = [*found.values(), *(shares[each] for each in found if each in shares)]
            yield Hit("High" if "L1" in empty else "Medium", evidence, "policy", policy)


@rule(
    "F12",
    "Dead configuration",
    "POL-08",
    recommendation="Delete what nothing uses: every unused object can be chosen by mistake.",
    needs=DUTY,
)
def dead_configuration(case: RuleInput) -> Iterable[Hit]:
    """A fifth or more of the policies or of the schedules are unused."""
    shares = ("unused_policies_share", "unused_schedules_share")
    found = [
        figure
        for figure in map(case.figures.account, shares)
        if figure and figure.value is not None and figure.value >= _T["F12"]["share"]
    ]
    if found:
        yield Hit("Low", found)


@rule(
    "F48",
    "Ownership missing",
    "POL-10",
    recommendation="Give every service one team that answers for it.",
    source="PagerDuty operational review: every service has one team",
    dimension="structure",
)
def ownership_missing(case: RuleInput) -> Iterable[Hit]:
    """More than a tenth of the services or of the policies have no team."""
    shares = ("unowned_services_share", "unowned_policies_share")
    found = [
        figure
        for figure in map(case.figures.account, shares)
        if figure and (figure.value or 0) > _T["F48"]["share"]
    ]
    if found:
        yield Hit("Medium", found)


def _levels(case: RuleInput, measure: str, policy: str) -> dict[str, Figure]:
    """The levels of a policy of which it holds."""
    found = case.figures.keys(measure, "policy", policy)
    return {level: figure for level, figure in found.items() if figure.value}
