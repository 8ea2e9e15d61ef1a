"""One incident as it was known at the snapshot: its ordered log, first human ack and end."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Literal, NamedTuple

import numpy as np

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
RETRIGGER = frozenset(
    {
        "unacknowledge_log_entry",
        "escalate_log_entry",
        "repeat_escalation_path_log_entry",
        "delegate_log_entry",
    }
)
"""What puts an acknowledged incident back into triggered state."""
_NOTIFY = "notify_log_entry"
_RESOLVE = "resolve_log_entry"
_TRIGGER = "trigger_log_entry"
_URGENCY_CHANGE = "urgency_change_log_entry"
_UNRANKED = frozenset(
    {
        _URGENCY_CHANGE,
        "reach_ack_limit_log_entry",
        "reach_trigger_limit_log_entry",
        "field_value_change_log_entry",
        "custom_field_value_change_log_entry",
    }
)

OpenStatus = Literal["triggered", "acknowledged"]


class Timeline(NamedTuple):
    incident: Incident
    entries: Sequence[LogEntry]
    """Log entries up to the snapshot, in the order of C6."""
    notices: Sequence[LogEntry]
    """Those of them that notified somebody."""
    steps: Sequence[LogEntry]
    """The others."""
    acks: Sequence[LogEntry]
    """Acknowledgements by people."""
    last_resolve: LogEntry | None
    triggered: bool
    """Its log has a trigger."""
    urgency_changed: bool
    resolved: bool
    resolved_at: int | None
    """None also where PagerDuty says resolved and gives no time."""
    first_ack: int | None
    resolves: int
    """How often it was resolved; more than once is reopened (INC-10)."""
    tta: int | None
    """Microseconds from creation to the first human ack; negative where clocks disagree."""
    ttr: int | None
    """Microseconds from creation to the last resolve; negative where clocks disagree."""

    @property
    def merged(self) -> bool:
        return self.incident.merged and self.resolved


def is_human(entry: LogEntry) -> bool:
    """Whether a user took the step (C7)."""
    return entry.agent_type == "user"


def is_known(entry: LogEntry) -> bool:
    """Whether PagerDuty documents this type of log entry."""
    return is_known_type(entry.type)


def is_known_type(word: str) -> bool:
    return word in _RANK or word in _UNRANKED


def timelines(
    incidents: Sequence[Incident], log_entries: Sequence[LogEntry], options: AssessmentOptions
) -> Iterator[Timeline]:
    """Timelines of the incidents created in the window, by creation and id.

    What happened after ``as_of`` is not known: later entries are left out and an incident
    resolved later is open, so that an assessment repeated with the same snapshot repeats.
    """
    logs = _logs(log_entries, options.as_of)
    inside = [i for i in incidents if options.since <= i.created_at < options.until]
    inside.sort(key=lambda incident: (incident.created_at, incident.id))
    # One after the other: what is read off a timeline while it is made need not be fetched again.
    return (_timeline(i, logs.get(i.id, []), options.as_of) for i in inside)


def status_at(timeline: Timeline, as_of: int) -> OpenStatus:
    """Status of an open incident at the snapshot; from the log where it changed later."""
    incident = timeline.incident
    current = (incident.last_status_change_at or incident.created_at) <= as_of
    if current and incident.status in ("triggered", "acknowledged"):
        return "triggered" if incident.status == "triggered" else "acknowledged"
    status: OpenStatus = "triggered"
    for entry in timeline.steps:
        if entry.type in ACKNOWLEDGE:
            status = "acknowledged"
        elif entry.type in RETRIGGER:
            status = "triggered"
    return status


def _logs(log_entries: Sequence[LogEntry], as_of: int) -> dict[bytes, list[LogEntry]]:
    """By incident, in the order of C6: by time, then by what must come first, then by id."""
    # All at once: to sort the log of each incident by itself takes four times as long.
    every = sorted(log_entries, key=attrgetter("id"))
    at = np.fromiter(map(attrgetter("created_at"), every), dtype=np.int64)
    types = map(attrgetter("type"), every)
    ranks = np.fromiter(map(_RANK.get, types, repeat(len(_ORDER))), dtype=np.int64)
    order = np.lexsort((ranks, at))
    logs: defaultdict[bytes, list[LogEntry]] = defaultdict(list)
    for place in order[at[order] <= as_of].tolist():
        entry = every[place]
        logs[entry.incident_id].append(entry)
    return logs


def _timeline(incident: Incident, entries: Sequence[LogEntry], as_of: int) -> Timeline:
    # Every walk through a million entries costs seconds: what many ask is told apart here.
    notices, steps, acks, resolves = [], [], [], []
    triggered = urgency_changed = False
    for entry in entries:
        kind = entry.type
        if kind == _NOTIFY:
            notices.append(entry)
            continue
        steps.append(entry)
        if kind == _TRIGGER:
            triggered = True
        elif kind == _RESOLVE:
            resolves.append(entry)
        elif kind in ACKNOWLEDGE and is_human(entry):
            acks.append(entry)
        elif kind == _URGENCY_CHANGE:
            urgency_changed = True
    last = resolves[-1] if resolves else None
    resolved, resolved_at = _end(incident, last, as_of)
    first_ack = acks[0].created_at if acks else _listed_ack(incident, entries, as_of)
    return Timeline(
        incident,
        entries,
        notices,
        steps,
        acks,
        last,
        triggered,
        urgency_changed,
        resolved,
        resolved_at,
        first_ack,
        len(resolves),
        None if first_ack is None else first_ack - incident.created_at,
        None if resolved_at is None else resolved_at - incident.created_at,
    )


def _listed_ack(incident: Incident, entries: Sequence[LogEntry], as_of: int) -> int | None:
    """C4: the log decides; what the incident lists counts only where it has no log at all."""
    listed = incident.acknowledged_at
    return listed if not entries and listed is not None and listed <= as_of else None


def _end(incident: Incident, last: LogEntry | None, as_of: int) -> tuple[bool, int | None]:
    if incident.status != "resolved":
        return False, None
    ended = incident.resolved_at
    if ended is None:
        ended = incident.last_status_change_at if last is None else last.created_at
    if ended is not None and ended > as_of:
        return False, None
    return True, ended
