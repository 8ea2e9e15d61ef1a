"""The interruptions of some incidents as the people interrupted saw them on their clocks."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases.notified import Pages
from app.assessment.duty.zones import Zones
from app.assessment.hours import BANDS, HOURS_OF_WEEK, Band, LocalClock, band_codes
from app.assessment.interruptions.nights import nights_of
from app.assessment.options import HOUR, MICROSECONDS, Bands
from app.assessment.statistics.distinct import counted, distinct

Starts = dict[bytes, list[int]]
"""Per person when their interruptions began, in order."""
Lines = NDArray[np.int64]
"""Places in the arrays of ``Pages``, in their order."""
_NO_BAND = -1
_SLEEP = BANDS.index("sleep")
_BUSINESS = BANDS.index("business")


class Readings(NamedTuple):
    """What clocks said at each page: arrays as long as ``pages``."""

    pages: Pages
    band: NDArray[np.int64]
    """Of the person who was interrupted: places in ``BANDS``; -1 where their zone is unknown."""
    night: NDArray[np.int64]
    """Day since 1970 on which a night began that holds it (C12); only of the sleep band."""
    hour: NDArray[np.int64]
    """When the hour of the account's clock began, in seconds since 1970; twice where it comes
    twice."""
    cell: NDArray[np.int64]
    """Hour of the account's week: places in ``HOURS_OF_WEEK``."""


def readings_of(pages: Pages, zones: Zones, account: LocalClock, bands: Bands) -> Readings:
    """Every page is read once, however many scopes it counts in."""
    local = np.zeros(len(pages.at), dtype=np.int64)
    named = [zones.of_person(person) for person in pages.people]
    known = sorted({zone for zone in named if zone is not None})
    code: dict[str | None, int] = {zone: place for place, zone in enumerate(known)}
    zone_of = np.array([code.get(zone, _NO_BAND) for zone in named], dtype=np.int64)[pages.who]
    for place, zone in enumerate(known):
        here = zone_of == place
        local[here] = zones.clock(zone).locals_s(pages.at[here])
    seconds = pages.at // MICROSECONDS
    hour = seconds - account.locals_s(pages.at) % HOUR
    night = nights_of(local, bands)
    band = np.where(zone_of == _NO_BAND, _NO_BAND, band_codes(local, bands))
    return Readings(pages, band, night, hour, account.cells(pages.at))


class Interrupted:
    """Interruptions by person; the hour is that of the zone of each."""

    def __init__(self, readings: Readings, lines: Lines) -> None:
        self._readings = readings
        self._lines = lines
        self._who = readings.pages.who[lines]
        self._band = readings.band[lines]

    @property
    def total(self) -> int:
        return len(self._lines)

    @cached_property
    def people(self) -> dict[bytes, int]:
        """Interruptions per person, in the order of their ids; nobody with none."""
        return self._by_person(self._who)

    @cached_property
    def starts(self) -> Starts:
        return self._lists(self._who, self._readings.pages.at[self._lines])

    @cached_property
    def in_any_band(self) -> dict[bytes, int]:
        """Interruptions per person whose zone is known."""
        return self._by_person(self._who[self._band != _NO_BAND])

    def in_band(self, band: Band) -> dict[bytes, int]:
        """Per person the interruptions that began in a band (C10); nobody with none."""
        return self._by_person(self._who[self._band == BANDS.index(band)])

    @cached_property
    def out_of_hours(self) -> dict[bytes, int]:
        """Per person the interruptions outside business hours; nobody with none."""
        return self._by_person(self._who[(self._band != _BUSINESS) & (self._band != _NO_BAND)])

    @cached_property
    def nights(self) -> dict[bytes, list[int]]:
        """Disturbed nights in order, each once; of everybody interrupted whose zone is known."""
        asleep = self._band == _SLEEP
        who, night = _distinct(self._who[asleep], self._readings.night[self._lines[asleep]])
        found = self._lists(who, night)
        return {person: found.get(person, []) for person in self.in_any_band}

    @cached_property
    def at_night(self) -> Starts:
        """Per person when the interruptions in the sleep band began; nobody with none."""
        asleep = self._band == _SLEEP
        return self._lists(self._who[asleep], self._readings.pages.at[self._lines[asleep]])

    @cached_property
    def hours(self) -> tuple[int, dict[bytes, int]]:
        """Hours of the account's clock with an interruption: of anybody, and per person."""
        hour = self._readings.hour[self._lines]
        who, _ = _distinct(self._who, hour)
        return len(distinct(hour)[0]), self._by_person(who)

    @cached_property
    def by_hour(self) -> dict[str, dict[bytes, int]]:
        """Per hour of the account's week with an interruption, per person how many."""
        people, width = self._readings.pages.people, len(self._readings.pages.people)
        both = self._readings.cell[self._lines] * width + self._who
        found: dict[str, dict[bytes, int]] = {}
        for each, number in zip(*_listed(*counted(both)), strict=True):
            cell = HOURS_OF_WEEK[each // width]
            found.setdefault(cell, {})[people[each % width]] = number
        return found

    def _by_person(self, who: Lines) -> dict[bytes, int]:
        counts = np.bincount(who)
        some = np.flatnonzero(counts)
        people = self._readings.pages.people
        return {people[p]: n for p, n in zip(*_listed(some, counts[some]), strict=True)}

    def _lists(self, who: Lines, amounts: Lines) -> dict[bytes, list[int]]:
        """``amounts`` by person; ``who`` is in order."""
        people = self._readings.pages.people
        return {people[p]: part.tolist() for p, part in _parts(who, amounts)}


def _parts(who: Lines, amounts: Lines) -> Iterator[tuple[int, Lines]]:
    some, first = distinct(who)
    return zip(some.tolist(), np.split(amounts, first[1:]), strict=False)


def _distinct(who: Lines, amounts: Lines) -> tuple[Lines, Lines]:
    """Every pair once, in order."""
    if not len(who):
        return who, amounts
    # As one number each: pairs of numbers would take numpy many times as long to sort.
    least = amounts.min()
    width = amounts.max() - least + 1
    pairs, _ = distinct(who * width + (amounts - least))
    return pairs // width, pairs % width + least


def _listed(*arrays: Lines) -> Sequence[list[int]]:
    return [each.tolist() for each in arrays]
