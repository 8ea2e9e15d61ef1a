"""Changes of the window, the incidents blamed on them, and what chance would blame (DOR)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, KeysView, Sequence
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Columns, Places, Words, created_at, service_of
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.rows import ChangeEvent
from app.assessment.spans import Span, union

Services = frozenset[bytes]


class Change(NamedTuple):
    """What is left of change events that came in a burst: the first."""

    at: int
    id: bytes
    services: Services


class Blame(NamedTuple):
    """An incident, and the latest change of its service before it or at its start."""

    change: Change
    case: Case
    lag: int
    """Microseconds from the change to the start; any length."""


class Changes:
    """Changes of the window and the ``cases`` attributed to them; C16 divides both by service."""

    def __init__(
        self, events: Iterable[ChangeEvent], columns: Columns, options: AssessmentOptions
    ) -> None:
        self._options = options
        self._failed: dict[tuple[Services | None, int], dict[Change, list[Case]]] = {}
        self._touching: dict[Services, list[Change]] = {}
        self.all: list[Change] = _window(events, options)
        of_service: defaultdict[bytes, list[Change]] = defaultdict(list)
        for change in self.all:
            for service in change.services:
                of_service[service].append(change)
        self._of_service = dict(of_service)
        counted = columns.where(_counts, np.arange(len(columns.cases)))
        self._open = {
            service: union(chain.from_iterable(columns.cases[at].spans for at in places))
            for service, places in _by_service(columns, counted).items()
        }
        if options.exclude_transient:
            counted = counted[~columns.flags(_is_transient)[counted]]
        kept = _by_service(columns, counted)
        at = columns.numbers(created_at)
        self._starts = {service: at[places].astype(np.int64) for service, places in kept.items()}
        self._blames = {
            service: list(_blame(self._of_service[service], self._starts[service], columns, places))
            for service, places in kept.items()
            if service in self._of_service
        }

    @property
    def services(self) -> KeysView[bytes]:
        """Those that any change was made to."""
        return self._of_service.keys()

    def of(self, services: Services | None) -> Sequence[Change]:
        """Changes of any of ``services`` by time and id; of all of them for None."""
        if services is None:
            return self.all
        known = self._touching.get(services)
        if known is None:
            touched = (self._of_service[each] for each in services if each in self._of_service)
            known = sorted({change for found in touched for change in found})
            self._touching[services] = known
        return known

    def eligible(self, changes: Sequence[Change], window_us: int) -> Sequence[Change]:
        """Those of the sorted ``changes`` whose aftermath the snapshot shows whole."""
        return changes[: bisect_right(changes, self._options.as_of - window_us, key=_moment)]

    def failed(self, services: Services | None, window_us: int) -> dict[Change, list[Case]]:
        """Eligible changes that incidents of ``services`` are blamed on, with these, in order.

        Several metrics need the same: it is computed once.
        """
        known = self._failed.get((services, window_us))
        if known is None:
            known = self._failed[services, window_us] = self._find_failed(services, window_us)
        return known

    def _find_failed(self, services: Services | None, window_us: int) -> dict[Change, list[Case]]:
        chosen = self._blames.keys() if services is None else services & self._blames.keys()
        found: defaultdict[Change, list[Case]] = defaultdict(list)
        for service in chosen:
            for change, case, lag in self._blames[service]:
                if lag <= window_us:
                    found[change].append(case)
        return {
            change: sorted(found[change], key=_number)
            for change in self.eligible(sorted(found), window_us)
        }

    def qualifying(self, services: Services) -> int:
        """How many incidents of ``services`` could make a change a failed one."""
        return sum(len(self._starts[each]) for each in services & self._starts.keys())

    def chance(self, services: Services, window_us: int) -> float:
        """Share of the window from which an incident of ``services`` starts within ``window_us``.

        A change at a random moment would be a failed one with this probability (DOR-05).
        """
        found = [self._starts[each] for each in services & self._starts.keys()]
        if not found:
            return 0.0
        starts = np.sort(np.concatenate(found))
        since_last = np.diff(starts, prepend=self._options.since)
        return float(np.minimum(since_last, window_us).sum()) / self._options.window_us

    def during_incident(self, change: Change) -> bool:
        """Whether an incident of one of its services, begun earlier, was still open (DOR-06)."""
        known = change.services & self._open.keys()
        return any(_covers(self._open[each], change.at) for each in known)


def attributed_incidents(changes: Changes, window_us: int) -> dict[bytes, list[bytes]]:
    """Per failed change the incidents blamed on it, ids to ids, in the order of time."""
    failed = changes.failed(None, window_us)
    return {change.id: [case.incident.id for case in cases] for change, cases in failed.items()}


def _window(events: Iterable[ChangeEvent], options: AssessmentOptions) -> list[Change]:
    """Changes of the chosen integrations inside the window, repetitions left out."""
    chosen = set(options.change_integrations)
    apart_us = options.change_dedupe_s * MICROSECONDS
    first: dict[tuple[bytes | None, Services], int] = {}
    found: list[Change] = []
    for event in sorted(events, key=lambda each: (each.timestamp, each.id)):
        if chosen and event.integration_id not in chosen:
            continue
        services = frozenset(event.services)
        kind = event.integration_id, services
        if kind in first and event.timestamp - first[kind] <= apart_us:
            continue
        first[kind] = event.timestamp
        if options.since <= event.timestamp < options.until:
            found.append(Change(event.timestamp, event.id, services))
    return found


def _covers(spans: Sequence[Span], at: int) -> bool:
    """Whether ``at`` lies inside one of the disjoint, sorted ``spans``, after its start."""
    before = bisect_right(spans, (at, 0)) - 1
    return before >= 0 and spans[before][0] < at < spans[before][1]


def _blame(
    changes: list[Change], starts: Places, columns: Columns, places: Places
) -> Iterator[Blame]:
    """Each incident with the latest of the sorted ``changes`` at or before its start."""
    times = np.array([change.at for change in changes], dtype=np.int64)
    before = np.searchsorted(times, starts, side="right") - 1
    some = np.flatnonzero(before >= 0)
    lags = starts[some] - times[before[some]]
    found = zip(before[some].tolist(), places[some].tolist(), lags.tolist(), strict=True)
    return (Blame(changes[latest], columns.cases[at], lag) for latest, at, lag in found)


def _counts(case: Case) -> bool:
    return case.counts_for_dora and not case.merged


def _by_service(columns: Columns, places: Places) -> dict[bytes, Places]:
    """Some incidents by their service; those of none are left out."""
    known, codes = columns.words(service_of)
    found = Words(known, codes[places]).places()
    return {service: places[inside] for service, inside in found.items() if len(inside)}


def _moment(change: Change) -> int:
    return change.at


_is_transient: Callable[[Case], bool] = attrgetter("handling.transient")
_number: Callable[[Case], int] = attrgetter("number")
"""Incidents are numbered by creation and id."""
