"""Escalation policies: who is notified after whom, and after how long."""

from collectors.fields import AllowListSchema, Id, Many, listed
from collectors.numbers import Code, TypedCode, Whole
from collectors.resource import Resource
from collectors.vocabularies import ASSIGNMENT, HANDOFF, TARGET


class EscalationTargetSchema(AllowListSchema):
    TABLE = "escalation_target"

    type = Code(TARGET, reason="a schedule or a responder")
    id = Id(None, reason="which schedule or responder a level reaches")


class EscalationRuleSchema(AllowListSchema):
    TABLE = "escalation_rule"

    escalation_delay_in_minutes = Whole(reason="how long a level has before the next is asked")
    escalation_rule_assignment_strategy = TypedCode(
        ASSIGNMENT, reason="whether a level asks everyone or one in turn"
    )
    targets = Many(EscalationTargetSchema, reason="whom a level reaches")


class EscalationPolicySchema(AllowListSchema):
    TABLE = "escalation_policy"

    id = Id("escalation_policy", reason="tell policies apart without naming them", required=True)
    num_loops = Whole(reason="how often the path repeats before it ends")
    on_call_handoff_notifications = Code(HANDOFF, reason="whether a hand-off is announced")
    escalation_rules = Many(EscalationRuleSchema, reason="the levels, in order")
    teams = listed("escalation_policy_team", "team", reason="which team owns the policy")


ESCALATION_POLICIES = Resource(
    name="escalation_policies",
    path="/escalation_policies",
    scope="escalation_policies.read",
    purpose="The levels of each escalation path and their delays.",
    without="No escalation levels, no policy findings, no cover per policy.",
    schema=EscalationPolicySchema,
    envelope="escalation_policies",
    fixed_query={"include[]": "escalation_rule_assignment_strategies"},
)
