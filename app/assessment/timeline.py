"""One incident as it was known at the snapshot: its ordered log, first human ack and end."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.assessment.options import AssessmentOptions
from app.assessment.rows import Incident, LogEntry

_ORDER = (
    "trigger",
    "unacknowledge",
    "repeat_escalation_path",
    "escalate",
    "delegate",
    "assign",
    "notify",
    "acknowledge",
    "snooze",
    "exhaust_escalation_path",
    "annotate",
    "resolve",
)
_RANK = {f"{name}_log_entry": rank for rank, name in enumerate(_ORDER)}
_RANK["acknowledgement_log_entry"] = _RANK["acknowledge_log_entry"]
ACKNOWLEDGE = frozenset({"acknowledge_log_entry", "acknowledgement_log_entry"})
_RETRIGGER = frozenset(
    {
        "unacknowledge_log_entry",
        "escalate_log_entry",
        "repeat_escalation_path_log_entry",
        "delegate_log_entry",
    }
)
_UNRANKED = frozenset(
    {
        "urgency_change_log_entry",
        "reach_ack_limit_log_entry",
        "reach_trigger_limit_log_entry",
        "field_value_change_log_entry",
        "custom_field_value_change_log_entry",
    }
)

OpenStatus = Literal["triggered", "acknowledged"]


@dataclass(frozen=True, slots=True)
class Timeline:
    incident: Incident
    entries: Sequence[LogEntry]
    """Log entries up to the snapshot, in the order of C6."""
    resolved: bool
    resolved_at: int | None
    """None also where PagerDuty says resolved and gives no time."""
    first_ack: int | None

    @property
    def tta(self) -> int | None:
        """Microseconds from creation to the first human ack; negative where clocks disagree."""
        return None if self.first_ack is None else self.first_ack - self.incident.created_at

    @property
    def ttr(self) -> int | None:
        """Microseconds from creation to the last resolve; negative where clocks disagree."""
        return None if self.resolved_at is None else self.resolved_at - self.incident.created_at

    @property
    def merged(self) -> bool:
        return self.incident.merged and self.resolved


def is_human(entry: LogEntry) -> bool:
    """Whether a user took the step (C7)."""
    return entry.agent_type == "user"


def is_known(entry: LogEntry) -> bool:
    """Whether PagerDuty documents this type of log entry."""
    return entry.type in _RANK or entry.type in _UNRANKED


def timelines(
    incidents: Sequence[Incident], log_entries: Sequence[LogEntry], options: AssessmentOptions
) -> list[Timeline]:
    """Timelines of the incidents created in the window, by creation and id.

    What happened after ``as_of`` is not known: later entries are left out and an incident
    resolved later is open, so that an assessment repeated with the same snapshot repeats.
    """
    logs: defaultdict[bytes, list[LogEntry]] = defaultdict(list)
    for entry in log_entries:
        if entry.created_at <= options.as_of:
            logs[entry.incident_id].append(entry)
    inside = [i for i in incidents if options.since <= i.created_at < options.until]
    inside.sort(key=lambda incident: (incident.created_at, incident.id))
    return [_timeline(i, sorted(logs[i.id], key=_position), options.as_of) for i in inside]


def status_at(timeline: Timeline, as_of: int) -> OpenStatus:
    """Status of an open incident at the snapshot; from the log where it changed later."""
    incident = timeline.incident
    current = (incident.last_status_change_at or incident.created_at) <= as_of
    if current and incident.status in ("triggered", "acknowledged"):
        return "triggered" if incident.status == "triggered" else "acknowledged"
    status: OpenStatus = "triggered"
    for entry in timeline.entries:
        if entry.type in ACKNOWLEDGE:
            status = "acknowledged"
        elif entry.type in _RETRIGGER:
            status = "triggered"
    return status


def _position(entry: LogEntry) -> tuple[int, int, bytes]:
    return entry.created_at, _RANK.get(entry.type, len(_ORDER)), entry.id


def _timeline(incident: Incident, entries: Sequence[LogEntry], as_of: int) -> Timeline:
    resolved, resolved_at = _end(incident, entries, as_of)
    return Timeline(incident, entries, resolved, resolved_at, _first_ack(incident, entries, as_of))


def _first_ack(incident: Incident, entries: Sequence[LogEntry], as_of: int) -> int | None:
    """C4: the log decides; what the incident lists counts only where it has no log at all."""
    for entry in entries:
        if entry.type in ACKNOWLEDGE and is_human(entry):
            return entry.created_at
    listed = incident.acknowledged_at
    return listed if not entries and listed is not None and listed <= as_of else None


def _end(incident: Incident, entries: Sequence[LogEntry], as_of: int) -> tuple[bool, int | None]:
    if incident.status != "resolved":
        return False, None
    last = (e.created_at for e in reversed(entries) if e.type == "resolve_log_entry")
    ended = incident.resolved_at
    if ended is None:
        ended = next(last, incident.last_status_change_at)
    if ended is not None and ended > as_of:
        return False, None
    return True, ended
