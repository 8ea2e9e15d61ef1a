"""The logs of all incidents, sorted and divided at once.

Sorting the log of each incident by itself takes four times as long.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, repeat
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases.log_types import NOTIFY
from app.assessment.cases.shapes import CODE, HUMAN, RANKS, TIMEOUT, Shape, shape_of
from app.assessment.rows import Incident, LogEntry

_NOTIFY = CODE[NOTIFY]
_HUMAN = {"user": HUMAN}
_TIMEOUT = {"timeout": TIMEOUT}


class Log(NamedTuple):
    """The log of one incident; both parts in the order of C6."""

    steps: Sequence[LogEntry]
    """All but notifications."""
    notices: Sequence[LogEntry]
    shape: Shape


def logs_of(
    incidents: Sequence[Incident], log_entries: Sequence[LogEntry], as_of: int
) -> Iterator[Log]:
    """The log of each incident up to ``as_of``: by time, then by type, then by id."""
    every = sorted(log_entries, key=attrgetter("id"))
    owner = _owners(incidents, every)
    at = np.fromiter(map(attrgetter("created_at"), every), dtype=np.int64, count=len(every))
    types = _codes(every, "type", CODE.get, 0)
    # Two parts for each incident, its steps and its notices.
    part = 2 * owner + (types == _NOTIFY)
    order = np.lexsort((RANKS[types], at, part))
    order = order[(part[order] >= 0) & (at[order] <= as_of)]
    codes = types + _codes(every, "agent_type", _HUMAN.get, 0)
    codes += _codes(every, "channel_type", _TIMEOUT.get, 0)
    text = codes[order].astype(np.uint8).tobytes()
    bounds = np.searchsorted(part[order], np.arange(2 * len(incidents) + 1)).tolist()
    ordered = list(map(every.__getitem__, order.tolist()))
    return _divided(ordered, text, bounds)


def _divided(ordered: Sequence[LogEntry], codes: bytes, bounds: Sequence[int]) -> Iterator[Log]:
    shapes: dict[bytes, Shape] = {}
    ends = iter(pairwise(bounds))
    for (start, middle), (_, end) in zip(ends, ends, strict=True):
        key = codes[start:middle]
        shape = shapes.get(key)
        if shape is None:
            shape = shapes[key] = shape_of(key)
        yield Log(ordered[start:middle], ordered[middle:end], shape)


def _owners(incidents: Sequence[Incident], entries: Sequence[LogEntry]) -> NDArray[np.int64]:
    """Of each entry the position of its incident; -1 without one."""
    # A dictionary of 100,000 ids misses the processor's cache at every look: three times as long.
    known = np.array(list(map(attrgetter("id"), incidents)), dtype=np.bytes_)
    named = np.array(list(map(attrgetter("incident_id"), entries)), dtype=np.bytes_)
    if not len(known) or not len(named):
        return np.full(len(entries), -1, dtype=np.int64)
    order = np.argsort(known)
    found = order[np.minimum(np.searchsorted(known, named, sorter=order), len(known) - 1)]
    return np.where(known[found] == named, found, -1)


def _codes(
    entries: Sequence[LogEntry], name: str, code: Callable[[Any, int], int], missing: int
) -> NDArray[np.int64]:
    # No loop of Python's own: there are a million entries.
    found = map(code, map(attrgetter(name), entries), repeat(missing))
    return np.fromiter(found, dtype=np.int64, count=len(entries))
