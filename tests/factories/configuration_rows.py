"""Short words for an account's set-up: policies, services, dependencies, schedules."""

from collections.abc import Iterable, Mapping

from app.assessment.rows import (
    BusinessService,
    Dependency,
    EscalationPolicy,
    EscalationRule,
    Facts,
    Incident,
    LogEntry,
    Schedule,
    ScheduleEntry,
    Service,
    SupportHours,
)
from tests.factories.rows import DAY, MONDAY, pseudonym


def policy(
    name: str = "policy", loops: int | None = 0, teams: Iterable[str] = ()
) -> EscalationPolicy:
    return EscalationPolicy(pseudonym(name), loops, tuple(pseudonym(team) for team in teams))


def service(
    name: str,
    policy: str | None = "policy",
    *,
    status: str | None = "active",
    urgency: str | None = "high",
    created: int | None = MONDAY - 400 * DAY,
    last: int | None = MONDAY,
    ack_timeout: int | None = 1_800,
    auto_resolve: int | None = 14_400,
    hours: SupportHours | None = None,
    inside: str | None = None,
    outside: str | None = None,
    integrations: int | None = 1,
    teams: Iterable[str] = (),
) -> Service:
    return Service(
        id=pseudonym(name),
        status=status,
        created_at=created,
        last_incident_at=last,
        escalation_policy_id=None if policy is None else pseudonym(policy),
        acknowledgement_timeout_s=ack_timeout,
        auto_resolve_timeout_s=auto_resolve,
        urgency=urgency,
        support_hours=hours,
        integrations=integrations,
        teams=tuple(pseudonym(team) for team in teams),
        urgency_inside=inside,
        urgency_outside=outside,
    )


def edges(*pairs: str) -> list[Dependency]:
    """``"a>b"``: b depends on a; a name that starts with ``business`` is a business service."""
    found = []
    for pair in pairs:
        one, other = pair.split(">")
        found.append(Dependency(_kind(one), pseudonym(one), _kind(other), pseudonym(other)))
    return found


def estate(
    *,
    policies: Iterable[EscalationPolicy] = (),
    rules: Iterable[EscalationRule] = (),
    services: Iterable[Service] = (),
    dependencies: Iterable[Dependency] = (),
    businesses: Iterable[str] = (),
    rosters: Mapping[str, Iterable[str]] | None = None,
    shifts: Iterable[ScheduleEntry] = (),
    incidents: Iterable[Incident] = (),
    log_entries: Iterable[LogEntry] = (),
    teams: Iterable[str] = (),
    abilities: Iterable[str] = (),
) -> Facts:
    """``rosters``: per schedule whom it lists."""
    return Facts(
        incidents=list(incidents),
        log_entries=list(log_entries),
        escalation_rules=list(rules),
        escalation_policies=list(policies),
        schedules=[
            Schedule(pseudonym(name), "Etc/UTC", frozenset(map(pseudonym, people)), ())
            for name, people in (rosters or {}).items()
        ],
        schedule_entries=list(shifts),
        services=list(services),
        dependencies=list(dependencies),
        business_services=[BusinessService(pseudonym(name), None) for name in businesses],
        teams=[pseudonym(team) for team in teams],
        abilities=frozenset(abilities),
    )


def _kind(name: str) -> str:
    return "business_service" if name.startswith("business") else "service"
