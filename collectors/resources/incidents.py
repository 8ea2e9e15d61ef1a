"""Incidents: when they began, changed and ended. Never what they were about."""

from collectors.fields import AllowListSchema, Id, Many, One, listed, reference
from collectors.numbers import Code, Instant, Whole
from collectors.resource import Resource, Span
from collectors.vocabularies import ACTOR, RESOLVE_REASON, RESPONDER_STATE, STATUS, URGENCY


class AcknowledgerSchema(AllowListSchema):
    type = Code(ACTOR, reason="a human acknowledgement counts, an automatic one does not")


class AcknowledgementSchema(AllowListSchema):
    TABLE = "incident_acknowledgement"

    at = Instant(reason="time to acknowledge where the log has no entry", required=True)
    acknowledger = One(AcknowledgerSchema, reason="human or not")


class AlertCountsSchema(AllowListSchema):
    all = Whole(reason="how many alerts became one incident")


class IncidentResponderSchema(AllowListSchema):
    TABLE = "incident_responder"

    state = Code(RESPONDER_STATE, reason="whether the person joined")
    requested_at = Instant(reason="when help was asked for")
    updated_at = Instant(reason="when it was given")
    user = reference("user", reason="count the people who worked on an incident")


class ResponderRequestSchema(AllowListSchema):
    TABLE = "responder_request"

    requested_at = Instant(reason="how often help was asked for")


class ResolveReasonSchema(AllowListSchema):
    type = Code(RESOLVE_REASON, reason="merged incidents are left out of durations")


class IncidentSchema(AllowListSchema):
    TABLE = "incident"

    id = Id("incident", reason="join an incident with its log entries", required=True)
    created_at = Instant(reason="start of every duration", required=True)
    resolved_at = Instant(reason="end of the incident")
    last_status_change_at = Instant(reason="end of the incident where resolved_at is missing")
    status = Code(STATUS, reason="open incidents are censored, not forgotten")
    urgency = Code(URGENCY, reason="low urgency is assessed apart")
    priority = reference("priority", reason="tell major incidents")
    service = reference("service", reason="figures per service")
    escalation_policy = reference("escalation_policy", reason="figures per policy")
    resolve_reason = One(ResolveReasonSchema, reason="tell merged from resolved")
    alert_counts = One(AlertCountsSchema, reason="alerts per incident")
    acknowledgements = Many(AcknowledgementSchema, reason="acknowledgements still listed")
    teams = listed("incident_team", "team", reason="figures per team")
    incidents_responders = Many(IncidentResponderSchema, reason="who was asked to help")
    responder_requests = Many(ResponderRequestSchema, reason="requests for help")


INCIDENTS = Resource(
    name="incidents",
    path="/incidents",
    scope="incidents.read",
    purpose="Lifecycle times of incidents.",
    without="There is nothing to assess but the configuration.",
    schema=IncidentSchema,
    envelope="incidents",
    fixed_query={"time_zone": "UTC", "sort_by": "created_at:asc"},
    moment="created_at",
    span=Span.WINDOW,
    max_days=180,
)
