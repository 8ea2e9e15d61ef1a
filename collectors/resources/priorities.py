"""Priorities: which rank highest. PagerDuty lists the most severe first."""

from collectors.fields import AllowListSchema, Id
from collectors.resource import Resource


class PrioritySchema(AllowListSchema):
    TABLE = "priority"
    KEYS = ("position",)

    id = Id("priority", reason="rank an incident's priority without naming it", required=True)


PRIORITIES = Resource(
    name="priorities",
    path="/priorities",
    scope="priorities.read",
    purpose="The order of priorities, to tell major incidents.",
    without="Major incidents cannot be told by their priority.",
    schema=PrioritySchema,
    envelope="priorities",
)
