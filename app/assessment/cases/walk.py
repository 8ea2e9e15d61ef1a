"""Reads the path of an incident off its log, step by step (C-ESC)."""

from collections.abc import Callable, Mapping, Sequence

from app.assessment.cases.levels import Levels
from app.assessment.cases.paths import Ending, Path
from app.assessment.cases.timeline import ACKNOWLEDGE, Timeline, is_human
from app.assessment.options import MICROSECONDS
from app.assessment.rows import Ids, LogEntry

_ASSIGN = "assign_log_entry"
_TRIGGER = "trigger_log_entry"
_ANCHORS = frozenset({"escalate_log_entry", "repeat_escalation_path_log_entry"})


def path_of(timeline: Timeline, levels: Levels, tolerance_s: int) -> Path:
    """The path of one incident through its policy as it stands today."""
    walk = _Walk(timeline, levels, tolerance_s * MICROSECONDS)
    for entry in timeline.steps:
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
        self._anchors = _anchors(timeline.steps, created)
        self._level = self._max_level = levels.start(self._rules, created)
        self._place = f"L{self._level}"
        self._tokens = [self._place]
        self._acked_after: int | None = None
        self._ack_level: str | None = None
        self._escalations: list[str] = []
        self._missed_at: int | None = None
        self._repeats = 0
        self._exhausted = False
        self._reassigned_to: list[str] = []
        self._given: list[tuple[Ids, bool]] = []
        self._resolver: Ending = "resolver_unknown"

    def escalate(self, entry: LogEntry) -> None:
        cause = _cause(entry)
        self._escalations.append(cause)
        if cause == "timeout" and self._acked_after is None:
            self._missed_at = entry.created_at
        assignees = entry.assignees or self._paired_assignees(entry)
        self._given.append((assignees, False))
        found = self._levels.reached(self._rules, assignees, entry.created_at, self._level)
        if found is None:
            last = self._rules[-1].level if self._rules else self._level + 1
            found = min(self._level + 1, last)
        self._go(cause, found)

    def repeat(self, _: LogEntry) -> None:
        self._repeats += 1
        self._go("repeat", 1)

    def assign(self, entry: LogEntry) -> None:
        by_hand = not self._near_anchor(entry.created_at)
        self._given.append((entry.assignees, by_hand))
        if not by_hand:
            return
        found = self._levels.reached(self._rules, entry.assignees, entry.created_at)
        if found is None:
            self._place = "direct"
            self._tokens += ["reassign", "direct"]
        else:
            self._go("reassign", found)
        self._reassigned_to.append(self._place)

    def delegate(self, _: LogEntry) -> None:
        self._tokens.append("delegate")
        self._reassigned_to.append("delegate")

    def exhaust(self, _: LogEntry) -> None:
        self._exhausted = True
        self._tokens.append("exhausted")

    def give_up(self, _: LogEntry) -> None:
        self._exhausted = True

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
            self._missed_at,
            ending,
            self._max_level,
            self._rules[-1].level if self._rules else 0,
            self._repeats,
            self._exhausted,
            tuple(self._reassigned_to),
            _ping_pongs(self._given) if self._reassigned_to else 0,
            self._acked_after == 2 and self._ack_level != "unknown",
        )

    def _ack(self, place: str) -> None:
        self._tokens.append("ack")
        if self._acked_after is None:
            self._acked_after = len(self._tokens)
            self._ack_level = place

    def _go(self, cause: str, level: int) -> None:
        self._level = level
        self._max_level = max(self._max_level, level)
        self._place = f"L{level}"
        self._tokens += [cause, self._place]

    def _near_anchor(self, at: int) -> bool:
        return any(abs(at - anchor) <= self._tolerance for anchor in self._anchors)

    def _paired_assignees(self, escalation: LogEntry) -> Ids:
        """Whom an escalate entry without assignees went to, from the assignment beside it."""
        for entry in self._timeline.steps:
            apart = entry.created_at - escalation.created_at
            if entry.type == _ASSIGN and 0 <= apart <= self._tolerance:
                return entry.assignees
        return ()


def _cause(entry: LogEntry) -> str:
    if entry.channel_type == "timeout":
        return "timeout"
    return "manual" if is_human(entry) else "automation"


def _anchors(entries: Sequence[LogEntry], created_at: int) -> list[int]:
    """Instants whose assignments are part of the step itself: first trigger, escalates, repeats."""
    trigger: int | None = None
    found = []
    for entry in entries:
        kind = entry.type
        if kind in _ANCHORS:
            found.append(entry.created_at)
        elif kind == _TRIGGER and trigger is None:
            trigger = entry.created_at
    found.append(created_at if trigger is None else trigger)
    return found


def _ping_pongs(given: Sequence[tuple[Ids, bool]]) -> int:
    """Assignments by hand to somebody who had it before and did not have it just now."""
    before: set[bytes] = set()
    holders: set[bytes] = set()
    back = 0
    for people, by_hand in given:
        if people:
            now = set(people)
            back += by_hand and bool((now & before) - holders)
            before |= now
            holders = now
    return back


_STEPS: Mapping[str, Callable[[_Walk, LogEntry], None]] = {
    "escalate_log_entry": _Walk.escalate,
    "repeat_escalation_path_log_entry": _Walk.repeat,
    _ASSIGN: _Walk.assign,
    "delegate_log_entry": _Walk.delegate,
    "exhaust_escalation_path_log_entry": _Walk.exhaust,
    "reach_trigger_limit_log_entry": _Walk.give_up,
    "unacknowledge_log_entry": _Walk.unacknowledge,
    "resolve_log_entry": _Walk.resolve,
} | dict.fromkeys(ACKNOWLEDGE, _Walk.acknowledge)
