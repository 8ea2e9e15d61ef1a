"""One reading of every incident side by side, for figures that look at them all many times.

A million log entries make 100,000 incidents; each scope of each level picks its own from an array
instead of walking through them again.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise, repeat
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases.case import Case

Places = NDArray[np.int64]
"""Which incidents: their ``Case.number``."""
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


_Word = TypeVar("_Word", str, bytes)


class Words(NamedTuple, Generic[_Word]):
    """A reading of few different words or ids."""

    known: list[_Word]
    codes: NDArray[np.int64]
    """Per incident the place of its word in ``known``; -1 for none."""

    def counts(self, places: Places) -> dict[_Word, int]:
        """How often each word that occurs does, in the order of ``known``."""
        codes = self.codes[places]
        found = np.bincount(codes[codes >= 0], minlength=len(self.known))
        return {word: int(n) for word, n in zip(self.known, found, strict=True) if n}

    def places(self) -> dict[_Word, Places]:
        """The incidents of each word, in order."""
        order = np.argsort(self.codes, kind="stable")
        bounds = np.searchsorted(self.codes[order], np.arange(len(self.known) + 1))
        return {
            word: order[low:high]
            for word, (low, high) in zip(self.known, pairwise(bounds), strict=True)
        }


class Columns:
    """Arrays as long as population W; a reading is made once, at its first use.

    A reading is known by its function: it must be one of a module, not made on the spot.
    """

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        self._flags: dict[Callable[[Case], bool], Flags] = {}
        self._numbers: dict[Callable[[Case], float | None], Numbers] = {}
        self._words: dict[Callable[[Case], Any], Words[Any]] = {}

    def flags(self, reading: Callable[[Case], bool]) -> Flags:
        found = self._flags.get(reading)
        if found is None:
            found = np.fromiter(map(reading, self.cases), dtype=np.bool_)
            self._flags[reading] = found
        return found

    def numbers(self, reading: Callable[[Case], float | None]) -> Numbers:
        """NaN where there is none; microseconds stay exact, they are below 2 to the 53."""
        found = self._numbers.get(reading)
        if found is None:
            found = np.fromiter(map(reading, self.cases), dtype=np.float64)
            self._numbers[reading] = found
        return found

    def words(self, reading: Callable[[Case], _Word | None]) -> Words[_Word]:
        found = self._words.get(reading)
        if found is None:
            every = list(map(reading, self.cases))
            known = sorted(word for word in set(every) if word is not None)
            code: dict[_Word | None, int] = {word: at for at, word in enumerate(known)}
            codes = np.fromiter(map(code.get, every, repeat(-1)), dtype=np.int64)
            found = self._words[reading] = Words(known, codes)
        return found

    def count(self, reading: Callable[[Case], bool], places: Places) -> int:
        return int(np.count_nonzero(self.flags(reading)[places]))

    def where(self, reading: Callable[[Case], bool], places: Places) -> Places:
        return places[self.flags(reading)[places]]

    def picked(self, reading: Callable[[Case], bool], places: Places) -> list[Case]:
        """The incidents for which it is true, where those are few."""
        return [self.cases[at] for at in self.where(reading, places)]

    def amounts(self, reading: Callable[[Case], float | None], places: Places) -> Numbers:
        """What there is of it; never NaN."""
        found = self.numbers(reading)[places]
        return found[~np.isnan(found)]


created_at: Callable[[Case], int] = attrgetter("incident.created_at")
"""In microseconds."""
service_of: Callable[[Case], bytes | None] = attrgetter("incident.service_id")
policy_of: Callable[[Case], bytes | None] = attrgetter("incident.escalation_policy_id")


def possible(times: Numbers) -> Numbers:
    """Durations without those that are unknown or, clocks disagreeing, below 0 (C5)."""
    return times[times >= 0]
