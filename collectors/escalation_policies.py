"""Escalation policies: who is asked after whom, and after how long."""

from collectors.fields import AllowListSchema, Code, Id, Many, Whole
from collectors.resource import Resource
from collectors.vocabularies import TARGET


class EscalationTargetSchema(AllowListSchema):
    TABLE = "escalation_target"

    type = Code(TARGET, reason="a schedule or a responder")
    id = Id(None, reason="which schedule or responder a level reaches")


class EscalationRuleSchema(AllowListSchema):
    TABLE = "escalation_rule"

    escalation_delay_in_minutes = Whole(reason="how long a level has before the next is asked")
    targets = Many(EscalationTargetSchema, reason="whom a level reaches")


class EscalationPolicySchema(AllowListSchema):
    TABLE = "escalation_policy"

    id = Id("escalation_policy", reason="tell policies apart without naming them", required=True)
    num_loops = Whole(reason="how often the path repeats before it ends")
    escalation_rules = Many(EscalationRuleSchema, reason="the levels, in order")


ESCALATION_POLICIES = Resource(
    name="escalation_policies",
    path="/escalation_policies",
    scope="escalation_policies.read",
    purpose="The levels of each escalation path and their delays.",
    schema=EscalationPolicySchema,
    envelope="escalation_policies",
)
