"""Short words to write an account down with, for the tests of the engine."""

from collections.abc import Iterable

from app.assessment.engine import assess
from app.assessment.figures import Figure
from app.assessment.options import AssessmentOptions
from app.assessment.rows import (
    EscalationRule,
    EscalationTarget,
    Facts,
    Incident,
    LogEntry,
    ScheduleEntry,
)

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
MONDAY = 1_704_067_200 * SECOND
"""2024-01-01 00:00 UTC, a Monday."""


def pseudonym(name: str) -> bytes:
    return name.encode().ljust(16, b"\0")


def options(until: int = MONDAY + WEEK, as_of: int | None = None) -> AssessmentOptions:
    return AssessmentOptions(since=MONDAY, until=until, as_of=until if as_of is None else as_of)


def incident(
    name: str,
    at: int = MONDAY,
    *,
    resolved: int | None = None,
    status: str | None = None,
    urgency: str = "high",
    merged: bool = False,
    changed: int | None = None,
    listed_ack: int | None = None,
    policy: str | None = "policy",
) -> Incident:
    """Created at ``at`` and, if ``resolved``, over so many microseconds later."""
    return Incident(
        id=pseudonym(name),
        created_at=at,
        resolved_at=None if resolved is None else at + resolved,
        last_status_change_at=changed,
        status=status or ("triggered" if resolved is None else "resolved"),
        urgency=urgency,
        merged=merged,
        service_id=pseudonym("service"),
        escalation_policy_id=None if policy is None else pseudonym(policy),
        acknowledged_at=listed_ack,
    )


def entry(
    name: str,
    kind: str,
    at: int,
    *,
    agent: str | None = "user",
    channel: str | None = "website",
    to: Iterable[str] = (),
    number: int = 0,
) -> LogEntry:
    """A log entry of incident ``name``; ``kind`` without ``_log_entry``."""
    return LogEntry(
        id=pseudonym(f"{name}{kind[:6]}{number}{at % 1_000_003}"),
        incident_id=pseudonym(name),
        created_at=at,
        type=f"{kind}_log_entry",
        agent_type=agent,
        agent_id=pseudonym("agent"),
        channel_type=channel,
        assignees=tuple(pseudonym(person) for person in to),
    )


def rule(level: int, *targets: str, policy: str = "policy") -> EscalationRule:
    """A level; a target that starts with ``rota`` is a schedule, any other a user."""
    found = tuple(
        EscalationTarget("schedule" if name.startswith("rota") else "user", pseudonym(name))
        for name in targets
    )
    return EscalationRule(pseudonym(policy), level, 5, found)


def shift(schedule: str, start: int, end: int, person: str | None) -> ScheduleEntry:
    user = None if person is None else pseudonym(person)
    return ScheduleEntry(pseudonym(schedule), start, end, user)


def facts(
    incidents: Iterable[Incident] = (),
    log_entries: Iterable[LogEntry] = (),
    rules: Iterable[EscalationRule] = (),
    schedules: Iterable[str] = (),
    shifts: Iterable[ScheduleEntry] = (),
) -> Facts:
    return Facts(
        list(incidents),
        list(log_entries),
        list(rules),
        [pseudonym(schedule) for schedule in schedules],
        list(shifts),
    )


def figures(account: Facts, asked: AssessmentOptions | None = None) -> dict[str, Figure]:
    """Figures by measure, or ``measure/key`` for one key of a map."""
    found = assess(account, asked or options()).figures
    named = {"/".join((f.measure, *filter(None, [f.scope.get("key")]))): f for f in found}
    assert len(named) == len(found), "two figures share a name"
    return named


def values(account: Facts, asked: AssessmentOptions | None = None) -> dict[str, float | None]:
    return {name: figure.value for name, figure in figures(account, asked).items()}
