"""Log entries: the steps of an escalation, as type, time and pseudonym."""

from collectors.fields import AllowListSchema, Id, Many, One, reference
from collectors.numbers import Code, Instant
from collectors.resource import Refresh, Resource, Span
from collectors.vocabularies import ACTOR, CHANNEL, LOG_ENTRY, NOTIFICATION, PLANNED_ACTION


class AgentSchema(AllowListSchema):
    type = Code(ACTOR, reason="human or automation")
    id = Id(None, reason="tell responders apart")


class NotificationSchema(AllowListSchema):
    type = Code(NOTIFICATION, reason="a mail interrupts nobody, a call does")


class ChannelSchema(AllowListSchema):
    type = Code(CHANNEL, reason="a time-out or a decision; push, call or mail")
    notification = One(NotificationSchema, reason="how a person was notified")


class AssigneeSchema(AllowListSchema):
    TABLE = "log_entry_assignee"

    id = Id("user", reason="which level of the path was reached")


class ChangedActionSchema(AllowListSchema):
    TABLE = "log_entry_action"

    type = Code(PLANNED_ACTION, reason="which planned action the step moved: a snooze, its end")
    at = Instant(reason="the end of a snooze is no lost acknowledgement")


class LogEntrySchema(AllowListSchema):
    TABLE = "log_entry"

    id = Id("log_entry", reason="count each entry once", required=True)
    type = Code(LOG_ENTRY, reason="which step it was", required=True)
    created_at = Instant(reason="when the step was taken", required=True)
    incident = reference("incident", reason="which incident it belongs to")
    service = reference("service", reason="which service the step was taken for")
    agent = One(AgentSchema, reason="who took the step, as a pseudonym")
    channel = One(ChannelSchema, reason="how the step was taken")
    user = reference("user", reason="who was notified, as a pseudonym")
    assignees = Many(AssigneeSchema, reason="whom the incident went to")
    changed_actions = Many(ChangedActionSchema, reason="when a snooze ends")


LOG_ENTRIES = Resource(
    name="log_entries",
    path="/log_entries",
    scope="incidents.read",
    purpose=(
        "The steps of each escalation path, from the first day of the window until the collection."
    ),
    without="No acknowledgement times, no escalation paths, no interruptions.",
    schema=LogEntrySchema,
    envelope="log_entries",
    fixed_query={"time_zone": "UTC"},
    moment="created_at",
    span=Span.WINDOW_TO_AS_OF,
    refresh=Refresh.SINCE_LAST,
)
