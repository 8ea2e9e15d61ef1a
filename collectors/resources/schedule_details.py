"""One layer-based schedule per request: where the rendered list is refused or times out."""

from collectors.resource import MIB, Refresh, Resource, Shape, Span
from collectors.resources.schedules import ScheduleSchema

SCHEDULE_DETAILS = Resource(
    name="schedule_details",
    path="/schedules/{id}",
    scope="schedules.read",
    purpose="The same shifts, one schedule a call, where the list is refused.",
    without="On-call hours, gaps, overrides and hand-offs of layer-based schedules are missing.",
    schema=ScheduleSchema,
    envelope="schedule",
    shape=Shape.ONE,
    fixed_query={"time_zone": "UTC"},
    paged=False,
    span=Span.RENDERED,
    parent="schedules",
    refresh=Refresh.DAILY,
    fallback=True,
    max_bytes=32 * MIB,
)
