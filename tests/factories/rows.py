"""Short words to write an account down with, for the tests of the engine."""

from collections.abc import Iterable, Sequence

from app.assessment.account import Account
from app.assessment.engine import assess
from app.assessment.figures import Figure
from app.assessment.metric import Metric, figures_of
from app.assessment.options import AssessmentOptions
from app.assessment.rows import (
    ChangeEvent,
    EscalationRule,
    EscalationTarget,
    Facts,
    Incident,
    LogEntry,
    Schedule,
    ScheduleEntry,
)
from app.assessment.series import Drawn, Series

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
MONDAY = 1_704_067_200 * SECOND
"""2024-01-01 00:00 UTC, a Monday."""


def pseudonym(name: str) -> bytes:
    return name.encode().ljust(16, b"\0")


def pseudonyms(names: Iterable[str]) -> list[bytes]:
    return [pseudonym(name) for name in names]


def name_of(found: bytes) -> str:
    """The name behind a pseudonym of these tests."""
    return found.rstrip(b"\0").decode()


def options(
    until: int = MONDAY + WEEK, as_of: int | None = None, *, since: int = MONDAY
) -> AssessmentOptions:
    return AssessmentOptions(since=since, until=until, as_of=until if as_of is None else as_of)


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
    service: str | None = "service",
    teams: Iterable[str] = (),
    alerts: int | None = None,
    requests: Iterable[int] = (),
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
        service_id=None if service is None else pseudonym(service),
        escalation_policy_id=None if policy is None else pseudonym(policy),
        acknowledged_at=listed_ack,
        alerts=alerts,
        teams=tuple(pseudonym(team) for team in teams),
        requests=tuple(requests),
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


def rule(
    level: int, *targets: str, policy: str = "policy", delay: int | None = 5
) -> EscalationRule:
    """A level; a target that starts with ``rota`` is a schedule, any other a user."""
    found = tuple(
        EscalationTarget("schedule" if name.startswith("rota") else "user", pseudonym(name))
        for name in targets
    )
    return EscalationRule(pseudonym(policy), level, delay, found)


def shift(schedule: str, start: int, end: int, person: str | None) -> ScheduleEntry:
    user = None if person is None else pseudonym(person)
    return ScheduleEntry(pseudonym(schedule), start, end, user)


def change(name: str, at: int, *services: str, integration: str | None = "pipeline") -> ChangeEvent:
    found = None if integration is None else pseudonym(integration)
    return ChangeEvent(pseudonym(name), at, found, tuple(pseudonym(each) for each in services))


def facts(
    incidents: Iterable[Incident] = (),
    log_entries: Iterable[LogEntry] = (),
    rules: Iterable[EscalationRule] = (),
    schedules: Iterable[str] = (),
    shifts: Iterable[ScheduleEntry] = (),
    *,
    changes: Iterable[ChangeEvent] = (),
) -> Facts:
    return Facts(
        list(incidents),
        list(log_entries),
        list(rules),
        [Schedule(pseudonym(schedule), None, frozenset(), ()) for schedule in schedules],
        list(shifts),
        change_events=list(changes),
    )


def figures(account: Facts, question: AssessmentOptions | None = None) -> dict[str, Figure]:
    """Figures by name: ``measure``, ``measure/key``, ``team:<id>/measure``, with ``/key`` last."""
    return _named(assess(account, question or options()).figures)


def listed(
    metrics: Iterable[Metric], rows: Facts, question: AssessmentOptions | None = None
) -> list[Figure]:
    """The figures of some metrics alone, in the order they are computed."""
    account = Account(rows, question or options())
    return [figure for each in metrics for figure in figures_of(each, account)]


def family(
    metrics: Iterable[Metric], rows: Facts, question: AssessmentOptions | None = None
) -> dict[str, Figure]:
    """The figures of some metrics alone, by the same names."""
    return _named(listed(metrics, rows, question))


def drawings(
    series: Iterable[Series], rows: Facts, question: AssessmentOptions | None = None
) -> list[Drawn]:
    """What some charts draw."""
    account = Account(rows, question or options())
    return [each.compute(account) for each in series]


def _named(found: Sequence[Figure]) -> dict[str, Figure]:
    named = {_name(figure): figure for figure in found}
    assert len(named) == len(found), "two figures share a name"
    return named


def _name(figure: Figure) -> str:
    place = "" if figure.of is None else f"{figure.level}:{_plain(figure.of)}"
    return "/".join(filter(None, [place, figure.measure, figure.key]))


def _plain(of: str) -> str:
    """The name behind a pseudonym of these tests; weeks and hours as they are."""
    if len(of) != 32:
        return of
    return name_of(bytes.fromhex(of))


def values(account: Facts, question: AssessmentOptions | None = None) -> dict[str, float | None]:
    return {name: figure.value for name, figure in figures(account, question).items()}
