"""Responders' time zones: only where the client allows this extension by name."""

from collectors.fields import AllowListSchema, Id
from collectors.numbers import Zone
from collectors.resource import Resource


class ResponderSchema(AllowListSchema):
    TABLE = "responder"

    id = Id(
        "user",
        reason="join a zone with shifts and notifications; who is no longer listed",
        required=True,
    )
    time_zone = Zone(reason="whether a call woke somebody depends on where they live")


USERS = Resource(
    name="users",
    path="/users",
    scope="users.read",
    purpose=(
        "The time zone of each responder, for the nights, the rest and the hours of their own day; "
        "nothing else of a person is read."
    ),
    without=(
        "Nights, rest and hours of the day follow the schedule's time zone, else the account's; "
        "how many people were deleted is not known."
    ),
    schema=ResponderSchema,
    envelope="users",
    extension=True,
)
