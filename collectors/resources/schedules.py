"""Layer-based schedules, rendered: who was on call from when to when, and what was overridden."""

from collectors.fields import AllowListSchema, Id, Many, One, listed, reference
from collectors.numbers import Instant, Zone
from collectors.resource import MIB, Resource, Span


class ScheduleEntrySchema(AllowListSchema):
    TABLE = "schedule_entry"

    start = Instant(unbounded=True, reason="begin of an on-call shift; none where it never began")
    end = Instant(unbounded=True, reason="end of an on-call shift; none where it never ends")
    user = reference("user", reason="tell responders apart, for distribution of duty")


class OverrideEntrySchema(AllowListSchema):
    TABLE = "schedule_override"

    start = Instant(unbounded=True, reason="begin of an override; none where it never began")
    end = Instant(unbounded=True, reason="end of an override; none where it never ends")
    user = reference("user", reason="an override by the same person changes nothing")


class FinalScheduleSchema(AllowListSchema):
    rendered_schedule_entries = Many(ScheduleEntrySchema, reason="the shifts as they were served")


class OverridesSchema(AllowListSchema):
    rendered_schedule_entries = Many(OverrideEntrySchema, reason="how often the plan was changed")


class ScheduleUserSchema(AllowListSchema):
    TABLE = "schedule_user"

    id = Id("user", reason="who is on the roster, also without a shift")
    deleted_at = Instant(reason="a deleted user is listed, and cannot be reached")


class ScheduleSchema(AllowListSchema):
    TABLE = "schedule"

    id = Id("schedule", reason="tell schedules apart without naming them", required=True)
    time_zone = Zone(reason="nights and weekends are local")
    final_schedule = One(FinalScheduleSchema, reason="the shifts after overrides")
    overrides_subschedule = One(OverridesSchema, reason="the overrides alone")
    users = Many(ScheduleUserSchema, reason="who is on the roster, also without a shift")
    teams = listed("schedule_team", "team", reason="which team the schedule belongs to")


SCHEDULES = Resource(
    name="schedules",
    path="/schedules",
    scope="schedules.read",
    purpose="On-call shifts and overrides of the window and the next 14 days.",
    without="On-call hours, gaps, overrides and hand-offs of layer-based schedules are missing.",
    schema=ScheduleSchema,
    envelope="schedules",
    fixed_query={
        "include[]": ("final_schedule", "overrides_subschedule"),
        "time_zone": "UTC",
    },
    span=Span.RENDERED,
    max_bytes=32 * MIB,
)
