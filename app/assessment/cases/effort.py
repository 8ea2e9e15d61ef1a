"""How long who worked on which incidents, side by side (INC-13)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Places
from app.assessment.options import HOUR, MICROSECONDS

HOUR_US = HOUR * MICROSECONDS


class Effort:
    """One line per person and incident, those of an incident next to each other."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._people = sorted({person for case in cases for person in case.worked})
        code = {person: at for at, person in enumerate(self._people)}
        self._length = np.array([len(case.worked) for case in cases], dtype=np.int64)
        self._start = np.cumsum(self._length) - self._length
        who = [code[person] for case in cases for person in case.worked]
        spent = [amount for case in cases for amount in case.worked.values()]
        self._who = np.array(who, dtype=np.int64)
        self._spent = np.array(spent, dtype=np.int64)
        self._hours = self._spent / HOUR_US

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
        length = self._length[places]
        before = np.cumsum(length) - length
        return np.repeat(self._start[places] - before, length) + np.arange(length.sum())
