"""Who was on call, and whom the levels of an escalation policy reach."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from app.assessment.rows import EscalationRule, ScheduleEntry

People = frozenset[bytes]
NOBODY: People = frozenset()


class Roster:
    """People on call per schedule; an entry without a user is nobody (C11)."""

    def __init__(self, schedules: Iterable[bytes], entries: Iterable[ScheduleEntry]) -> None:
        shifts: dict[bytes, list[ScheduleEntry]] = {schedule: [] for schedule in schedules}
        for entry in entries:
            shifts.setdefault(entry.schedule_id, []).append(entry)
        self._segments = {schedule: _segments(found) for schedule, found in shifts.items()}

    def on_call(self, schedule: bytes, at: int) -> People | None:
        """People on call at ``at``; None where the schedule itself is not known."""
        segments = self._segments.get(schedule)
        if segments is None:
            return None
        starts, people = segments
        found = bisect_right(starts, at) - 1
        return people[found] if found >= 0 else NOBODY


def _segments(entries: Sequence[ScheduleEntry]) -> tuple[list[int], list[People]]:
    """Instants at which the set of people changes, and the set from each on."""
    changes: defaultdict[int, list[tuple[bytes, int]]] = defaultdict(list)
    for entry in entries:
        if entry.user_id is not None and entry.start < entry.end:
            changes[entry.start].append((entry.user_id, 1))
            changes[entry.end].append((entry.user_id, -1))
    held: defaultdict[bytes, int] = defaultdict(int)
    starts = sorted(changes)
    people = []
    for at in starts:
        for user, change in changes[at]:
            held[user] += change
            if held[user] == 0:
                del held[user]
        people.append(frozenset(held))
    return starts, people


class Levels:
    """The levels of every escalation policy, as they stand today (DQ-11 tells if they changed)."""

    def __init__(self, rules: Iterable[EscalationRule], roster: Roster) -> None:
        policies: defaultdict[bytes, list[EscalationRule]] = defaultdict(list)
        for rule in rules:
            policies[rule.escalation_policy_id].append(rule)
        self._policies: Mapping[bytes, list[EscalationRule]] = {
            policy: sorted(found, key=lambda rule: rule.level) for policy, found in policies.items()
        }
        self._roster = roster

    def of(self, policy: bytes | None) -> Sequence[EscalationRule]:
        """Rules of ``policy`` in order; empty where it was deleted."""
        return self._policies.get(policy, ()) if policy is not None else ()

    def start(self, rules: Sequence[EscalationRule], at: int) -> int:
        """First level with anybody on call at ``at``, else 1.

        A schedule that was not collected is taken as covered: unknown is not a gap.
        """
        return next((rule.level for rule in rules if self._covered(rule, at)), 1)

    def reached(
        self, rules: Sequence[EscalationRule], assignees: Sequence[bytes], at: int, after: int = 0
    ) -> int | None:
        """First level past ``after`` that holds all ``assignees`` at ``at``; None without one."""
        wanted = set(assignees)
        if not wanted:
            return None
        later = (rule for rule in rules if rule.level > after)
        return next((rule.level for rule in later if wanted <= self._holds(rule, at)), None)

    def _holds(self, rule: EscalationRule, at: int) -> set[bytes]:
        held: set[bytes] = set()
        for target in rule.targets:
            if target.type == "user":
                held.add(target.id)
            else:
                held |= self._roster.on_call(target.id, at) or NOBODY
        return held

    def _covered(self, rule: EscalationRule, at: int) -> bool:
        return any(
            target.type == "user" or self._roster.on_call(target.id, at) != NOBODY
            for target in rule.targets
        )
