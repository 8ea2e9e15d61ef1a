"""Change events: when something was changed, and on which services. Never what."""

from collectors.fields import AllowListSchema, Id, listed, reference
from collectors.numbers import Instant
from collectors.resource import Refresh, Resource, Span


class ChangeEventSchema(AllowListSchema):
    TABLE = "change_event"

    id = Id("change_event", reason="count each change once", required=True)
    timestamp = Instant(reason="when the change was made", required=True)
    integration = reference("integration", reason="one tool's changes apart from another's")
    services = listed("change_event_service", "service", reason="incidents that follow a change")


CHANGE_EVENTS = Resource(
    name="change_events",
    path="/change_events",
    scope="change_events.read",
    purpose="When services were changed, to see whether incidents follow changes.",
    without="No figures about changes.",
    schema=ChangeEventSchema,
    envelope="change_events",
    moment="timestamp",
    span=Span.WINDOW,
    refresh=Refresh.SINCE_LAST,
)
