"""Every rule, in the order of its number."""

from app.assessment.findings.rule import Rule
from app.assessment.findings.rules.changes import change_failures, changes_invisible, worsening
from app.assessment.findings.rules.configuration import (
    dead_configuration,
    empty_level,
    hasty_escalation,
    never_repeats,
    ownership_missing,
    slow_escalation,
)
from app.assessment.findings.rules.coverage import future_gap, level_one_gaps
from app.assessment.findings.rules.duty import (
    long_duty,
    night_handoffs,
    too_much,
    too_small,
    unequal,
    unstable,
)
from app.assessment.findings.rules.escalation import (
    exhausted,
    forgotten,
    level_one,
    missed_pages,
    slow_acknowledgement,
    unseen,
)
from app.assessment.findings.rules.load import broken_nights, disturbed, overloaded, short_rest
from app.assessment.findings.rules.noise import (
    flapping,
    no_action,
    pareto,
    storms,
    transient,
    urgency_unused,
)
from app.assessment.findings.rules.quality import too_thin
from app.assessment.findings.rules.reachability import (
    direct_user,
    nobody_reachable,
    one_level,
    same_person,
    single_person,
    two_people,
    two_tiers,
)
from app.assessment.findings.rules.recovery import backlog, recovery
from app.assessment.findings.rules.services import (
    concentrated,
    critical_service,
    cycle,
    dependents_first,
    unmapped,
)

RULES: tuple[Rule, ...] = (
    nobody_reachable,
    single_person,
    two_people,
    one_level,
    two_tiers,
    direct_user,
    same_person,
    slow_escalation,
    hasty_escalation,
    never_repeats,
    empty_level,
    dead_configuration,
    level_one_gaps,
    future_gap,
    missed_pages,
    exhausted,
    unseen,
    slow_acknowledgement,
    level_one,
    forgotten,
    recovery,
    backlog,
    too_much,
    too_small,
    unequal,
    overloaded,
    disturbed,
    broken_nights,
    short_rest,
    long_duty,
    unstable,
    night_handoffs,
    transient,
    no_action,
    flapping,
    storms,
    urgency_unused,
    pareto,
    concentrated,
    critical_service,
    cycle,
    unmapped,
    dependents_first,
    change_failures,
    changes_invisible,
    worsening,
    too_thin,
    ownership_missing,
)
