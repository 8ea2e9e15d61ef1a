"""Local time: offsets, hours of the day and bands of the week, by the zone's own rules (C10)."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from app.assessment.options import MICROSECONDS, Bands

Band = Literal["sleep", "business", "off"]
Part = Band | Literal["weekend"]
"""A part of the week; local Saturdays and Sundays lie across the bands."""
BANDS: tuple[Band, ...] = ("business", "off", "sleep")
HOURS_OF_WEEK = tuple(f"{day}-{hour:02}" for day in range(1, 8) for hour in range(24))
"""ISO weekday and hour: ``"1-08"`` is Monday, 08:00 to 09:00."""
Instants = NDArray[np.int64]
DAY_S = 86_400
DAY_US = DAY_S * MICROSECONDS
WEEK_US = 7 * DAY_US
_FIRST_MONDAY_S = 4 * DAY_S
"""1970-01-05 00:00 was a Monday."""
_MARGIN_S = 8 * DAY_S


class Week(NamedTuple):
    """An ISO week of local time: ``"2024-W23"`` and its bounds as instants."""

    name: str
    start: int
    end: int


class LocalClock:
    """Local time of one zone around a window.

    Offsets are looked up in a list of the zone's changes, found once: asking the zone for each
    of a million instants would take longer than everything else.
    """

    def __init__(self, zone: str, since: int, until: int) -> None:
        self.zone = ZoneInfo(zone)
        low = since // MICROSECONDS - _MARGIN_S
        high = until // MICROSECONDS + _MARGIN_S
        self._starts, self._offsets = self._changes(low, high)

    def local_s(self, at: int) -> int:
        """Seconds since 1970-01-01 00:00 on the local wall clock."""
        seconds = at // MICROSECONDS
        return seconds + self._offsets[max(0, bisect_right(self._starts, seconds) - 1)]

    def locals_s(self, at: Instants) -> Instants:
        """``local_s`` of many instants."""
        seconds = at // MICROSECONDS
        before = np.searchsorted(np.array(self._starts), seconds, side="right") - 1
        return seconds + np.array(self._offsets, dtype=np.int64)[np.maximum(before, 0)]

    def cells(self, at: Instants) -> Instants:
        """``cell`` of many instants, as places in ``HOURS_OF_WEEK``."""
        return (self.locals_s(at) - _FIRST_MONDAY_S) % (7 * DAY_S) // 3600

    def cell(self, at: int) -> str:
        """ISO weekday and hour: ``"1-08"`` is Monday, 08:00 to 09:00."""
        weekday, second = self.weekday_and_second(at)
        return f"{weekday}-{second // 3600:02}"

    def weekday_and_second(self, at: int) -> tuple[int, int]:
        """ISO weekday (1 to 7) and second of the local day."""
        local = self.local_s(at)
        return (local - _FIRST_MONDAY_S) // DAY_S % 7 + 1, local % DAY_S

    def band(self, at: int, bands: Bands) -> Band:
        """The band of an instant: sleep first, then business, else off."""
        return band_of(*self.weekday_and_second(at), bands)

    def instant(self, local_s: int) -> int:
        """The instant at which the wall clock shows ``local_s``.

        Of an hour that comes twice the first; of one that is skipped, when the clock jumps it.
        """
        at = local_s - self._offsets[0]
        for start, end, offset in self._stretches():
            at = local_s - offset
            if at < end:
                return (at if at >= start else int(start)) * MICROSECONDS
        return at * MICROSECONDS

    def edges(self, since: int, until: int, seconds: Iterable[int]) -> list[int]:
        """Instants at which the wall clock shows one of ``seconds`` of a day, or jumps.

        Sorted, from before ``since`` to after ``until``; of an hour that comes twice both. With
        midnight among the ``seconds``, weekday and side of each of them hold between two edges.
        """
        first, last = self.local_s(since) // DAY_S - 1, self.local_s(until) // DAY_S + 2
        walls = [day * DAY_S + second for day in range(first, last) for second in seconds]
        found: set[int] = set()
        for start, end, offset in self._stretches():
            found.update(wall - offset for wall in walls if start <= wall - offset < end)
        low, high = min(found), max(found)
        found.update(start for start in self._starts if low < start < high)
        return [at * MICROSECONDS for at in sorted(found)]

    def weeks(self, since: int, until: int) -> list[Week]:
        """Whole ISO weeks inside ``[since, until)``."""
        local = self.local_s(since)
        monday = local + (_FIRST_MONDAY_S - local) % (7 * DAY_S)
        if self.instant(monday) < since:
            monday += 7 * DAY_S
        found = []
        while (end := self.instant(monday + 7 * DAY_S)) <= until:
            day = datetime.fromtimestamp(monday, UTC).isocalendar()
            found.append(Week(f"{day.year}-W{day.week:02}", self.instant(monday), end))
            monday += 7 * DAY_S
        return found

    def _stretches(self) -> Iterator[tuple[float, float, int]]:
        """From when to when, in seconds, an offset is in effect; open at both ends."""
        starts = [-math.inf, *self._starts[1:]]
        return zip(starts, [*starts[1:], math.inf], self._offsets, strict=True)

    def _changes(self, low: int, high: int) -> tuple[list[int], list[int]]:
        starts, offsets = [low], [self._offset(low)]
        for at in range(low + DAY_S, high + DAY_S, DAY_S):
            offset = self._offset(at)
            if offset != offsets[-1]:
                starts.append(self._first_with(at - DAY_S, at, offsets[-1]))
                offsets.append(offset)
        return starts, offsets

    def _first_with(self, low: int, high: int, old: int) -> int:
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(middle) == old:
                low = middle
            else:
                high = middle
        return high

    def _offset(self, seconds: int) -> int:
        offset = datetime.fromtimestamp(seconds, self.zone).utcoffset() or timedelta()
        return round(offset.total_seconds())


def band_of(weekday: int, second: int, bands: Bands) -> Band:
    """Band of a local weekday and second of the day."""
    if within(second, bands.sleep_start_s, bands.sleep_end_s):
        return "sleep"
    if weekday in bands.business_days and bands.business_start_s <= second < bands.business_end_s:
        return "business"
    return "off"


def band_codes(local_s: Instants, bands: Bands) -> Instants:
    """``band_of`` of many local seconds since 1970, as places in ``BANDS``."""
    second = local_s % DAY_S
    weekday = (local_s - _FIRST_MONDAY_S) // DAY_S % 7 + 1
    after, before = second >= bands.sleep_start_s, second < bands.sleep_end_s
    over_midnight = bands.sleep_start_s >= bands.sleep_end_s
    asleep = after | before if over_midnight else after & before
    open_hours = (bands.business_start_s <= second) & (second < bands.business_end_s)
    at_work = open_hours & np.isin(weekday, bands.business_days)
    codes = [BANDS.index("sleep"), BANDS.index("business")]
    return np.select([asleep, at_work], codes, BANDS.index("off"))


def within(second: int, start: int, end: int) -> bool:
    """Whether a second of the day lies in ``[start, end)``; over midnight if start >= end."""
    return start <= second < end if start < end else second >= start or second < end


class BandTime:
    """How much of any stretch of time lies in each band of one zone, in elapsed time.

    A night in which clocks change is an hour shorter or longer (C10).
    """

    def __init__(self, clock: LocalClock, bands: Bands, since: int, until: int) -> None:
        instants = clock.edges(since, until, {0, *_edges(bands)})
        self._at = np.array(instants, dtype=np.float64)
        lengths = np.diff(self._at)
        words = [clock.band(at, bands) for at in instants[:-1]]
        days = [clock.weekday_and_second(at)[0] for at in instants[:-1]]
        masks: dict[str, list[bool]] = {band: [word == band for word in words] for band in BANDS}
        masks["weekend"] = [day in (6, 7) for day in days]
        self._sums = {
            name: np.concatenate(([0.0], np.cumsum(lengths * np.array(mask))))
            for name, mask in masks.items()
        }

    def elapsed(self, spans: Sequence[tuple[int, int]], name: Part) -> int:
        """Microseconds of ``spans`` inside a band, or inside local Saturdays and Sundays."""
        if not spans:
            return 0
        bounds = np.array(spans, dtype=np.float64)
        sums = self._sums[name]
        inside = np.interp(bounds[:, 1], self._at, sums) - np.interp(bounds[:, 0], self._at, sums)
        return round(float(inside.sum()))


def _edges(bands: Bands) -> tuple[int, ...]:
    return (
        bands.business_start_s,
        bands.business_end_s,
        bands.sleep_start_s,
        bands.sleep_end_s,
    )
