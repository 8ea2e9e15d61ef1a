"""Stretches of time ``(start, end)`` in microseconds: union, difference, overlap."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]
Spans = list[Span]


def union(spans: Iterable[Span], join: int = 0) -> Spans:
    """Sorted disjoint stretches; those no further apart than ``join`` become one."""
    found: Spans = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if found and start - found[-1][1] <= join:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def clip(spans: Iterable[Span], since: int, until: int) -> Spans:
    """What of ``spans`` lies in ``[since, until)``."""
    cut = ((max(start, since), min(end, until)) for start, end in spans)
    return [(start, end) for start, end in cut if start < end]


def total(spans: Iterable[Span]) -> int:
    """Summed length; what overlaps counts twice."""
    return sum(end - start for start, end in spans)


def gaps(covered: Sequence[Span], since: int, until: int) -> Spans:
    """What of ``[since, until)`` the disjoint, sorted ``covered`` leaves."""
    found: Spans = []
    reached = since
    for start, end in clip(covered, since, until):
        if start > reached:
            found.append((reached, start))
        reached = max(reached, end)
    if reached < until:
        found.append((reached, until))
    return found


def without(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """What of ``one`` lies outside ``other``; both disjoint and sorted."""
    if not one:
        return []
    return overlap(one, gaps(other, one[0][0], one[-1][1]))


def overlap(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """Where two disjoint, sorted lists of stretches overlap."""
    found: Spans = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return found


def covered_at(spans: Sequence[Span], at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of many instants are inside one of the disjoint, sorted ``spans``."""
    if not spans:
        return np.zeros(len(at), dtype=np.bool_)
    bounds = np.array(spans, dtype=np.int64)
    before = np.searchsorted(bounds[:, 0], at, side="right") - 1
    inside: NDArray[np.bool_] = (before >= 0) & (at < bounds[np.maximum(before, 0), 1])
    return inside


def at_least(spans: Iterable[Span], number: int) -> Spans:
    """Where at least ``number`` of the ``spans`` overlap."""
    edges = sorted(edge for start, end in spans if start < end for edge in ((start, 1), (end, -1)))
    found: Spans = []
    depth = began = 0
    for at, step in edges:
        before, depth = depth, depth + step
        if before < number <= depth:
            began = at
        elif depth < number <= before and at > began:
            found.append((began, at))
    return union(found)
