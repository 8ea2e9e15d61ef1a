"""Duty of the days after the snapshot, as it is planned (ONC-13)."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from app.assessment.duty.coverage import Coverage
from app.assessment.duty.crews import Crew
from app.assessment.duty.duty import Duty
from app.assessment.duty.handoffs import Handoffs
from app.assessment.duty.rota import Rota
from app.assessment.duty.zones import AHEAD_US, Zones
from app.assessment.options import MICROSECONDS, AssessmentOptions


class Ahead:
    """The 14 days from the snapshot on."""

    def __init__(self, rota: Rota, zones: Zones, options: AssessmentOptions) -> None:
        self._rota = rota
        self._zones = zones
        self._min_rest_us = options.min_rest_s * MICROSECONDS
        self.duty = Duty(rota, options.as_of, options.as_of + AHEAD_US)
        self.coverage = Coverage(self.duty, zones)
        self.handoffs = Handoffs(rota, self.duty.since, self.duty.until)

    @cached_property
    def known(self) -> bool:
        """Whether any shift was rendered past the snapshot: else nothing ahead is a gap."""
        until = self._rota.rendered_until
        return until is not None and until > self.duty.since

    def people(self, schedules: Iterable[bytes]) -> int:
        """How many people have a shift."""
        return len(self.duty.person_spans(schedules))

    def back_to_back(self, schedules: Iterable[bytes]) -> Mapping[bytes, float]:
        """Per person with a shift the pairs of blocks with less than the daily rest between."""
        crew = Crew(self.duty, self._zones, frozenset(schedules))
        short = crew.short_rests(self._min_rest_us)
        return {person: float(short.get(person, 0)) for person in crew.active}
