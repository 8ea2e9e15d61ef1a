"""One incident as it was known at the snapshot: its ordered log, first human ack and end."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from app.assessment.cases.log_types import ACKNOWLEDGE, RANK, RETRIGGER, UNRANKED
from app.assessment.cases.logs import Log, Logs
from app.assessment.cases.shapes import Shape
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Incident, LogEntry
from app.assessment.spans import Span

OpenStatus = Literal["triggered", "acknowledged"]
_KNOWN = frozenset({"triggered", "acknowledged", "resolved"})
_LOW = "low"


class Timeline(NamedTuple):
    incident: Incident
    steps: Sequence[LogEntry]
    """Log entries up to the snapshot but notifications, in the order of C6."""
    notices: Sequence[LogEntry]
    """Those that notified a person."""
    shape: Shape
    resolved: bool
    resolved_at: int | None
    """None also where PagerDuty says resolved and gives no time."""
    status_unknown: bool
    """Neither its status nor its log states whether it is open: it is not."""
    end: int
    """When it was last resolved; else the snapshot, or its last entry if its status is unknown."""
    spans: Sequence[Span]
    """When it was open, in order; never empty, but of length 0 or less where clocks disagree."""
    first_ack: int | None
    raised_at: int | None
    """When it was raised from low to high urgency, before anybody acknowledged it."""
    tta: int | None
    """Microseconds from ``awaited_since`` to the first human ack; below 0 where clocks disagree."""
    ttr: int | None
    """Microseconds from creation to the last resolve; negative where clocks disagree."""

    @property
    def entries(self) -> Sequence[LogEntry]:
        """The complete log up to the snapshot, in the order of C6."""
        return sorted((*self.steps, *self.notices), key=_position)

    @property
    def logged(self) -> bool:
        """Whether there is a log at all."""
        return bool(self.steps or self.notices)

    @property
    def acks(self) -> Sequence[LogEntry]:
        """Acknowledgements by people."""
        return [self.steps[step] for step in self.shape.acks]

    @property
    def last_resolve(self) -> LogEntry | None:
        last = self.shape.last_resolve
        return None if last is None else self.steps[last]

    @property
    def triggered(self) -> bool:
        """Its log has a trigger."""
        return self.shape.first_trigger is not None

    @property
    def urgency_changed(self) -> bool:
        return bool(self.shape.urgency_changes)

    @property
    def open(self) -> bool:
        return not self.resolved and not self.status_unknown

    @property
    def awaited_since(self) -> int:
        """From when an acknowledgement is expected: its creation, or when it was raised."""
        return self.incident.created_at if self.raised_at is None else self.raised_at

    @property
    def can_escalate(self) -> bool:
        """Of high urgency before its first acknowledgement, or escalated all the same."""
        return not _began_low(self.incident, self.shape) or (
            self.raised_at is not None or self.shape.escalated
        )

    @property
    def merged(self) -> bool:
        return self.incident.merged and self.resolved


def is_human(entry: LogEntry) -> bool:
    """Whether a user took the step (C7)."""
    return entry.agent_type == "user"


def created_in_window(
    incidents: Sequence[Incident], options: AssessmentOptions
) -> Sequence[Incident]:
    """The incidents created in the window, by creation and id."""
    inside = [i for i in incidents if options.since <= i.created_at < options.until]
    return sorted(inside, key=lambda incident: (incident.created_at, incident.id))


def timelines(logs: Logs) -> Iterator[Timeline]:
    """Timelines of the incidents, in their order.

    What happened after the snapshot is not known: later entries are left out and an incident
    resolved later is open, so that an assessment repeated with the same snapshot repeats.
    """
    # One after the other: the processor's cache still has what is read of a new timeline.
    return (_timeline(i, log, logs.as_of) for i, log in zip(logs.incidents, logs, strict=True))


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


def _timeline(incident: Incident, log: Log, as_of: int) -> Timeline:
    steps, notices, shape = log
    created = incident.created_at
    last = None if shape.last_resolve is None else steps[shape.last_resolve]
    resolved, resolved_at = _end(incident, last, shape, as_of)
    status_unknown = _is_unknown(incident, last)
    if status_unknown:
        end = max((log_[-1].created_at for log_ in (steps, notices) if log_), default=created)
    else:
        end = as_of if resolved_at is None else resolved_at
    if shape.acks:
        first_ack: int | None = steps[shape.acks[0]].created_at
    else:
        first_ack = None if steps or notices else _listed_ack(incident, as_of)
    raised_at = _raised_at(incident, steps, shape) if shape.urgency_changes else None
    since = created if raised_at is None else raised_at
    return Timeline(
        incident=incident,
        steps=steps,
        notices=notices,
        shape=shape,
        resolved=resolved,
        resolved_at=resolved_at,
        status_unknown=status_unknown,
        end=end,
        spans=_spans(created, steps, shape, end, resolved=resolved),
        first_ack=first_ack,
        raised_at=raised_at,
        tta=None if first_ack is None else first_ack - since,
        ttr=None if resolved_at is None else resolved_at - created,
    )


def _listed_ack(incident: Incident, as_of: int) -> int | None:
    """C4: the log decides; what the incident lists counts only where it has no log at all."""
    listed = incident.acknowledged_at
    return listed if listed is not None and listed <= as_of else None


def _end(
    incident: Incident, last: LogEntry | None, shape: Shape, as_of: int
) -> tuple[bool, int | None]:
    """A time of resolve decides whatever the status; the log where the status is unknown, or is
    that of a time after the snapshot."""
    ended = incident.resolved_at
    if ended is not None and ended <= as_of:
        return True, ended
    later = ended is not None or (incident.last_status_change_at or as_of) > as_of
    by_log = later or incident.status not in _KNOWN
    if by_log and last is not None and shape.stretches[-1].end is not None:
        return True, last.created_at
    if ended is not None or incident.status != "resolved":
        return False, None
    ended = incident.last_status_change_at if last is None else last.created_at
    return (False, None) if ended is not None and ended > as_of else (True, ended)


def _is_unknown(incident: Incident, last: LogEntry | None) -> bool:
    return incident.status not in _KNOWN and incident.resolved_at is None and last is None


def _spans(
    created: int, steps: Sequence[LogEntry], shape: Shape, end: int, *, resolved: bool
) -> Sequence[Span]:
    """``end`` ends what the log leaves open and what its last resolve ended; all lie before it."""
    stretches, last = shape.stretches, shape.last_resolve
    single = len(stretches) == 1 and (last is None or (resolved and stretches[0].end == last))
    if single or end < created:
        return ((created, end),)
    found = []
    reached = created
    for start, until in stretches:
        began = created if start is None else steps[start].created_at
        at_end = until is None or (resolved and until == last)
        ended = end if until is None or at_end else steps[until].created_at
        began = min(max(began, reached), end)
        reached = min(max(ended, began), end)
        found.append((began, reached))
    return found


def _began_low(incident: Incident, shape: Shape) -> bool:
    """PagerDuty shows the urgency of today; each change in the log turned it over."""
    is_low = incident.urgency == _LOW
    return is_low == (len(shape.urgency_changes) % 2 == 0)


def _raised_at(incident: Incident, steps: Sequence[LogEntry], shape: Shape) -> int | None:
    first = shape.urgency_changes[0]
    if not _began_low(incident, shape) or (shape.acks and shape.acks[0] < first):
        return None
    return steps[first].created_at


def _position(entry: LogEntry) -> tuple[int, int, bytes]:
    return entry.created_at, RANK.get(entry.type, UNRANKED), entry.id
