"""Only the chosen teams and services."""

from dataclasses import replace

from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts


def in_scope(facts: Facts, options: AssessmentOptions) -> Facts:
    """``facts`` of the teams and services in scope; all of them where none is named.

    Incidents go by their own teams and service; a policy or a schedule is in scope if it answers
    for a service that is, or belongs to a team that is. What an incident in scope rests on stays.
    """
    if not options.teams and not options.services:
        return facts
    teams, named = set(options.teams), set(options.services)
    services = [
        each
        for each in facts.services
        if (not named or each.id in named) and (not teams or teams & set(each.teams))
    ]
    incidents = [
        each
        for each in facts.incidents
        if (not named or each.service_id in named) and (not teams or teams & set(each.teams))
    ]
    kept = {each.id for each in incidents}
    policies = {each.escalation_policy_id for each in services}
    policies |= {each.escalation_policy_id for each in incidents}
    policies |= {each.id for each in facts.escalation_policies if teams & set(each.teams)}
    rules = [each for each in facts.escalation_rules if each.escalation_policy_id in policies]
    schedules = {target.id for rule in rules for target in rule.targets}
    schedules |= {each.id for each in facts.schedules if teams & set(each.teams)}
    touched = {each.id for each in services}
    return replace(
        facts,
        incidents=incidents,
        log_entries=[each for each in facts.log_entries if each.incident_id in kept],
        escalation_rules=rules,
        escalation_policies=[each for each in facts.escalation_policies if each.id in policies],
        schedules=[each for each in facts.schedules if each.id in schedules],
        schedule_entries=[e for e in facts.schedule_entries if e.schedule_id in schedules],
        overrides=[each for each in facts.overrides if each.schedule_id in schedules],
        services=services,
        dependencies=[
            each
            for each in facts.dependencies
            if each.supporting_id in touched or each.dependent_id in touched
        ],
        oncalls=[each for each in facts.oncalls if each.escalation_policy_id in policies],
        change_events=[each for each in facts.change_events if touched & set(each.services)],
        teams=[each for each in facts.teams if not teams or each in teams],
    )
