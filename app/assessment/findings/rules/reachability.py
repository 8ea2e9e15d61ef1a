"""Whether an incident reaches anybody, and how many people stand behind it: F01 to F07."""

from collections.abc import Iterable

from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings


@rule(
    "F01",
    "Nobody reachable",
    "ONC-09",
    "POL-02",
    recommendation="Close the gap, or add a last level that always reaches somebody: what is "
    "raised while no level is on call is dropped without a trace.",
    source="PagerDuty community staff: an incident that no level covers is not created",
    dimension="structure",
    also=("POL-08",),
    decided_by="policy_uncovered_h",
)
def nobody_reachable(case: RuleInput) -> Iterable[Hit]:
    """A policy with services has hours in which no level is on call, or reaches no person."""
    for policy, figure, people in case.policies("reachable_people"):
        if people == 0 and case.serves(policy):
            yield Hit("Critical", [figure, *case.served(policy)], "policy", policy)
    for policy, figure, hours in case.policies("policy_uncovered_h"):
        reached = case.figures.value("policy", policy, "reachable_people")
        if hours > 0 and reached != 0 and case.serves(policy):
            severe = hours > _T["F01"]["uncovered_h"]
            evidence = [figure, *case.served(policy)]
            yield Hit("Critical" if severe else "High", evidence, "policy", policy)


@rule(
    "F02",
    "Single person policy",
    "POL-02",
    recommendation="Put a schedule of at least two people behind every policy with services.",
    source="our judgment; PagerDuty's service standards require two unique levels",
    dimension="structure",
    also=("POL-08",),
    beside=("SVC-08",),
    worse=("Critical", "critical_service"),
)
def single_person(case: RuleInput) -> Iterable[Hit]:
    """One person is all that a policy with services reaches."""
    for policy, figure, people in case.policies("reachable_people"):
        if people == _T["F02"]["people"] and case.serves(policy):
            severe = policy in case.critical_policies
            evidence = [figure, *case.served(policy)]
            yield Hit("Critical" if severe else "High", evidence, "policy", policy)


@rule(
    "F03",
    "Two-person policy",
    "POL-02",
    recommendation="Plan for a third responder: when one of two is ill, the other is always on.",
    dimension="structure",
    also=("POL-08",),
)
def two_people(case: RuleInput) -> Iterable[Hit]:
    """Two people are all that a policy with services reaches."""
    for policy, figure, people in case.policies("reachable_people"):
        if people == _T["F03"]["people"] and case.serves(policy):
            yield Hit("Medium", [figure, *case.served(policy)], "policy", policy)


@rule(
    "F04",
    "One level only",
    "POL-01",
    "ESC-10",
    recommendation="Add a backup level on a schedule of its own.",
    source="PagerDuty service standards: two unique levels",
    dimension="structure",
    also=("POL-08",),
    beside=("ESC-10",),
)
def one_level(case: RuleInput) -> Iterable[Hit]:
    """Fewer than two unique levels; milder where no service of high urgency depends on it."""
    for policy, figure, levels in case.policies("unique_levels"):
        if levels < _T["F04"]["unique_levels"] and case.serves(policy):
            urgent = case.serves(policy, urgent=True)
            unseen = case.figures.at("policy", policy, "never_acked_rate")
            evidence = case.figures.some(figure, unseen)
            yield Hit("High" if urgent else "Medium", evidence, "policy", policy)


@rule(
    "F05",
    "Fewer than three tiers",
    "POL-01",
    recommendation="Add a third tier, such as the whole team or a duty manager.",
    source="PagerDuty, going on call: three tiers",
    dimension="structure",
    also=("SVC-08",),
)
def two_tiers(case: RuleInput) -> Iterable[Hit]:
    """Two unique levels behind a critical service."""
    for policy, figure, levels in case.policies("unique_levels"):
        if levels == _T["F05"]["unique_levels"] and policy in case.critical_policies:
            yield Hit("Low", [figure], "policy", policy)


@rule(
    "F06",
    "Person instead of schedule",
    "POL-03",
    recommendation="Put a schedule in place of every person, even where it lists only one.",
    source="PagerDuty, going on call: policies name schedules, never individuals",
    dimension="structure",
)
def direct_user(case: RuleInput) -> Iterable[Hit]:
    """A policy names a person; worse on level 1 or where it names nobody but people."""
    for policy, figure, named in case.policies("policies_with_direct_user"):
        first = case.figures.value("policy", policy, "policies_with_direct_user_first")
        only = case.figures.value("policy", policy, "policies_only_users")
        if named:
            yield Hit("Medium" if first or only else "Low", [figure], "policy", policy)


@rule(
    "F07",
    "Backup is the same person",
    "POL-04",
    recommendation="Separate the rosters, or shift the rotation, so that the backup is another "
    "person.",
    source="PagerDuty incident response guide: the backup is a second person",
    dimension="structure",
)
def same_person(case: RuleInput) -> Iterable[Hit]:
    """One person is on two levels of a policy at once for more than 5 % of the window."""
    for policy, figure, share in case.policies("same_person_simultaneous_share"):
        if share > _T["F07"]["share_of_window"]:
            hours = case.figures.at("policy", policy, "same_person_simultaneous_h")
            yield Hit("High", case.figures.some(figure, hours), "policy", policy)
