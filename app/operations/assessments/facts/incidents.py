"""Incidents with what is nested in them."""

from collections.abc import Mapping

from app.assessment.rows import AddedResponder, Incident
from app.operations.assessments.facts.tables import Records, words
from collectors.vocabularies import ACTOR, RESOLVE_REASON, RESPONDER_STATE, STATUS, URGENCY


def incidents(records: Records) -> list[Incident]:
    """Every incident, of any window."""
    status, urgency = STATUS.by_code(), URGENCY.by_code()
    merged = RESOLVE_REASON.codes()["merge_resolve_reason"]
    acknowledged = _acknowledged(records)
    teams = records.nested("incident_team", "id")
    responders = _responders(records)
    requests = records.nested("responder_request", "requested_at")
    rows = records.rows(
        "incident",
        "id",
        "created_at",
        "resolved_at",
        "last_status_change_at",
        "status",
        "urgency",
        "resolve_reason_type",
        "service_id",
        "escalation_policy_id",
        "priority_id",
        "alert_counts_all",
    )
    return [
        Incident(
            id=number,
            created_at=created,
            resolved_at=resolved,
            last_status_change_at=changed,
            status=status[state or 0],
            urgency=urgency[urgent or 0],
            merged=reason == merged,
            service_id=service,
            escalation_policy_id=policy,
            acknowledged_at=acknowledged.get(number),
            priority_id=priority,
            alerts=alerts,
            teams=tuple(teams.get(number, ())),
            responders=tuple(responders.get(number, ())),
            requests=tuple(requests.get(number, ())),
        )
        for (
            number,
            created,
            resolved,
            changed,
            state,
            urgent,
            reason,
            service,
            policy,
            priority,
            alerts,
        ) in rows
    ]


def _acknowledged(records: Records) -> Mapping[bytes, int]:
    """The earliest acknowledgement by a user that an incident still lists."""
    user = ACTOR.codes()["user"]
    earliest: dict[bytes, int] = {}
    for incident, at, actor in records.rows(
        "incident_acknowledgement", "incident_id", "at", "acknowledger_type"
    ):
        if actor == user:
            earliest[incident] = min(at, earliest.get(incident, at))
    return earliest


def _responders(records: Records) -> Mapping[bytes, list[AddedResponder]]:
    states = words(RESPONDER_STATE)
    found: dict[bytes, list[AddedResponder]] = {}
    for incident, state, requested, updated, user in records.rows(
        "incident_responder", "incident_id", "state", "requested_at", "updated_at", "user_id"
    ):
        added = AddedResponder(states[state], requested, updated, user)
        found.setdefault(incident, []).append(added)
    return found
