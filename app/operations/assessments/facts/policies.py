"""Escalation policies: levels, targets, owners."""

from collections import defaultdict

from app.assessment.rows import EscalationPolicy, EscalationRule, EscalationTarget
from app.operations.assessments.facts.tables import Records
from collectors.vocabularies import TARGET


def escalation_policies(records: Records) -> list[EscalationPolicy]:
    """Policies as they stand today."""
    teams = records.nested("escalation_policy_team", "id")
    return [
        EscalationPolicy(policy, loops, tuple(teams.get(policy, ())))
        for policy, loops in records.rows("escalation_policy", "id", "num_loops")
    ]


def escalation_rules(records: Records) -> list[EscalationRule]:
    """The levels of every policy; a target without an id is nobody."""
    words = TARGET.by_code()
    targets: defaultdict[tuple[bytes, int], list[EscalationTarget]] = defaultdict(list)
    for policy, rule, kind, target in records.rows(
        "escalation_target", "escalation_policy_id", "escalation_rule_position", "type", "id"
    ):
        if target is not None:
            targets[policy, rule].append(EscalationTarget(words[kind or 0], target))
    return [
        EscalationRule(policy, position + 1, delay, tuple(targets[policy, position]))
        for policy, position, delay in records.rows(
            "escalation_rule",
            "escalation_policy_id",
            "position",
            "escalation_delay_in_minutes",
        )
    ]
