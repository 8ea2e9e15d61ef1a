"""Shift-based schedules: which exist. Each is then requested by itself."""

from collectors.fields import AllowListSchema, Id
from collectors.resource import Resource


class ScheduleV3Schema(AllowListSchema):
    TABLE = "schedule_v3"

    id = Id("schedule", reason="tell schedules apart without naming them", required=True)


SCHEDULES_V3 = Resource(
    name="schedules_v3",
    path="/v3/schedules",
    scope="schedules.read",
    purpose="Which shift-based schedules exist.",
    without="Shift-based schedules are missing from on-call hours and gaps.",
    schema=ScheduleV3Schema,
    envelope="schedules",
    page_size=1000,
)
