"""Services of both kinds and the edges between them."""

from typing import Any

from app.assessment.rows import BusinessService, Dependency, Service, SupportHours
from app.operations.assessments.facts.tables import Records, words, zone_name
from collectors.vocabularies import RULE_URGENCY, SERVICE_KIND, SERVICE_STATUS, URGENCY_RULE

_CONSTANT = URGENCY_RULE.codes()["constant"]


def services(records: Records) -> list[Service]:
    """Technical services; an urgency that depends on the hour is not fixed: None."""
    statuses, urgencies = words(SERVICE_STATUS), words(RULE_URGENCY)
    teams = records.nested("service_team", "id")
    hours = _support_hours(records)
    rows = records.rows(
        "service",
        "id",
        "status",
        "created_at",
        "last_incident_timestamp",
        "escalation_policy_id",
        "acknowledgement_timeout",
        "auto_resolve_timeout",
        "incident_urgency_rule_type",
        "incident_urgency_rule_urgency",
        "integrations",
        "incident_urgency_rule_during_support_hours_urgency",
        "incident_urgency_rule_outside_support_hours_urgency",
    )
    return [
        Service(
            id=number,
            status=statuses[status],
            created_at=created,
            last_incident_at=last_incident,
            escalation_policy_id=policy,
            acknowledgement_timeout_s=acknowledgement_timeout,
            auto_resolve_timeout_s=auto_resolve_timeout,
            urgency=urgencies[urgency] if rule == _CONSTANT else None,
            support_hours=hours.get(number),
            integrations=integrations,
            teams=tuple(teams.get(number, ())),
            urgency_inside=None if rule == _CONSTANT else urgencies[inside],
            urgency_outside=None if rule == _CONSTANT else urgencies[outside],
        )
        for (
            number,
            status,
            created,
            last_incident,
            policy,
            acknowledgement_timeout,
            auto_resolve_timeout,
            rule,
            urgency,
            integrations,
            inside,
            outside,
        ) in rows
    ]


def _support_hours(records: Records) -> dict[bytes, SupportHours]:
    rows = records.rows(
        "service",
        "id",
        "support_hours_time_zone",
        "support_hours_start_time",
        "support_hours_end_time",
        "support_hours_days_of_week",
    )
    return {row[0]: hours for row in rows if (hours := _hours(row)) is not None}


def _hours(row: Any) -> SupportHours | None:
    """Hours without begin, end or day say nothing."""
    _, zone, start, end, bits = row
    if start is None or end is None or not bits:
        return None
    days = frozenset(day for day in range(1, 8) if bits & 1 << (day - 1))
    return SupportHours(zone_name(zone), start, end, days)


def business_services(records: Records) -> list[BusinessService]:
    """Business services and the team that owns each."""
    return [BusinessService(*row) for row in records.rows("business_service", "id", "team_id")]


def dependencies(records: Records) -> list[Dependency]:
    """Edges of which both ends are known."""
    kinds = SERVICE_KIND.by_code()
    return [
        Dependency(kinds[supporting_kind or 0], supporting, kinds[dependent_kind or 0], dependent)
        for supporting_kind, supporting, dependent_kind, dependent in records.rows(
            "service_dependency",
            "supporting_service_type",
            "supporting_service_id",
            "dependent_service_type",
            "dependent_service_id",
        )
        if supporting is not None and dependent is not None
    ]
