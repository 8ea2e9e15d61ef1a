"""Where duty on a schedule passes from one person to another (ONC-08)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.assessment.duty.duty import JOIN_US
from app.assessment.duty.rota import Rota
from app.assessment.spans import Span, union


class Handoff(NamedTuple):
    schedule: bytes
    at: int
    at_override: bool
    """An override begins or ends there: nobody planned this change."""


class Handoffs:
    """Those inside ``[since, until)``; each schedule is looked at once."""

    def __init__(self, rota: Rota, since: int, until: int) -> None:
        self._rota = rota
        self._since, self._until = since, until
        self._known: dict[bytes, list[Handoff]] = {}

    def of(self, schedules: Iterable[bytes]) -> list[Handoff]:
        """Changes of person, schedule by schedule."""
        return [found for schedule in sorted(schedules) for found in self._of(schedule)]

    def _of(self, schedule: bytes) -> list[Handoff]:
        if schedule not in self._known:
            found = handoffs(self._rota, schedule, self._since, self._until)
            self._known[schedule] = found
        return self._known[schedule]


def handoffs(rota: Rota, schedule: bytes, since: int, until: int) -> list[Handoff]:
    """Changes of person on one schedule inside ``[since, until)``, in order.

    Somebody's block ends and somebody who came on during it, or up to 60 s after its end, goes
    on. People who change at the same moment make one hand-off.
    """
    blocks = sorted(_blocks(rota, schedule))
    starts = [start for (start, _), _ in blocks]
    edges = _override_edges(rota, schedule)
    found = {}
    for (start, end), person in blocks:
        if not since - JOIN_US <= end < until:
            continue
        taken = blocks[bisect_right(starts, start) : bisect_right(starts, end + JOIN_US)]
        on = [span[0] for span, other in taken if other != person and span[1] > end]
        at = max(end, min(on, default=until))
        if on and since <= at < until:
            found[at] = Handoff(schedule, at, _any_between(edges, end, at))
    return [found[at] for at in sorted(found)]


def _blocks(rota: Rota, schedule: bytes) -> list[tuple[Span, bytes]]:
    people: dict[bytes, list[Span]] = {}
    for entry in rota.shifts.get(schedule, ()):
        if entry.user_id is not None:
            people.setdefault(entry.user_id, []).append((entry.start, entry.end))
    return [(span, person) for person in people for span in union(people[person], JOIN_US)]


def _override_edges(rota: Rota, schedule: bytes) -> list[int]:
    people = rota.overrides.get(schedule, {})
    return sorted(edge for spans in people.values() for span in spans for edge in span)


def _any_between(edges: Sequence[int], low: int, high: int) -> bool:
    found = bisect_left(edges, low)
    return found < len(edges) and edges[found] <= high
