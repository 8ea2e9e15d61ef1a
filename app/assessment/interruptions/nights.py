"""Nights and rest by the local clock: disturbed nights, nights on call, days with short rest."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.assessment.hours import DAY_S, Instants, LocalClock
from app.assessment.options import HOUR, MICROSECONDS, Bands
from app.assessment.spans import Span

ON_CALL_NIGHT_US = 4 * HOUR * MICROSECONDS
"""On call for at least so much of a night, it is an on-call night (INT-06)."""
NOON_S = 12 * HOUR
_MONDAY = 4
"""Day since 1970 of the first Monday."""


class Night(NamedTuple):
    day: int
    """Days since 1970 of the evening it is named after (C12)."""
    start: int
    end: int


def nights_of(local_s: Instants, bands: Bands) -> Instants:
    """The nights that have seconds of the wall clock inside the sleep band."""
    over_midnight = bands.sleep_start_s >= bands.sleep_end_s
    return local_s // DAY_S - (over_midnight & (local_s % DAY_S < bands.sleep_end_s))


def nights_between(clock: LocalClock, bands: Bands, since: int, until: int) -> list[Night]:
    """Nights that touch ``[since, until)``, whole; one in which clocks change is 9 or 11 h."""
    over_midnight = bands.sleep_start_s >= bands.sleep_end_s
    first, last = clock.local_s(since) // DAY_S - 1, clock.local_s(until) // DAY_S
    found = []
    for day in range(first, last + 1):
        start = clock.instant(day * DAY_S + bands.sleep_start_s)
        end = clock.instant((day + over_midnight) * DAY_S + bands.sleep_end_s)
        if start < until and since < end:
            found.append(Night(day, start, end))
    return found


def nights_on_call(spans: Sequence[Span], nights: Iterable[Night]) -> list[int]:
    """Nights of which disjoint, sorted stretches on call have at least four hours."""
    found, first = [], 0
    for night in nights:
        while first < len(spans) and spans[first][1] <= night.start:
            first += 1
        on_call, at = 0, first
        while at < len(spans) and spans[at][0] < night.end:
            on_call += min(spans[at][1], night.end) - max(spans[at][0], night.start)
            at += 1
        if on_call >= ON_CALL_NIGHT_US:
            found.append(night.day)
    return found


def runs(nights: Iterable[int]) -> list[tuple[int, int]]:
    """First and last night of every run of consecutive nights."""
    found: list[tuple[int, int]] = []
    for night in sorted(set(nights)):
        if found and found[-1][1] == night - 1:
            found[-1] = (found[-1][0], night)
        else:
            found.append((night, night))
    return found


def longest_run(nights: Iterable[int]) -> int:
    """Most consecutive nights; 0 without any."""
    return max((last - first + 1 for first, last in runs(nights)), default=0)


def weeks_with_run(nights: Iterable[int], least: int) -> set[int]:
    """Mondays, as days since 1970, of the weeks in which a run reaches ``least`` nights or on."""
    return {
        night - (night - _MONDAY) % 7
        for first, last in runs(nights)
        for night in range(first + least - 1, last + 1)
    }


def longest_rests(
    starts: Sequence[int], at_night: Iterable[int], clock: LocalClock, since: int, until: int
) -> list[int]:
    """Longest undisturbed stretch, in microseconds, of each disturbed day from noon to noon.

    Disturbed: it has one of ``at_night``, those of the ordered ``starts`` in the sleep band. A
    day that the window cuts is left out: what happened in the rest of it is not known.
    """
    days = {(clock.local_s(at) - NOON_S) // DAY_S for at in at_night}
    found = []
    for day in sorted(days):
        noon = clock.instant(day * DAY_S + NOON_S)
        next_noon = clock.instant((day + 1) * DAY_S + NOON_S)
        if since <= noon and next_noon <= until:
            inside = starts[bisect_left(starts, noon) : bisect_left(starts, next_noon)]
            found.append(max(b - a for a, b in pairwise((noon, *inside, next_noon))))
    return found
