"""Who is on call when: a rota's layers, its overrides and what comes out of both.

The rules are PagerDuty's for layer-based schedules: a later layer covers an earlier one, an
override covers all layers, one person at a time, hand-offs at the schedule's wall clock.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sandbox import instants
from sandbox.account.model import Entry, Layer, Rota
from sandbox.instants import at_clock


def _turns(layer: Layer, zone: ZoneInfo, since: int, until: int) -> Iterator[tuple[date, Entry]]:
    first = instants.to_datetime(since).date() - timedelta(days=layer.turn_days + 1)
    turn = max(0, (first - layer.start).days // layer.turn_days)
    while True:
        day = layer.start + timedelta(days=turn * layer.turn_days)
        start = at_clock(day, layer.handoff, zone)
        if start >= until:
            return
        end = at_clock(day + timedelta(days=layer.turn_days), layer.handoff, zone)
        yield day, Entry(start, end, layer.people[turn % len(layer.people)])
        turn += 1


def layer_entries(layer: Layer, zone: ZoneInfo, since: int, until: int) -> list[Entry]:
    """The stretches of one layer that touch [since, until), whole, in order of time."""
    found: list[Entry] = []
    for day, turn in _turns(layer, zone, since, until):
        if layer.restriction is None:
            found.append(turn)
            continue
        rule = layer.restriction
        for ahead in range(-1, layer.turn_days + 1):
            here = day + timedelta(days=ahead)
            if rule.days and here.isoweekday() not in rule.days:
                continue
            opens = at_clock(here, rule.opens, zone)
            closes = opens + rule.seconds * instants.SECOND
            start, end = max(opens, turn.start), min(closes, turn.end)
            if start < end:
                found.append(Entry(start, end, turn.person))
    return [entry for entry in found if entry.start < until and entry.end > since]


def clip(entries: Iterable[Entry], since: int, until: int) -> list[Entry]:
    return [
        Entry(max(start, since), min(end, until), person)
        for start, end, person in entries
        if start < until and end > since
    ]


def _person_at(entries: Sequence[Entry], starts: Sequence[int], at: int) -> int | None:
    position = bisect_right(starts, at) - 1
    if position < 0 or entries[position].end <= at:
        return None
    return entries[position].person


def overlay(stack: Sequence[Sequence[Entry]]) -> list[Entry]:
    """One line of duty out of several, the last winning; neighbours of one person are joined."""
    edges = sorted({edge for entries in stack for entry in entries for edge in entry[:2]})
    indexed = [(entries, [entry.start for entry in entries]) for entries in reversed(stack)]
    joined: list[Entry] = []
    for start, end in pairwise(edges):
        people = (_person_at(entries, starts, start) for entries, starts in indexed)
        person = next((one for one in people if one is not None), None)
        if person is None:
            continue
        if joined and joined[-1].end == start and joined[-1].person == person:
            joined[-1] = Entry(joined[-1].start, end, person)
        else:
            joined.append(Entry(start, end, person))
    return joined


def final_entries(rota: Rota, since: int, until: int) -> list[Entry]:
    """The final schedule within [since, until), cut at the bounds."""
    layers = [
        clip(layer_entries(one, rota.zone, since, until), since, until) for one in rota.layers
    ]
    return overlay([*layers, clip(rota.overrides, since, until)])


def coverage_percentage(spans: Iterable[tuple[int, int]], since: int, until: int) -> float:
    """Share of the window that the spans, which do not overlap, cover, in percent."""
    covered = sum(end - start for start, end in spans)
    return round(100 * covered / (until - since), 1)
