"""On-calls: who was on which level of which policy, from when to when."""

from collectors.fields import AllowListSchema, Derived, Id, One, reference
from collectors.numbers import Code, Instant, Whole
from collectors.resource import Resource, Span
from collectors.vocabularies import SCHEDULE_KIND


class OncallScheduleSchema(AllowListSchema):
    type = Code(SCHEDULE_KIND, reason="layer-based or shift-based")
    id = Id("schedule", reason="which schedule the duty comes from; none where it is direct")


class OncallSchema(AllowListSchema):
    TABLE = "oncall"

    id = Derived(
        "oncall",
        ("escalation_policy_id", "escalation_level", "user_id", "schedule_id", "start", "end"),
        reason="count each duty once, though two stretches of time show it",
    )
    escalation_policy = reference("escalation_policy", reason="which policy the duty is for")
    escalation_level = Whole(reason="first level and back-up are told apart")
    user = reference("user", reason="tell responders apart, for distribution of duty")
    schedule = One(OncallScheduleSchema, reason="from a schedule, or direct")
    start = Instant(unbounded=True, reason="begin of the duty; none where it never began")
    end = Instant(unbounded=True, reason="end of the duty; none where it never ends")


ONCALLS = Resource(
    name="oncalls",
    path="/oncalls",
    scope="oncalls.read",
    purpose="On-call duty by level, as PagerDuty computes it.",
    without="Permanent duty is known only where a policy names a person itself.",
    schema=OncallSchema,
    envelope="oncalls",
    fixed_query={"time_zone": "UTC"},
    span=Span.WINDOW,
    max_days=90,
    clip=("start", "end"),
    budget="oncalls",
)
