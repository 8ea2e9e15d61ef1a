"""How an incident was dealt with: by a person or by itself (NOI)."""

from typing import NamedTuple

from app.assessment.cases.engaged import joined_at
from app.assessment.cases.timeline import Timeline
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.rows import Incident


class Handling(NamedTuple):
    auto_resolved: bool
    """It is resolved, and the last resolve in its log is not a person's."""
    by_timeout: bool
    """That resolve is PagerDuty's own timer; else an integration's."""
    transient: bool
    """Resolved by automation sooner than the transient bound."""
    touched: bool
    """A person did anything besides trigger, acknowledge and be notified, or asked for help."""


def handling_of(timeline: Timeline, options: AssessmentOptions) -> Handling:
    """Reads types, agents and channels of the log, never content."""
    shape = timeline.shape
    auto = timeline.resolved and shape.last_resolve is not None and not shape.resolved_by_person
    ttr = timeline.ttr
    soon = ttr is not None and 0 <= ttr < options.transient_s * MICROSECONDS
    touched = bool(shape.acts) or _asked_for_help(timeline.incident, options.as_of)
    return Handling(auto, auto and shape.resolved_by_timer, auto and soon, touched)


def _asked_for_help(incident: Incident, as_of: int) -> bool:
    """Somebody requested another responder, or one came."""
    requested = any(at <= as_of for at in incident.requests)
    return requested or any(joined_at(each, as_of) is not None for each in incident.responders)
