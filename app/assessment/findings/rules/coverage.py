"""Gaps on level 1, past and coming: F13, F14."""

from collections.abc import Iterable

from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings


@rule(
    "F13",
    "Level-1 gaps",
    "ONC-09",
    recommendation="Correct the restrictions of the layers, and check the hours around clock "
    "changes.",
    dimension="structure",
    also=("POL-08",),
    decided_by="policy_l1_uncovered_h",
)
def level_one_gaps(case: RuleInput) -> Iterable[Hit]:
    """Level 1 of a policy with services is empty for more than 1 % of the expected hours."""
    for policy, figure, share in case.policies("policy_l1_uncovered_share"):
        if share > _T["F13"]["medium"] and case.serves(policy):
            hours = case.figures.at("policy", policy, "policy_l1_uncovered_h")
            severe = share > _T["F13"]["high"]
            evidence = case.figures.some(figure, hours)
            yield Hit("High" if severe else "Medium", evidence, "policy", policy)


@rule(
    "F14",
    "Future gap",
    "ONC-13",
    recommendation="Assign somebody before the date.",
    dimension="structure",
    also=("POL-08",),
)
def future_gap(case: RuleInput) -> Iterable[Hit]:
    """Within the next 14 days a policy with services reaches nobody for some time."""
    for policy, figure, hours in case.policies("upcoming_uncovered_h"):
        if hours > 0 and case.serves(policy):
            yield Hit("High", [figure], "policy", policy)
