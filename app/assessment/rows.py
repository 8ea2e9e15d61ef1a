"""What the engine reads: sanitised PagerDuty records as plain rows.

Instants are integer microseconds since 1970-01-01 UTC. Ids are 16-byte pseudonyms.
Vocabulary fields have PagerDuty's own words (``"resolved"``, ``"escalate_log_entry"``,
``"user"``, ``"timeout"``) or ``"other"`` for a word PagerDuty added later. Time zones are IANA
names; None where PagerDuty gave none, ``UNKNOWN_ZONE`` for a name that no table knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

Ids = tuple[bytes, ...]
UNKNOWN_ZONE = "unknown"
"""A time zone whose name no table knows: nothing is computed from it."""


class AddedResponder(NamedTuple):
    """A person who was requested to help with an incident."""

    state: str | None
    """``"pending"``, ``"joined"``, ``"declined"``, ``"user_cancelled"``."""
    requested_at: int | None
    updated_at: int | None
    user_id: bytes | None


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
    priority_id: bytes | None = None
    alerts: int | None = None
    """Alerts grouped into it; None where PagerDuty counts none."""
    teams: Ids = ()
    responders: tuple[AddedResponder, ...] = ()
    requests: tuple[int, ...] = ()
    """When responders were requested."""


class LogEntry(NamedTuple):
    id: bytes
    incident_id: bytes
    created_at: int
    type: str
    agent_type: str | None
    agent_id: bytes | None
    channel_type: str | None
    assignees: Ids
    notification: str | None = None
    """``"push_notification"``, ``"sms_notification"``, ``"phone_notification"``,
    ``"email_notification"``; None where the client withheld the channel."""
    user_id: bytes | None = None
    """Who was notified."""
    until: int | None = None
    """When a snooze ends, where its entry names that."""


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


class EscalationPolicy(NamedTuple):
    id: bytes
    num_loops: int | None
    teams: Ids


class SupportHours(NamedTuple):
    """Local hours in which somebody is expected: ``start_s`` to ``end_s`` of the day."""

    time_zone: str | None
    start_s: int
    end_s: int
    days: frozenset[int]
    """ISO weekdays, 1 for Monday."""


class Service(NamedTuple):
    id: bytes
    status: str | None
    """``"active"``, ``"disabled"`` and so on."""
    created_at: int | None
    last_incident_at: int | None
    escalation_policy_id: bytes | None
    acknowledgement_timeout_s: int | None
    """None or 0: off."""
    auto_resolve_timeout_s: int | None
    """None or 0: off."""
    urgency: str | None
    """Of new incidents, where it is fixed: ``"high"``, ``"low"``, ``"severity_based"``."""
    support_hours: SupportHours | None
    integrations: int | None
    teams: Ids
    urgency_inside: str | None = None
    """The same in support hours, where the urgency depends on them."""
    urgency_outside: str | None = None
    """The same outside support hours."""


class BusinessService(NamedTuple):
    id: bytes
    team_id: bytes | None


class Dependency(NamedTuple):
    """An edge as PagerDuty lists it; the same pair may come twice."""

    supporting_type: str
    """``"service"`` or ``"business_service"``."""
    supporting_id: bytes
    dependent_type: str
    dependent_id: bytes


class Schedule(NamedTuple):
    id: bytes
    time_zone: str | None
    roster: frozenset[bytes]
    """People it lists, whether or not they have a shift."""
    teams: Ids
    deleted: frozenset[bytes] = frozenset()
    """Those of them who were deleted."""


class ScheduleEntry(NamedTuple):
    schedule_id: bytes
    start: int
    end: int
    user_id: bytes | None
    """None is nobody (an empty member of a shift-based schedule)."""
    override: bool = False
    """A shift of a shift-based schedule that came from an override."""


class Oncall(NamedTuple):
    """Who PagerDuty says is on call; ``start`` None for a direct user target."""

    escalation_policy_id: bytes
    level: int
    user_id: bytes
    schedule_id: bytes | None
    start: int | None
    end: int | None


class ChangeEvent(NamedTuple):
    id: bytes
    timestamp: int
    integration_id: bytes | None
    services: Ids


class Responder(NamedTuple):
    id: bytes
    time_zone: str | None


class TeamMember(NamedTuple):
    team_id: bytes
    user_id: bytes


@dataclass(frozen=True, slots=True)
class Gathered:
    """How well the collection went, for DQ-02 and DQ-06; all zero where nothing is known."""

    resources: int = 0
    """Kinds of record that were requested."""
    refused: int = 0
    """Kinds PagerDuty did not give."""
    windows: int = 0
    windows_short: int = 0
    """Windows with less than PagerDuty declared."""
    schedules_unrendered: int = 0
    absent: frozenset[str] = frozenset()
    """Resources that were not given at all, though the account has them."""
    lacking: frozenset[str] = frozenset()
    """Resources of which more than 1 % is missing."""
    short: frozenset[str] = frozenset()
    """Resources of which anything is missing, be it all or only one record."""

    @property
    def missing(self) -> frozenset[str]:
        """Resources that no verdict may rest on."""
        return self.absent | self.lacking


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one assessment is computed from; rows in any order."""

    incidents: Sequence[Incident] = ()
    log_entries: Sequence[LogEntry] = ()
    escalation_rules: Sequence[EscalationRule] = ()
    schedules: Sequence[Schedule] = ()
    """Of both kinds, also those without any entry."""
    schedule_entries: Sequence[ScheduleEntry] = ()
    """Final rendered shifts."""
    overrides: Sequence[ScheduleEntry] = ()
    """Overrides of layer-based schedules; those of shift-based ones are marked entries."""
    escalation_policies: Sequence[EscalationPolicy] = ()
    services: Sequence[Service] = ()
    business_services: Sequence[BusinessService] = ()
    dependencies: Sequence[Dependency] = ()
    oncalls: Sequence[Oncall] = ()
    change_events: Sequence[ChangeEvent] = ()
    responders: Sequence[Responder] = ()
    """Empty where the client does not let people be read."""
    team_members: Sequence[TeamMember] = ()
    teams: Sequence[bytes] = ()
    priorities: Sequence[bytes] = ()
    """Most severe first."""
    abilities: frozenset[str] = frozenset()
    gathered: Gathered = Gathered()
