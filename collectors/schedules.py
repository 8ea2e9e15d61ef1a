"""Layer-based schedules, rendered: who was on call from when to when."""

from collectors.fields import AllowListSchema, Id, Instant, Many, One, reference
from collectors.resource import MIB, Resource, Span


class ScheduleEntrySchema(AllowListSchema):
    TABLE = "schedule_entry"

    start = Instant(reason="begin of an on-call shift", required=True)
    end = Instant(reason="end of an on-call shift", required=True)
    user = reference("user", reason="tell responders apart, for distribution of duty")


class FinalScheduleSchema(AllowListSchema):
    rendered_schedule_entries = Many(ScheduleEntrySchema, reason="the shifts as they were served")


class ScheduleSchema(AllowListSchema):
    TABLE = "schedule"

    id = Id("schedule", reason="tell schedules apart without naming them", required=True)
    final_schedule = One(FinalScheduleSchema, reason="the shifts after overrides")


SCHEDULES = Resource(
    name="schedules",
    path="/schedules",
    scope="schedules.read",
    purpose="On-call shifts of the window, to find gaps and the distribution of duty.",
    schema=ScheduleSchema,
    envelope="schedules",
    fixed_query={"include[]": "final_schedule", "time_zone": "UTC"},
    span=Span.RENDERED,
    max_bytes=32 * MIB,
)
