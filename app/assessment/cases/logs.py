"""The logs of all incidents, sorted and divided at once.

Sorting the log of each incident by itself takes four times as long.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise, repeat
from math import ceil
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases.log_types import NOTIFY, REOPEN
from app.assessment.cases.shapes import CODE, HUMAN, RANKS, TIMEOUT, Shape, shape_of
from app.assessment.rows import Incident, LogEntry
from app.assessment.statistics.distinct import distinct

Numbers = NDArray[np.int64]
_NOTIFY = CODE[NOTIFY]
_UNKNOWN_TYPES = (0, CODE[REOPEN])
"""A reopening is read, but counts as unknown: PagerDuty documents none."""
_HUMAN = {"user": HUMAN}
_OTHER = 256
_CHANNELS = {"timeout": TIMEOUT, "other": _OTHER}
_SHAPE_BITS = 255
_WORD = 8
"""Bytes of an integer."""


class Log(NamedTuple):
    """The log of one incident; both parts in the order of C6."""

    steps: Sequence[LogEntry]
    """All but notifications."""
    notices: Sequence[LogEntry]
    shape: Shape


class Notices(NamedTuple):
    """Sequences of one length: every notification, by incident and time."""

    entries: Sequence[LogEntry]
    at: Numbers
    incident: Numbers
    """Position of the incident."""


class Logs:
    """The logs of ``incidents`` up to ``as_of``: by time, then by type, then by id."""

    def __init__(
        self, incidents: Sequence[Incident], log_entries: Sequence[LogEntry], as_of: int
    ) -> None:
        self.incidents = incidents
        self.as_of = as_of
        every = sorted(log_entries, key=attrgetter("id"))
        owner = _owners(incidents, every)
        at = np.fromiter(map(attrgetter("created_at"), every), dtype=np.int64, count=len(every))
        types = _codes(every, "type", CODE.get)
        # Two parts for each incident, its steps and its notices.
        part = 2 * owner + (types == _NOTIFY)
        order = np.lexsort((RANKS[types], at, part))
        order = order[(owner[order] >= 0) & (at[order] <= as_of)]
        codes = types + _codes(every, "agent_type", _HUMAN.get)
        self._codes = (codes + _codes(every, "channel_type", _CHANNELS.get))[order]
        self._part, self._at = part[order], at[order]
        self._ordered = list(map(every.__getitem__, order.tolist()))
        self.of_others = [every[place] for place in np.flatnonzero(owner < 0).tolist()]
        """Log entries of other incidents, at any time."""

    def __iter__(self) -> Iterator[Log]:
        """The log of each incident in turn."""
        text = (self._codes & _SHAPE_BITS).astype(np.uint8).tobytes()
        bounds = np.searchsorted(self._part, np.arange(2 * len(self.incidents) + 1)).tolist()
        shapes: dict[bytes, Shape] = {}
        ends = iter(pairwise(bounds))
        for (start, middle), (_, end) in zip(ends, ends, strict=True):
            key = text[start:middle]
            shape = shapes.get(key)
            if shape is None:
                shape = shapes[key] = shape_of(key)
            yield Log(self._ordered[start:middle], self._ordered[middle:end], shape)

    def __len__(self) -> int:
        """How many log entries there are."""
        return len(self._ordered)

    @property
    def of_unknown_type(self) -> int:
        """How many are of a type that PagerDuty does not document."""
        return int(np.count_nonzero(np.isin(self._codes & (HUMAN - 1), _UNKNOWN_TYPES)))

    @property
    def of_unknown_channel(self) -> int:
        """How many came over a channel that PagerDuty does not document."""
        return int(np.count_nonzero(self._codes & _OTHER))

    @property
    def notices(self) -> Notices:
        places = np.flatnonzero(self._part % 2)
        entries = list(map(self._ordered.__getitem__, places.tolist()))
        return Notices(entries, self._at[places], self._part[places] // 2)


def _owners(incidents: Sequence[Incident], entries: Sequence[LogEntry]) -> Numbers:
    """Of each entry the position of its incident; -1 without one."""
    # A dictionary of 100,000 ids misses the processor's cache at every look: three times as long.
    if not incidents or not entries:
        return np.full(len(entries), -1, dtype=np.int64)
    ids = list(map(attrgetter("id"), incidents))
    named = list(map(attrgetter("incident_id"), entries))
    lengths = set(map(len, chain(ids, named)))
    width = ceil(max(lengths) / _WORD) * _WORD
    if lengths == {width}:
        every = np.frombuffer(b"".join(chain(ids, named)), dtype=f"S{width}")
    else:
        every = np.array([*ids, *named], dtype=f"S{width}")
    known, wanted = every[: len(ids)], every[len(ids) :]
    # The first bytes as one integer are compared several times as fast as all of them.
    first = every.view(np.uint64)[:: width // _WORD]
    if len(distinct(first[: len(ids)])[0]) < len(ids):
        found = _positions(known, wanted)
    else:
        found = _positions(first[: len(ids)], first[len(ids) :])
    return np.where(known[found] == wanted, found, -1)


def _positions(known: NDArray[Any], wanted: NDArray[Any]) -> Numbers:
    """Where each one stands that is known; anywhere for the others."""
    order = np.argsort(known)
    return order[np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)]


def _codes(entries: Sequence[LogEntry], name: str, code: Callable[[Any, int], int]) -> Numbers:
    # No loop of Python's own: there are a million entries.
    found = map(code, map(attrgetter(name), entries), repeat(0))
    return np.fromiter(found, dtype=np.int64, count=len(entries))
