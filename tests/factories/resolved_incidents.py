"""Incidents with their log, by how they ended."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from app.assessment.rows import ChangeEvent, Facts, Incident, LogEntry
from tests.factories.rows import MONDAY, entry, facts, incident

By = Literal["integration", "timer", "person"]


class Handled(NamedTuple):
    incident: Incident
    log: list[LogEntry]


def handled(
    name: str,
    at: int = MONDAY,
    after: int | None = None,
    by: By = "integration",
    *extra: LogEntry,
    acked: int | None = None,
    service: str = "service",
    urgency: str = "high",
    policy: str = "policy",
) -> Handled:
    """Created at ``at``, acknowledged ``acked`` and resolved ``after`` microseconds later."""
    log = [entry(name, "trigger", at, agent="service", channel="api"), *extra]
    if acked is not None:
        log.append(entry(name, "acknowledge", at + acked))
    if after is not None:
        log.append(resolve(name, at + after, by))
    row = incident(name, at, resolved=after, service=service, urgency=urgency, policy=policy)
    return Handled(row, log)


def resolve(name: str, at: int, by: By) -> LogEntry:
    agent, channel = {
        "integration": ("service", "api"),
        "timer": ("service", "timeout"),
        "person": ("user", "website"),
    }[by]
    return entry(name, "resolve", at, agent=agent, channel=channel)


def account(cases: Iterable[Handled], changes: Iterable[ChangeEvent] = ()) -> Facts:
    found = list(cases)
    log = [line for each in found for line in each.log]
    return facts([each.incident for each in found], log, changes=changes)
