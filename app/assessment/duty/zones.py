"""Whose local time counts: a responder's, else the schedule's, else the account's (C10).

PagerDuty gives a user without a zone the account's: the schedule's counts only for people who were
not read. Nothing is computed from a zone whose name no table knows: it is None here.
"""

from app.assessment.hours import DAY_US, BandTime, LocalClock
from app.assessment.options import AssessmentOptions
from app.assessment.rows import UNKNOWN_ZONE, Facts

AHEAD_US = 14 * DAY_US
"""How far past the snapshot shifts are looked at (ONC-13); a render reaches as far."""


class Zones:
    """Local clocks by zone, made once each."""

    def __init__(self, facts: Facts, options: AssessmentOptions) -> None:
        self._options = options
        self._people = {each.id: each.time_zone for each in facts.responders}
        self._schedules = {each.id: each.time_zone for each in facts.schedules}
        self._home: dict[bytes, bytes] = {}
        for entry in sorted(facts.schedule_entries, key=lambda e: (e.start, e.schedule_id)):
            if entry.user_id is not None:
                self._home.setdefault(entry.user_id, entry.schedule_id)
        self._clocks: dict[str, LocalClock] = {}
        self._bands: dict[str, BandTime] = {}

    @property
    def account(self) -> str:
        """IANA name of the account's zone."""
        return self._options.time_zone

    def of_person(self, person: bytes) -> str | None:
        """IANA name: the responder's own, the account's if they have none; of a person who was not
        read that of the first schedule with a shift of theirs."""
        if person in self._people:
            return self._named(self._people[person])
        home = self._home.get(person)
        return self._options.time_zone if home is None else self.of_schedule(home)

    def of_schedule(self, schedule: bytes) -> str | None:
        """IANA name of a schedule's zone, else the account's."""
        return self._named(self._schedules.get(schedule))

    def known(self, person: bytes) -> bool:
        """Whether the zone of the person, or of a schedule they are on, is known."""
        if person in self._people:
            return self._people[person] != UNKNOWN_ZONE
        home = self._home.get(person)
        return home is not None and self._schedules.get(home) not in (None, UNKNOWN_ZONE)

    def _named(self, zone: str | None) -> str | None:
        return None if zone == UNKNOWN_ZONE else zone or self._options.time_zone

    def clock(self, zone: str) -> LocalClock:
        """Local time of a zone from before the window until the upcoming shifts end."""
        if zone not in self._clocks:
            options = self._options
            self._clocks[zone] = LocalClock(zone, options.since, options.as_of + AHEAD_US)
        return self._clocks[zone]

    def bands(self, zone: str) -> BandTime:
        """Elapsed time per band in a zone, for stretches inside the window."""
        if zone not in self._bands:
            options = self._options
            clock = self.clock(zone)
            self._bands[zone] = BandTime(clock, options.bands, options.since, options.until)
        return self._bands[zone]
