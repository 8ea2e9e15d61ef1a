"""Shift-based schedules: rotations of recurring events, custom shifts, overrides of both.

Unlike a layer-based schedule several people may be on call at once, and a slot may be left
empty on purpose (developer documentation, schemas `Event`, `ComputedShiftAssignment`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sandbox import instants

DAY_SECONDS = 86_400
NOBODY = -1
_LONGEST_DAYS = 8


@dataclass(frozen=True, slots=True)
class Rotation:
    """One event: from `opens` (seconds of the local day) for `seconds` on each of `days`.

    `days` are 1 (Monday) to 7, none meaning daily. Members take turns of `each` occurrences,
    NOBODY among them leaving theirs empty; with `everyone` all are on call every time.
    """

    id: str
    event_id: str
    start: date
    opens: int
    seconds: int
    days: tuple[int, ...]
    members: tuple[int, ...]
    each: int = 1
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class CustomShift:
    id: str
    start: int
    end: int
    person: int


@dataclass(frozen=True, slots=True)
class ShiftOverride:
    """Replaces one member of `rotation` or of `custom`, whichever is not None."""

    id: str
    start: int
    end: int
    overridden: int
    overriding: int
    rotation: int | None = None
    custom: int | None = None


@dataclass(frozen=True, slots=True)
class ShiftRota:
    id: str
    team: int
    zone: ZoneInfo
    rotations: tuple[Rotation, ...]
    customs: tuple[CustomShift, ...]
    overrides: tuple[ShiftOverride, ...]


class Assigned(NamedTuple):
    """One computed assignment, microseconds; `person` may be NOBODY."""

    start: int
    end: int
    person: int
    rotation: int | None = None
    custom: int | None = None
    override: int | None = None


def wall(day: date, seconds: int, zone: ZoneInfo) -> int:
    """The instant at which clocks in `zone` show that many seconds after that midnight."""
    days, rest = divmod(seconds, DAY_SECONDS)
    return instants.at_clock(day + timedelta(days=days), rest, zone)


def _turn(rotation: Rotation, day: date) -> int | None:
    """Which occurrence of the event starts on `day`, from 0; None where none does."""
    passed = (day - rotation.start).days
    if passed < 0:
        return None
    if not rotation.days:
        return passed
    if day.isoweekday() not in rotation.days:
        return None
    return passed // 7 * len(rotation.days) + rotation.days.index(day.isoweekday())


def _occurrences(rota: ShiftRota, number: int, since: int, until: int) -> Iterator[Assigned]:
    rotation = rota.rotations[number]
    day = instants.to_datetime(since).date() - timedelta(days=_LONGEST_DAYS)
    last = instants.to_datetime(until).date() + timedelta(days=1)
    while day <= last:
        turn = _turn(rotation, day)
        if turn is not None:
            start = wall(day, rotation.opens, rota.zone)
            end = wall(day, rotation.opens + rotation.seconds, rota.zone)
            position = turn // rotation.each % len(rotation.members)
            chosen = rotation.members if rotation.everyone else rotation.members[position:][:1]
            for person in chosen:
                yield Assigned(start, end, person, rotation=number)
        day += timedelta(days=1)


def _overridden(one: Assigned, overrides: Sequence[ShiftOverride]) -> list[Assigned]:
    """The assignment cut where an override of its source and member lies over it."""
    for number, other in enumerate(overrides):
        same = (other.rotation, other.custom) == (one.rotation, one.custom)
        if not same or other.overridden != one.person or one.override is not None:
            continue
        start, end = max(one.start, other.start), min(one.end, other.end)
        if start >= end:
            continue
        parts = (
            one._replace(end=start),
            one._replace(start=start, end=end, person=other.overriding, override=number),
            one._replace(start=end),
        )
        return [
            part for kept in parts if kept.start < kept.end for part in _overridden(kept, overrides)
        ]
    return [one]


def assignments(rota: ShiftRota, since: int, until: int) -> list[Assigned]:
    """All that touch [since, until), whole, in order of time."""
    raw = [
        one
        for number in range(len(rota.rotations))
        for one in _occurrences(rota, number, since, until)
    ]
    raw += [
        Assigned(one.start, one.end, one.person, custom=number)
        for number, one in enumerate(rota.customs)
    ]
    final = [part for one in raw for part in _overridden(one, rota.overrides)]
    return sorted(
        (one for one in final if one.start < until and one.end > since),
        key=lambda one: (one.start, one.end, one.person),
    )


def crews(found: Sequence[Assigned]) -> list[tuple[int, int, tuple[int, ...]]]:
    """Stretches (start, end, people) of unchanging duty, in order of time, gaps left out."""
    manned = [one for one in found if one.person != NOBODY]
    edges = sorted({edge for one in manned for edge in one[:2]})
    pending = sorted(manned, key=lambda one: one.start, reverse=True)
    active: list[Assigned] = []
    stretches = []
    for start, end in pairwise(edges):
        active = [one for one in active if one.end > start]
        while pending and pending[-1].start <= start:
            active.append(pending.pop())
        people = tuple(dict.fromkeys(one.person for one in active))
        if people:
            stretches.append((start, end, people))
    return stretches
