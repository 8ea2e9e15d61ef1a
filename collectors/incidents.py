"""Incidents: when they began, changed and ended. Never what they were about."""

from collectors.fields import AllowListSchema, Code, Id, Instant, Many, One, reference
from collectors.resource import Resource, Span
from collectors.vocabularies import ACTOR, RESOLVE_REASON, STATUS, URGENCY


class AcknowledgerSchema(AllowListSchema):
    type = Code(ACTOR, reason="a human acknowledgement counts, an automatic one does not")


class AcknowledgementSchema(AllowListSchema):
    TABLE = "incident_acknowledgement"

    at = Instant(reason="time to acknowledge where the log has no entry", required=True)
    acknowledger = One(AcknowledgerSchema, reason="human or not")


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
    service = reference("service", reason="figures per service")
    escalation_policy = reference("escalation_policy", reason="figures per policy")
    resolve_reason = One(ResolveReasonSchema, reason="tell merged from resolved")
    acknowledgements = Many(AcknowledgementSchema, reason="acknowledgements still listed")


INCIDENTS = Resource(
    name="incidents",
    path="/incidents",
    scope="incidents.read",
    purpose="Lifecycle times of incidents.",
    schema=IncidentSchema,
    envelope="incidents",
    fixed_query={"time_zone": "UTC", "sort_by": "created_at:asc"},
    span=Span.WINDOW,
    max_days=180,
)
