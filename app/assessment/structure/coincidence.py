"""Do the incidents of dependents follow those of what they depend on? (SVC-05)"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.assessment.bursts import storms
from app.assessment.cases.case import Case
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.statistics import holm, poisson_tail
from app.assessment.structure.graph import Edge

MIN_INCIDENTS = 5
MIN_EXPECTED = 0.5
"""Below either an edge is not judged (our judgment)."""


@dataclass(frozen=True, slots=True)
class Coincidence:
    """An edge ``a -> b`` with enough incidents to be judged."""

    edge: Edge
    incidents: int
    """Of b, outside storms."""
    matches: int
    """Of those, how many start within the span after an incident of a, or while one is open."""
    expected: float
    """How many would by chance."""
    lag_s: float | None
    """Median seconds from the start of a to the start of b; None without a match."""
    near: int
    """Incidents of b with one of a within the span before or after them."""
    not_after: int
    """Of those, how many do not start after the nearest one of a."""
    p: float
    """Chance of so many matches or more, adjusted for all judged edges (Holm)."""


def coincidences(
    edges: Iterable[Edge], cases: Sequence[Case], options: AssessmentOptions
) -> list[Coincidence]:
    """Judged edges in their order.

    Incidents inside a storm of the whole account are left out: in a storm everything coincides.
    It is association and no cause.
    """
    services = _outside_storms(cases, options)
    found = [
        judged
        for edge in edges
        if edge[0] in services
        and edge[1] in services
        and (judged := _judge(edge, services[edge[0]], services[edge[1]], options))
    ]
    raised = holm([poisson_tail(each[2], each[3]) for each in found])
    return [Coincidence(*each, p) for each, p in zip(found, raised, strict=True)]


_Judged = tuple[Edge, int, int, float, float | None, int, int]


class _Incidents:
    """Starts and ends of a service's incidents, by start."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self.starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]
        self._longer = _longer_before(self._ends)

    def before(self, at: int, span: int) -> int | None:
        """The latest start not after ``at`` that is within ``span`` of it or still open."""
        place = bisect_right(self.starts, at) - 1
        if place < 0 or at - self.starts[place] <= span:
            return None if place < 0 else self.starts[place]
        while place >= 0 and self._ends[place] <= at:
            place = self._longer[place]
        return None if place < 0 else self.starts[place]

    def nearest(self, at: int, span: int) -> int | None:
        """The start nearest to ``at`` within ``span``; of two as near the earlier."""
        place = bisect_left(self.starts, at)
        around = self.starts[max(0, place - 1) : place + 1]
        return min(
            (start for start in around if abs(start - at) <= span),
            key=lambda start: (abs(start - at), start),
            default=None,
        )


def _judge(
    edge: Edge, one: _Incidents, other: _Incidents, options: AssessmentOptions
) -> _Judged | None:
    rate = len(one.starts) / options.window_us * MICROSECONDS
    expected = len(other.starts) * -math.expm1(-rate * options.co_incident_s)
    if len(other.starts) < MIN_INCIDENTS or expected < MIN_EXPECTED:
        return None
    span = options.co_incident_s * MICROSECONDS
    lags = [at - start for at in other.starts if (start := one.before(at, span)) is not None]
    near = [at - start for at in other.starts if (start := one.nearest(at, span)) is not None]
    lag = float(np.median(lags)) / MICROSECONDS if lags else None
    not_after = sum(lag <= 0 for lag in near)
    return edge, len(other.starts), len(lags), expected, lag, len(near), not_after


def _outside_storms(cases: Sequence[Case], options: AssessmentOptions) -> dict[bytes, _Incidents]:
    width = options.storm_window_s * MICROSECONDS
    starts = [case.incident.created_at for case in cases]
    found = storms(starts, width, options.storm_threshold)
    begins = [storm.start for storm in found]
    spans: defaultdict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for case in cases:
        at, service = case.incident.created_at, case.incident.service_id
        place = bisect_right(begins, at) - 1
        if service is not None and (place < 0 or at > found[place].end):
            spans[service].append((at, case.end))
    return {service: _Incidents(each) for service, each in spans.items()}


def _longer_before(ends: Sequence[int]) -> list[int]:
    """Per place the nearest one before it with a later end, else -1."""
    found: list[int] = []
    for place, end in enumerate(ends):
        before = place - 1
        while before >= 0 and ends[before] <= end:
            before = found[before]
        found.append(before)
    return found
