"""One shift-based schedule, rendered: who was on call, and where a shift came from."""

from collectors.fields import AllowListSchema, Id, Many, One, listed
from collectors.numbers import Code, Instant, Zone
from collectors.resource import MIB, Refresh, Resource, Shape, Span
from collectors.vocabularies import SHIFT_MEMBER, SHIFT_SOURCE


class ShiftMemberSchema(AllowListSchema):
    type = Code(SHIFT_MEMBER, reason="an empty member is nobody: a gap")
    user_id = Id("user", reason="tell responders apart, for distribution of duty")


class ShiftSourceSchema(AllowListSchema):
    type = Code(SHIFT_SOURCE, reason="tell an override from the plan")


class ShiftSchema(AllowListSchema):
    TABLE = "schedule_v3_shift"

    start_time = Instant(reason="begin of an on-call shift", required=True)
    end_time = Instant(reason="end of an on-call shift", required=True)
    member = One(ShiftMemberSchema, reason="who is on call")
    source = One(ShiftSourceSchema, reason="where the shift came from")


class RenderedScheduleSchema(AllowListSchema):
    computed_shift_assignments = Many(ShiftSchema, reason="the shifts as they were served")


class RosterMemberSchema(AllowListSchema):
    TABLE = "rotation_member"

    type = Code(SHIFT_MEMBER, reason="an empty member is nobody")
    user_id = Id("user", reason="who is on the roster, also without a shift")


class AssignmentSchema(AllowListSchema):
    members = Many(RosterMemberSchema, reason="who takes turns")


class EventSchema(AllowListSchema):
    TABLE = "rotation_event"

    effective_since = Instant(reason="from when on its members are on the roster")
    effective_until = Instant(
        unbounded=True, reason="until when they are; none where it does not end"
    )
    assignment_strategy = One(AssignmentSchema, reason="its members")


class RotationSchema(AllowListSchema):
    TABLE = "rotation"

    events = Many(EventSchema, reason="a rotation's members stand with its events")


class ScheduleV3DetailSchema(AllowListSchema):
    TABLE = "schedule_v3_detail"

    id = Id("schedule", reason="tell schedules apart without naming them", required=True)
    time_zone = Zone(reason="nights and weekends are local")
    final_schedule = One(RenderedScheduleSchema, reason="the shifts after overrides")
    rotations = Many(RotationSchema, reason="the roster behind the shifts")
    teams = listed("schedule_v3_team", "team", reason="which team the schedule belongs to")


SCHEDULE_V3_DETAILS = Resource(
    name="schedule_v3_details",
    path="/v3/schedules/{id}",
    scope="schedules.read",
    purpose="On-call shifts of shift-based schedules, of the window and the next 14 days.",
    without="On-call hours, gaps and overrides of shift-based schedules are missing.",
    schema=ScheduleV3DetailSchema,
    envelope="schedule",
    shape=Shape.ONE,
    fixed_query={"include[]": "final_schedule", "time_zone": "UTC"},
    paged=False,
    span=Span.RENDERED,
    parent="schedules_v3",
    refresh=Refresh.DAILY,
    max_bytes=32 * MIB,
)
