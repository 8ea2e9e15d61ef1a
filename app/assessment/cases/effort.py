"""How long who worked on which incidents, side by side (INC-13)."""

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Numbers, Places
from app.assessment.options import HOUR, MICROSECONDS
from app.assessment.statistics.distinct import distinct

HOUR_US = HOUR * MICROSECONDS


class Engaged:
    """Who took part in which incidents from when on, side by side."""

    def __init__(self, cases: Sequence[Case]) -> None:
        every = list(map(attrgetter("engaged"), cases))
        who = list(chain.from_iterable(every))
        self._people = sorted(set(who))
        code = {person: at for at, person in enumerate(self._people)}
        self._who = np.fromiter(map(code.__getitem__, who), np.int64, len(who))
        times = chain.from_iterable(each.values() for each in every)
        self._at = np.fromiter(times, np.int64, len(who))
        length = np.fromiter(map(len, every), np.int64, len(every))
        self._incident = np.repeat(np.arange(len(every)), length)
        self._incidents = len(every)

    def by_person(self, places: Places) -> dict[bytes, NDArray[np.int64]]:
        """Of everybody who took part in any of the incidents, since when in each, in order."""
        inside = np.zeros(self._incidents, dtype=np.bool_)
        inside[places] = True
        lines = np.flatnonzero(inside[self._incident])
        who, at = self._who[lines], self._at[lines]
        order = np.lexsort((at, who))
        known, begins = distinct(who)
        parts = np.split(at[order], begins[1:])
        return {self._people[code]: part for code, part in zip(known, parts, strict=False)}


class Effort:
    """One line per person and incident, those of an incident next to each other."""

    def __init__(self, cases: Sequence[Case]) -> None:
        worked = list(map(attrgetter("worked"), cases))
        self.people: NDArray[np.int64] = np.fromiter(map(len, worked), np.int64, len(cases))
        """How many people worked on each incident of population W."""
        self._start = np.cumsum(self.people) - self.people
        who = list(chain.from_iterable(worked))
        self._people = sorted(set(who))
        code = {person: at for at, person in enumerate(self._people)}
        self._who = np.fromiter(map(code.__getitem__, who), np.int64, len(who))
        self._spent = np.fromiter(
            chain.from_iterable(each.values() for each in worked), np.int64, len(who)
        )
        self._hours = self._spent / HOUR_US
        self._joined = np.fromiter(
            (case.engaged[person] for case in cases if case.worked for person in case.worked),
            np.int64,
            len(who),
        )

    def spent(self, places: Places) -> Numbers:
        """Microseconds of all its people by incident."""
        incident = np.repeat(np.arange(len(self.people)), self.people)
        return np.bincount(incident, self._spent, len(self.people)).astype(np.float64)[places]

    def last_joined(self, places: Places) -> Places:
        """When the last of its people joined each of the incidents, on which somebody worked."""
        lines = self._lines(places)
        starts = np.cumsum(self.people[places]) - self.people[places]
        return np.maximum.reduceat(self._joined[lines], starts) if len(lines) else lines

    def hours_by_person(self, places: Places) -> dict[bytes, float]:
        lines = self._lines(places)
        return self._by_person(lines, self._hours[lines])

    def incidents_by_person(self, places: Places) -> dict[bytes, float]:
        """In how many incidents each person was engaged."""
        lines = self._lines(places)
        return self._by_person(lines, np.ones(len(lines)))

    def spent_by_person(self, places: Places) -> dict[bytes, int]:
        """Microseconds, exact up to 2 to the 53."""
        lines = self._lines(places)
        found = self._by_person(lines, self._spent[lines])
        return {person: int(spent) for person, spent in found.items()}

    def _by_person(self, lines: NDArray[np.int64], amounts: NDArray[Any]) -> dict[bytes, float]:
        who = self._who[lines]
        counts = np.bincount(who, minlength=len(self._people))
        sums = np.bincount(who, amounts, minlength=len(self._people))
        return {self._people[at]: float(sums[at]) for at in np.flatnonzero(counts)}

    def _lines(self, places: Places) -> NDArray[np.int64]:
        """The lines of each incident in turn."""
        length = self.people[places]
        before = np.cumsum(length) - length
        return np.repeat(self._start[places] - before, length) + np.arange(length.sum())
