"""How an incident was dealt with: by a person or by itself (NOI)."""

from typing import NamedTuple

from app.assessment.cases.timeline import ACKNOWLEDGE, Timeline, is_human, is_known
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.rows import LogEntry

_PASSIVE = frozenset({"trigger_log_entry", *ACKNOWLEDGE})


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
    last = timeline.last_resolve
    auto = timeline.resolved and last is not None and not _by_person(last)
    by_timeout = auto and last is not None and last.channel_type == "timeout"
    ttr = timeline.ttr
    soon = ttr is not None and 0 <= ttr < options.transient_s * MICROSECONDS
    return Handling(auto, by_timeout, auto and soon, _touched(timeline, options.as_of))


def _touched(timeline: Timeline, as_of: int) -> bool:
    """A step that PagerDuty does not document tells nothing of what was done (C6)."""
    for entry in timeline.steps:
        if entry.type not in _PASSIVE and _by_person(entry) and is_known(entry):
            return True
    requests = timeline.incident.requests
    return bool(requests) and min(requests) <= as_of


def _by_person(entry: LogEntry) -> bool:
    """Whether a user took the step and not one of PagerDuty's timers (C7)."""
    return is_human(entry) and entry.channel_type != "timeout"
