"""Who was on call at an instant."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.assessment.rows import ScheduleEntry

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
    shifts: defaultdict[bytes, int] = defaultdict(int)
    starts = sorted(changes)
    people = []
    for at in starts:
        for user, change in changes[at]:
            shifts[user] += change
            if shifts[user] == 0:
                del shifts[user]
        people.append(frozenset(shifts))
    return starts, people
