"""Do the incidents of dependents follow those of what they depend on? (SVC-05)"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.assessment.bursts import starts_of, storms_at
from app.assessment.cases.case import Case
from app.assessment.cases.columns import Columns, created_at
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.statistics import holm, percentile, poisson_tail
from app.assessment.structure.graph import Edge

Instants = NDArray[np.int64]
_NEVER = np.iinfo(np.int64).min
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

    def __init__(self, cases: Sequence[Case]) -> None:
        spans = [case.spans for case in cases]
        firsts = (each[0][1] for each in spans)
        both = sorted(zip(map(created_at, cases), firsts, strict=True))
        ordered = np.array(both, dtype=np.int64)
        self._again = [
            (cases[at].incident.created_at, span)
            for at, each in enumerate(spans)
            if len(each) > 1
            for span in each[1:]
        ]
        self.starts, ends = ordered[:, 0], ordered[:, 1]
        self._longer = np.array(_longer_before(ends.tolist()), dtype=np.int64)
        self._ends = ends

    def lags(self, at: Instants, span: int) -> Instants:
        """Of each of ``at`` how long before it the latest incident began that did so within
        ``span`` or is still open; nothing without one."""
        place = np.searchsorted(self.starts, at, side="right") - 1
        late = np.flatnonzero((place >= 0) & (at - self.starts[place] > span))
        while len(late := late[(place[late] >= 0) & (self._ends[place[late]] <= at[late])]):
            place[late] = self._longer[place[late]]
        began = np.where(place >= 0, self.starts[place], _NEVER)
        for created, (low, high) in self._again:
            is_open = (low <= at) & (at < high)
            began[is_open] = np.maximum(began[is_open], created)
        found = began > _NEVER
        return at[found] - began[found]

    def nearest(self, at: Instants, span: int) -> Instants:
        """Of each of ``at`` how long before it the nearest start within ``span`` is; of two as
        near the earlier, below 0 for a later one, nothing without one."""
        place = np.searchsorted(self.starts, at)
        before = at - self.starts[np.maximum(place - 1, 0)]
        after = at - self.starts[np.minimum(place, len(self.starts) - 1)]
        found = np.where(np.abs(after) < np.abs(before), after, before)
        return found[np.abs(found) <= span]


def _judge(
    edge: Edge, one: _Incidents, other: _Incidents, options: AssessmentOptions
) -> _Judged | None:
    rate = len(one.starts) / options.window_us * MICROSECONDS
    expected = len(other.starts) * -math.expm1(-rate * options.co_incident_s)
    if len(other.starts) < MIN_INCIDENTS or expected < MIN_EXPECTED:
        return None
    span = options.co_incident_s * MICROSECONDS
    lags, near = one.lags(other.starts, span), one.nearest(other.starts, span)
    lag = percentile(np.sort(lags).astype(np.float64), 0.5) / MICROSECONDS if len(lags) else None
    not_after = int(np.count_nonzero(near <= 0))
    return edge, len(other.starts), len(lags), expected, lag, len(near), not_after


def _outside_storms(cases: Sequence[Case], options: AssessmentOptions) -> dict[bytes, _Incidents]:
    starts = np.fromiter(map(created_at, cases), dtype=np.int64, count=len(cases))
    found = storms_at(starts_of(Columns(cases), np.arange(len(cases)), options), options)
    # Storms are disjoint, so an instant is in one where the latest start lies before its end.
    edges = np.array([(storm.start, storm.end) for storm in found], dtype=np.int64).reshape(-1, 2)
    place = np.searchsorted(edges[:, 0], starts, side="right")
    ends = np.append(_NEVER, edges[:, 1])
    kept: defaultdict[bytes, list[Case]] = defaultdict(list)
    for number in np.flatnonzero(starts > ends[place]).tolist():
        case = cases[number]
        if case.incident.service_id is not None:
            kept[case.incident.service_id].append(case)
    return {service: _Incidents(each) for service, each in kept.items()}


def _longer_before(ends: Sequence[int]) -> list[int]:
    """Per place the nearest one before it with a later end, else -1."""
    found: list[int] = []
    for place, end in enumerate(ends):
        before = place - 1
        while before >= 0 and ends[before] <= end:
            before = found[before]
        found.append(before)
    return found
