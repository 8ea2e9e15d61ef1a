"""The way one incident took through its escalation policy, as tokens (C-ESC)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.assessment.options import MICROSECONDS
from app.assessment.roster import Levels
from app.assessment.rows import LogEntry
from app.assessment.timeline import ACKNOWLEDGE, Timeline, is_human

Ending = Literal["user_resolved", "auto_resolved", "resolver_unknown", "open"]
_ANCHORS = frozenset({"escalate_log_entry", "repeat_escalation_path_log_entry"})


@dataclass(frozen=True, slots=True)
class Path:
    tokens: tuple[str, ...]
    """The full path; holds levels and causes, never people."""
    acked_after: int | None
    """Tokens up to and with the first human ack; None without one."""
    ack_level: str | None
    """``"L2"``, ``"direct"``, or ``"unknown"`` where no log tells; None if never acknowledged."""
    escalations: tuple[str, ...]
    """Cause of each escalate entry: ``timeout``, ``manual`` or ``automation``."""
    missed_page: bool
    """A time-out escalated it before the first human ack."""
    ending: Ending

    def to_first_ack(self) -> str:
        """Path to the first human ack, or to the end if none: ``"L1>timeout>L2>ack"``."""
        return ">".join(self.tokens[: self.acked_after])

    def full(self) -> str:
        """All tokens: ``"L1>ack>unack>ack>user_resolved"``."""
        return ">".join(self.tokens)


def path_of(timeline: Timeline, levels: Levels, tolerance_s: int) -> Path:
    """The path of one incident through its policy as it stands today."""
    walk = _Walk(timeline, levels, tolerance_s * MICROSECONDS)
    for entry in timeline.entries:
        step = _STEPS.get(entry.type)
        if step is not None:
            step(walk, entry)
    return walk.finish()


class _Walk:
    def __init__(self, timeline: Timeline, levels: Levels, tolerance: int) -> None:
        created = timeline.incident.created_at
        self._timeline = timeline
        self._levels = levels
        self._rules = levels.of(timeline.incident.escalation_policy_id)
        self._tolerance = tolerance
        self._anchors = _anchors(timeline.entries, created)
        self._level = levels.start(self._rules, created)
        self._place = f"L{self._level}"
        self._tokens = [self._place]
        self._acked_after: int | None = None
        self._ack_level: str | None = None
        self._escalations: list[str] = []
        self._missed = False
        self._resolver: Ending = "resolver_unknown"

    def escalate(self, entry: LogEntry) -> None:
        cause = _cause(entry)
        self._escalations.append(cause)
        self._missed |= cause == "timeout" and self._acked_after is None
        assignees = entry.assignees or self._paired_assignees(entry)
        found = self._levels.reached(self._rules, assignees, entry.created_at, self._level)
        if found is None:
            last = self._rules[-1].level if self._rules else self._level + 1
            found = min(self._level + 1, last)
        self._go(cause, found)

    def repeat(self, _: LogEntry) -> None:
        self._go("repeat", 1)

    def assign(self, entry: LogEntry) -> None:
        if any(self._near(anchor, entry.created_at) for anchor in self._anchors):
            return
        found = self._levels.reached(self._rules, entry.assignees, entry.created_at)
        if found is None:
            self._place = "direct"
            self._tokens += ["reassign", "direct"]
        else:
            self._go("reassign", found)

    def delegate(self, _: LogEntry) -> None:
        self._tokens.append("delegate")

    def exhaust(self, _: LogEntry) -> None:
        self._tokens.append("exhausted")

    def acknowledge(self, entry: LogEntry) -> None:
        if is_human(entry):
            self._ack(self._place)

    def unacknowledge(self, _: LogEntry) -> None:
        self._tokens.append("unack")

    def resolve(self, entry: LogEntry) -> None:
        by_user = is_human(entry) and entry.channel_type != "timeout"
        self._resolver = "user_resolved" if by_user else "auto_resolved"
        self._tokens.append(self._resolver)

    def finish(self) -> Path:
        if self._timeline.first_ack is not None and self._acked_after is None:
            self._ack("unknown")
        ending: Ending = self._resolver if self._timeline.resolved else "open"
        if ending == "open":
            self._tokens.append("open")
        return Path(
            tuple(self._tokens),
            self._acked_after,
            self._ack_level,
            tuple(self._escalations),
            self._missed,
            ending,
        )

    def _ack(self, place: str) -> None:
        self._tokens.append("ack")
        if self._acked_after is None:
            self._acked_after = len(self._tokens)
            self._ack_level = place

    def _go(self, cause: str, level: int) -> None:
        self._level = level
        self._place = f"L{level}"
        self._tokens += [cause, self._place]

    def _near(self, one: int, other: int) -> bool:
        return abs(one - other) <= self._tolerance

    def _paired_assignees(self, escalation: LogEntry) -> tuple[bytes, ...]:
        """Whom an escalate entry without assignees went to, from the assignment beside it."""
        for entry in self._timeline.entries:
            if (
                entry.type == "assign_log_entry"
                and 0 <= entry.created_at - escalation.created_at <= self._tolerance
            ):
                return entry.assignees
        return ()


def _cause(entry: LogEntry) -> str:
    if entry.channel_type == "timeout":
        return "timeout"
    return "manual" if is_human(entry) else "automation"


def _anchors(entries: Sequence[LogEntry], created_at: int) -> list[int]:
    """Instants whose assignments are part of the step itself: first trigger, escalates, repeats."""
    triggers = (entry.created_at for entry in entries if entry.type == "trigger_log_entry")
    steps = [entry.created_at for entry in entries if entry.type in _ANCHORS]
    return [next(triggers, created_at), *steps]


_STEPS: Mapping[str, Callable[[_Walk, LogEntry], None]] = {
    "escalate_log_entry": _Walk.escalate,
    "repeat_escalation_path_log_entry": _Walk.repeat,
    "assign_log_entry": _Walk.assign,
    "delegate_log_entry": _Walk.delegate,
    "exhaust_escalation_path_log_entry": _Walk.exhaust,
    "unacknowledge_log_entry": _Walk.unacknowledge,
    "resolve_log_entry": _Walk.resolve,
} | dict.fromkeys(ACKNOWLEDGE, _Walk.acknowledge)
