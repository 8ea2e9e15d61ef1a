"""When PagerDuty interrupted whom: pushes, texts and calls of one person, merged (INT-02)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Places
from app.assessment.cases.logs import Logs
from app.assessment.cases.notified import Notified
from app.assessment.duty.zones import Zones
from app.assessment.interruptions.by_person import (
    Interrupted,
    Lines,
    Readings,
    Starts,
    readings_of,
)
from app.assessment.interruptions.nights import Night, nights_between
from app.assessment.options import HOUR, MICROSECONDS, AssessmentOptions


class Place(Protocol):
    """What of a scope is needed to know its interruptions."""

    @property
    def level(self) -> str: ...

    @property
    def id(self) -> str | None: ...

    @property
    def since(self) -> int: ...

    @property
    def until(self) -> int: ...

    @property
    def window_places(self) -> Places: ...


class Interruptions:
    """Interruptions of the whole account and of any part of its incidents.

    Only what was sent inside the window counts. Where no notification names its channel (the
    client withheld them), the first human acknowledgement of each incident stands in, and
    ``notified.proxy`` says so: it misses people who were called and did not answer.
    """

    def __init__(
        self, cases: Sequence[Case], logs: Logs, zones: Zones, options: AssessmentOptions
    ) -> None:
        self._cases = cases
        self._logs = logs
        self._zones = zones
        self._options = options
        self._gap = options.interruption_merge_s * MICROSECONDS
        self._scopes: dict[tuple[str, str | None, int], Interrupted] = {}
        self._nights: dict[str, list[Night]] = {}

    @cached_property
    def notified(self) -> Notified:
        """What the incidents sent."""
        return Notified(self._cases, self._logs, self._options.since, self._options.until)

    def by_person(self) -> Starts:
        """Per person, in the order of their ids, when each interruption of the account began.

        By all incidents created in the window, also those merged away later. One person's
        notifications merge over incidents; two people's never do.
        """
        return Interrupted(self._readings, self._all).starts

    @cached_property
    def per_incident(self) -> NDArray[np.int64]:
        """Interruptions of each incident of population W, counted for that incident alone."""
        pages = self.notified.pages
        order = np.lexsort((pages.at, pages.who, pages.incident))
        incident = pages.incident[order]
        both = incident * len(pages.people) + pages.who[order]
        firsts = first_of_stretches(both, pages.at[order], self._gap)
        return np.bincount(incident[firsts], minlength=len(self._cases))

    def of(self, scope: Place) -> Interrupted:
        """Interruptions by the incidents of a scope; of a week, those that began in it.

        Taken from the whole account, those of a week add up to those of the window.
        """
        # A part of the incidents of one place that is as large as the whole is the whole.
        key = scope.level, scope.id, len(scope.window_places)
        if key not in self._scopes:
            self._scopes[key] = Interrupted(self._readings, self._lines(scope))
        return self._scopes[key]

    @cached_property
    def hours_of_week(self) -> dict[str, float]:
        """Hours that each local hour of the week has in the window, in the account's zone."""
        clock = self._zones.clock(self._options.time_zone)
        found: defaultdict[str, float] = defaultdict(float)
        at = self._options.since
        while at < self._options.until:
            left = HOUR - clock.local_s(at) % HOUR
            end = min(self._options.until, (at // MICROSECONDS + left) * MICROSECONDS)
            found[clock.cell(at)] += (end - at) / (HOUR * MICROSECONDS)
            at = end
        return dict(found)

    def nights(self, zone: str) -> list[Night]:
        """Nights of a zone that touch the window."""
        if zone not in self._nights:
            options = self._options
            clock = self._zones.clock(zone)
            found = nights_between(clock, options.bands, options.since, options.until)
            self._nights[zone] = found
        return self._nights[zone]

    @cached_property
    def _readings(self) -> Readings:
        account = self._zones.clock(self._options.time_zone)
        return readings_of(self.notified.pages, self._zones, account, self._options.bands)

    @cached_property
    def _all(self) -> Lines:
        return self._firsts(np.arange(len(self.notified.pages.at)))

    def _lines(self, scope: Place) -> Lines:
        pages = self.notified.pages
        if scope.level == "account":
            return self._all
        if scope.level == "week":
            at = pages.at[self._all]
            return self._all[(scope.since <= at) & (at < scope.until)]
        inside = np.zeros(len(self._cases), dtype=np.bool_)
        inside[scope.window_places] = True
        return self._firsts(np.flatnonzero(inside[pages.incident]))

    def _firsts(self, lines: Lines) -> Lines:
        """The pages among ``lines`` with which an interruption begins."""
        pages = self.notified.pages
        return lines[first_of_stretches(pages.who[lines], pages.at[lines], self._gap)]


def first_of_stretches(whose: Lines, at: Lines, gap_us: int) -> Lines:
    """Places at which a stretch begins, as ``merged`` finds them, for many at once.

    ``at`` is sorted for each of the sorted ``whose``.
    """
    if not len(at):
        return np.zeros(0, dtype=np.int64)
    apart = np.flatnonzero((np.diff(whose) != 0) | (np.diff(at) > gap_us)) + 1
    starts, ends = np.append(0, apart), np.append(apart, len(at))
    # What no gap parts is one stretch, unless it goes on for longer than the gap.
    long = np.flatnonzero(at[ends - 1] - at[starts] > gap_us)
    within: list[int] = []
    for start, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True):
        within += [start + each for each in _firsts(at[start:end].tolist(), gap_us)[1:]]
    return np.sort(np.append(starts, np.array(within, dtype=np.int64)))


def merged(times: Iterable[int], gap_us: int) -> list[int]:
    """First times of stretches; what comes up to ``gap_us`` after a first one belongs to it.

    Measured from the first: PagerDuty does not say from which one it measures.
    """
    found = sorted(times)
    return [found[at] for at in _firsts(found, gap_us)]


def _firsts(times: Sequence[int], gap_us: int) -> list[int]:
    """Places of the first times of the stretches of sorted ``times``."""
    found = []
    at = 0
    while at < len(times):
        found.append(at)
        at = bisect_right(times, times[at] + gap_us, at)
    return found
