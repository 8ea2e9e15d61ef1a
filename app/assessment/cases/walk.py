"""Reads the path of an incident off its log, step by step (C-ESC)."""

from collections.abc import Callable, Mapping, Sequence

from app.assessment.cases.levels import Levels
from app.assessment.cases.log_types import ACKNOWLEDGE, ASSIGN, ESCALATE
from app.assessment.cases.paths import Ending, Path
from app.assessment.cases.timeline import Timeline, is_human
from app.assessment.options import MICROSECONDS
from app.assessment.rows import EscalationRule, Ids, LogEntry


class Paths:
    """Paths of incidents through their policies as they stand today."""

    def __init__(self, levels: Levels, tolerance_s: int) -> None:
        self._levels = levels
        self._tolerance = tolerance_s * MICROSECONDS
        self._known: dict[tuple[bytes, int, int, bool, bool, bool], Path] = {}

    def of(self, timeline: Timeline) -> Path:
        """The path of one incident."""
        incident, shape = timeline.incident, timeline.shape
        rules = self._levels.of(incident.escalation_policy_id)
        start = self._levels.start(rules, incident.created_at)
        if shape.escalated or self._assigned_by_hand(timeline):
            return self._walk(timeline, rules, start)
        # Without either, times and people make no difference.
        last = rules[-1].level if rules else 0
        acked, resolved = timeline.first_ack is not None, timeline.resolved
        key = shape.codes, start, last, acked, resolved, timeline.status_unknown
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._walk(timeline, rules, start)
        return found

    def _walk(self, timeline: Timeline, rules: Sequence[EscalationRule], start: int) -> Path:
        walk = _Walk(timeline, self._levels, rules, start, self._tolerance)
        for entry in timeline.steps:
            step = _STEPS.get(entry.type)
            if step is not None:
                step(walk, entry)
        return walk.finish()

    def _assigned_by_hand(self, timeline: Timeline) -> bool:
        """Whether an assignment is not part of the trigger, in a log without escalations."""
        steps, began = timeline.steps, _began(timeline)
        for step in timeline.shape.assigns:
            if abs(steps[step].created_at - began) > self._tolerance:
                return True
        return False


class _Walk:
    def __init__(
        self,
        timeline: Timeline,
        levels: Levels,
        rules: Sequence[EscalationRule],
        start: int,
        tolerance: int,
    ) -> None:
        self._timeline = timeline
        self._levels = levels
        self._rules = rules
        self._tolerance = tolerance
        self._anchors = _anchors(timeline)
        self._level = self._max_level = start
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
        apart = not self._near_anchor(entry.created_at)
        self._given.append((entry.assignees, apart and is_human(entry)))
        if not apart:
            return
        found = self._levels.reached(self._rules, entry.assignees, entry.created_at)
        if found is None:
            self._place = "direct"
            self._tokens += ["reassign", "direct"]
        else:
            self._go("reassign", found)
        if is_human(entry):
            self._reassigned_to.append(self._place)

    def delegate(self, entry: LogEntry) -> None:
        self._tokens.append("delegate")
        if is_human(entry):
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
        ending: Ending = "open" if self._timeline.open else self._resolver
        if ending == "open":
            self._tokens.append("open")
        return Path(
            tokens=tuple(self._tokens),
            acked_after=self._acked_after,
            ack_level=self._ack_level,
            escalations=tuple(self._escalations),
            missed_at=self._missed_at,
            ending=ending,
            max_level=self._max_level,
            levels=self._rules[-1].level if self._rules else 0,
            repeats=self._repeats,
            exhausted=self._exhausted,
            reassigned_to=tuple(self._reassigned_to),
            ping_pongs=_ping_pongs(self._given) if self._reassigned_to else 0,
            first_touch=self._acked_after == 2 and self._ack_level != "unknown",
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
            if entry.type == ASSIGN and 0 <= apart <= self._tolerance:
                return entry.assignees
        return ()


def _cause(entry: LogEntry) -> str:
    if entry.channel_type == "timeout":
        return "timeout"
    return "manual" if is_human(entry) else "automation"


def _anchors(timeline: Timeline) -> list[int]:
    """Instants whose assignments are part of the step itself: first trigger, escalates, repeats."""
    escalates = [entry.created_at for entry in timeline.steps if entry.type in ESCALATE]
    return [*escalates, _began(timeline)]


def _began(timeline: Timeline) -> int:
    """The first trigger; without one the creation."""
    first = timeline.shape.first_trigger
    return timeline.incident.created_at if first is None else timeline.steps[first].created_at


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
    ASSIGN: _Walk.assign,
    "delegate_log_entry": _Walk.delegate,
    "exhaust_escalation_path_log_entry": _Walk.exhaust,
    "reach_trigger_limit_log_entry": _Walk.give_up,
    "unacknowledge_log_entry": _Walk.unacknowledge,
    "resolve_log_entry": _Walk.resolve,
} | dict.fromkeys(ACKNOWLEDGE, _Walk.acknowledge)
