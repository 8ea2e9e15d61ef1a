"""Responders' time zones: only where the client allows this extension by name."""

from collectors.fields import AllowListSchema, Id
from collectors.numbers import Zone
from collectors.resource import Resource


class ResponderSchema(AllowListSchema):
    TABLE = "responder"

    id = Id("user", reason="join a zone with shifts and notifications", required=True)
    time_zone = Zone(reason="whether a call woke somebody depends on where they live")


USERS = Resource(
    name="users",
    path="/users",
    scope="users.read",
    purpose=(
        "The time zone of each responder; nothing else of a person is read. "
        "No figure of this version uses it yet."
    ),
    without="Nights and weekends follow the schedule's time zone.",
    schema=ResponderSchema,
    envelope="users",
    extension=True,
)
