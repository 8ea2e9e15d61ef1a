"""The people of some schedules and how their duty falls on them (ONC-01 to ONC-07)."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise

from app.assessment.duty.duty import HOUR_US, Duty, PersonSpans, hours
from app.assessment.duty.rota import Schedules
from app.assessment.duty.zones import Zones
from app.assessment.hours import DAY_S, Part
from app.assessment.spans import Span, at_least, total

Amounts = Mapping[bytes, float]
"""Per person, in the order of their ids; stays in memory."""


class Crew:
    """Who is on the roster of some schedules or has a shift there, in one stretch of time."""

    def __init__(self, duty: Duty, zones: Zones, schedules: Schedules) -> None:
        self._duty = duty
        self._zones = zones
        self._schedules = schedules

    @cached_property
    def roster(self) -> list[bytes]:
        """Everybody listed and everybody with a shift, by id."""
        return sorted(self._duty.rota.roster(self._schedules) | set(self.blocks))

    @property
    def blocks(self) -> PersonSpans:
        """Duty blocks of each person with a shift."""
        return self._duty.blocks(self._schedules)

    @cached_property
    def hours(self) -> Amounts:
        """Hours on call of everybody on the roster; 0 for a person without a shift."""
        return {person: hours(self.blocks.get(person, ())) for person in self.roster}

    @cached_property
    def active(self) -> Amounts:
        """Hours of each person with a shift."""
        return {person: hours for person, hours in self.hours.items() if hours}

    @cached_property
    def idle(self) -> list[bytes]:
        """On the roster without a shift."""
        return [person for person, hours in self.hours.items() if not hours]

    @cached_property
    def schedule_hours(self) -> Amounts:
        """Hours of each person schedule by schedule, added up: overlaps count twice."""
        found = dict.fromkeys(self.roster, 0.0)
        for schedule in sorted(self._schedules):
            for person, blocks in self._duty.blocks((schedule,)).items():
                found[person] += hours(blocks)
        return found

    @cached_property
    def sleep_hours(self) -> Amounts:
        """Elapsed hours on call in the sleep band of each person's own zone, where it is known."""
        return self._inside("sleep")

    @cached_property
    def weekend_hours(self) -> Amounts:
        """Elapsed hours on call on local Saturdays and Sundays, where the zone is known."""
        return self._inside("weekend")

    @cached_property
    def double_hours(self) -> Amounts:
        """Hours in which a person has two shifts or more at once; nobody with none."""
        shifts = self._duty.shifts(self._schedules)
        found = {person: hours(at_least(spans, 2)) for person, spans in shifts.items()}
        return {person: hours for person, hours in found.items() if hours}

    @cached_property
    def longest_blocks(self) -> Amounts:
        """Hours of the longest duty block of each person with a shift."""
        return {p: max(map(_length, blocks)) / HOUR_US for p, blocks in self.blocks.items()}

    @cached_property
    def longest_days(self) -> Amounts:
        """Days of the longest duty block by the wall clock of each person with a shift.

        A week in which clocks change has seven too. Only of people whose zone is known.
        """
        found = {}
        for person, blocks in self.blocks.items():
            zone = self._zones.of_person(person)
            if zone is not None:
                wall = self._zones.clock(zone).local_s
                found[person] = max(wall(end) - wall(start) for start, end in blocks) / DAY_S
        return found

    @cached_property
    def rests(self) -> dict[bytes, list[int]]:
        """Microseconds between the duty blocks of each person with a shift."""
        return {
            person: [after[0] - before[1] for before, after in pairwise(blocks)]
            for person, blocks in self.blocks.items()
        }

    def short_rests(self, least_us: int) -> Amounts:
        """How often each person with a shift rested for less than ``least_us``."""
        return {p: sum(rest < least_us for rest in found) for p, found in self.rests.items()}

    def _inside(self, part: Part) -> Amounts:
        found = {}
        for person in self.roster:
            zone = self._zones.of_person(person)
            if zone is not None:
                elapsed = self._zones.bands(zone).elapsed
                found[person] = elapsed(self.blocks.get(person, []), part) / HOUR_US
        return found


class Crews:
    """Crews by their schedules, made once each."""

    def __init__(self, duty: Duty, zones: Zones) -> None:
        self._duty = duty
        self._zones = zones
        self._made: dict[Schedules, Crew] = {}

    def of(self, schedules: Iterable[bytes]) -> Crew:
        key = frozenset(schedules)
        if key not in self._made:
            self._made[key] = Crew(self._duty, self._zones, key)
        return self._made[key]


def _length(span: Span) -> int:
    return total((span,))
