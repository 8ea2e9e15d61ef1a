"""What the engine reads: sanitised PagerDuty records as plain rows.

Instants are integer microseconds since 1970-01-01 UTC. Ids are 16-byte pseudonyms.
Vocabulary fields hold PagerDuty's own words (``"resolved"``, ``"escalate_log_entry"``,
``"user"``, ``"timeout"``) or ``"other"`` for a word PagerDuty added later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Incident(NamedTuple):
    id: bytes
    created_at: int
    resolved_at: int | None
    last_status_change_at: int | None
    status: str
    urgency: str
    merged: bool
    service_id: bytes | None
    escalation_policy_id: bytes | None
    acknowledged_at: int | None
    """Earliest acknowledgement by a user that the incident itself still lists, else None."""


class LogEntry(NamedTuple):
    id: bytes
    incident_id: bytes
    created_at: int
    type: str
    agent_type: str | None
    agent_id: bytes | None
    channel_type: str | None
    assignees: tuple[bytes, ...]


class EscalationTarget(NamedTuple):
    type: str
    """``"user"`` or ``"schedule"``."""
    id: bytes


class EscalationRule(NamedTuple):
    escalation_policy_id: bytes
    level: int
    """1 for the first rule."""
    delay_minutes: int | None
    targets: tuple[EscalationTarget, ...]


class ScheduleEntry(NamedTuple):
    schedule_id: bytes
    start: int
    end: int
    user_id: bytes | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one assessment is computed from; rows in any order."""

    incidents: Sequence[Incident]
    log_entries: Sequence[LogEntry]
    escalation_rules: Sequence[EscalationRule]
    schedules: Sequence[bytes]
    """Ids of the layer-based schedules, also those without any entry."""
    schedule_entries: Sequence[ScheduleEntry]
