"""On-call duty of a stretch of time: shifts by schedule and by person (C11)."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from app.assessment.duty.rota import Rota, Schedules
from app.assessment.options import MICROSECONDS
from app.assessment.rows import EscalationRule, ScheduleEntry
from app.assessment.spans import Span, Spans, clip, overlap, total, union

JOIN_US = 60 * MICROSECONDS
"""Entries of a person no further apart than this are one block (C11)."""
HOUR_US = 3_600 * MICROSECONDS

PersonSpans = dict[bytes, Spans]


class Duty:
    """Shifts clipped to ``[since, until)``; an entry without a user covers nothing."""

    def __init__(self, rota: Rota, since: int, until: int) -> None:
        self.rota = rota
        self.since, self.until = since, until
        self._covered: dict[bytes, Spans] = {}
        self._spans: dict[Schedules, PersonSpans] = {}
        self._blocks: dict[Schedules, PersonSpans] = {}

    @cached_property
    def entries(self) -> dict[bytes, list[ScheduleEntry]]:
        """Entries with a person, per schedule and by start; schedules without any are left out."""
        cut = {name: self._cut(shifts) for name, shifts in self.rota.shifts.items()}
        return {schedule: entries for schedule, entries in cut.items() if entries}

    @property
    def rules(self) -> dict[bytes, list[EscalationRule]]:
        """Rules of each policy in order."""
        return self.rota.rules

    @property
    def whole(self) -> Spans:
        return [(self.since, self.until)]

    def covered(self, schedule: bytes) -> Spans:
        """When anybody is on call on a schedule."""
        if schedule not in self._covered:
            entries = self.entries.get(schedule, ())
            self._covered[schedule] = union((e.start, e.end) for e in entries)
        return self._covered[schedule]

    def level_covered(self, rule: EscalationRule) -> Spans:
        """When a level is known to reach anybody; a direct user is always reached."""
        if any(target.type == "user" for target in rule.targets):
            return self.whole
        return union(span for target in rule.targets for span in self.covered(target.id))

    def level_known(self, rule: EscalationRule) -> bool:
        """Whether every schedule of a level was collected: a gap in the others proves nothing."""
        return all(t.type == "user" or t.id in self.rota.known for t in rule.targets)

    def person_spans(self, schedules: Iterable[bytes]) -> PersonSpans:
        """Per person the stretches on call over ``schedules``: never the sum of overlaps."""
        key = frozenset(schedules)
        if key not in self._spans:
            found = self._shifts(key)
            self._spans[key] = {person: union(found[person]) for person in sorted(found)}
        return self._spans[key]

    def blocks(self, schedules: Iterable[bytes]) -> PersonSpans:
        """Per person the duty blocks: stretches no more than 60 s apart are one (C11)."""
        key = frozenset(schedules)
        if key not in self._blocks:
            spans = self.person_spans(key)
            self._blocks[key] = {each: union(spans[each], JOIN_US) for each in spans}
        return self._blocks[key]

    def shifts(self, schedules: Iterable[bytes]) -> dict[bytes, list[Span]]:
        """Per person every shift on ``schedules``, those that overlap too."""
        found = self._shifts(frozenset(schedules))
        return {person: found[person] for person in sorted(found)}

    def overridden(self, schedule: bytes) -> Spans:
        """When the person on call on a schedule was there by an override."""
        people = self.rota.overrides.get(schedule, {})
        spans = union(span for found in people.values() for span in found)
        return overlap(spans, self.covered(schedule))

    def override_count(self, schedule: bytes) -> int:
        """Overrides of a schedule that reach into the stretch."""
        people = self.rota.overrides.get(schedule, {})
        return sum(len(clip(spans, self.since, self.until)) for spans in people.values())

    def _shifts(self, schedules: Schedules) -> defaultdict[bytes, list[Span]]:
        found: defaultdict[bytes, list[Span]] = defaultdict(list)
        for schedule in sorted(schedules):
            for entry in self.entries.get(schedule, ()):
                if entry.user_id is not None:
                    found[entry.user_id].append((entry.start, entry.end))
        return found

    def _cut(self, shifts: Iterable[ScheduleEntry]) -> list[ScheduleEntry]:
        cut = (
            each._replace(start=max(each.start, self.since), end=min(each.end, self.until))
            for each in shifts
            if each.start < self.until and each.end > self.since
        )
        return sorted(cut)


def hours(spans: Iterable[Span]) -> float:
    """Summed length in hours."""
    return total(spans) / HOUR_US
