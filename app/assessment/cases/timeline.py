"""One incident as it was known at the snapshot: its ordered log, first human ack and end."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from app.assessment.cases.log_types import ACKNOWLEDGE, RANK, RETRIGGER, UNRANKED
from app.assessment.cases.logs import Log, Logs
from app.assessment.cases.shapes import Shape
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Incident, LogEntry

OpenStatus = Literal["triggered", "acknowledged"]


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
    first_ack: int | None
    tta: int | None
    """Microseconds from creation to the first human ack; negative where clocks disagree."""
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
        return self.shape.urgency_changed

    @property
    def resolves(self) -> int:
        """How often it was resolved; more than once is reopened (INC-10)."""
        return self.shape.resolves

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
    resolved, resolved_at = _end(incident, last, as_of)
    if shape.acks:
        first_ack: int | None = steps[shape.acks[0]].created_at
    else:
        first_ack = None if steps or notices else _listed_ack(incident, as_of)
    return Timeline(
        incident=incident,
        steps=steps,
        notices=notices,
        shape=shape,
        resolved=resolved,
        resolved_at=resolved_at,
        first_ack=first_ack,
        tta=None if first_ack is None else first_ack - created,
        ttr=None if resolved_at is None else resolved_at - created,
    )


def _listed_ack(incident: Incident, as_of: int) -> int | None:
    """C4: the log decides; what the incident lists counts only where it has no log at all."""
    listed = incident.acknowledged_at
    return listed if listed is not None and listed <= as_of else None


def _end(incident: Incident, last: LogEntry | None, as_of: int) -> tuple[bool, int | None]:
    if incident.status != "resolved":
        return False, None
    ended = incident.resolved_at
    if ended is None:
        ended = incident.last_status_change_at if last is None else last.created_at
    if ended is not None and ended > as_of:
        return False, None
    return True, ended


def _position(entry: LogEntry) -> tuple[int, int, bytes]:
    return entry.created_at, RANK.get(entry.type, UNRANKED), entry.id
