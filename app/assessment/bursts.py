"""Incidents in bursts: storms of many at once, and services that flap (NOI-05, NOI-06)."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Columns, Places, created_at, service_of
from app.assessment.options import MICROSECONDS, AssessmentOptions


class Storm(NamedTuple):
    """A stretch ``[start, end]`` in microseconds: the joined windows, and what starts in them."""

    start: int
    end: int
    incidents: int
    """One that starts several times counts once."""


class Starts(NamedTuple):
    """Arrays of one length: when incidents were created or opened again, and which."""

    at: Places
    incident: Places

    def within(self, found: Iterable[Storm]) -> Places:
        """The incidents that start in storms, each once."""
        inside = np.zeros(len(self.at), dtype=np.bool_)
        for storm in found:
            inside |= (storm.start <= self.at) & (self.at <= storm.end)
        return np.unique(self.incident[inside])


def starts_of(columns: Columns, places: Places, options: AssessmentOptions) -> Starts:
    """Starts of the open intervals of incidents, up to the end of the window."""
    again = [
        (start, place)
        for place in columns.where(_opened_again, places).tolist()
        for start, _ in columns.cases[place].spans[1:]
        if start < options.until
    ]
    more = np.array(again, dtype=np.int64).reshape(-1, 2)
    created = columns.numbers(created_at)[places].astype(np.int64)
    return Starts(np.append(created, more[:, 0]), np.append(places, more[:, 1]))


def storms(starts: Starts, window_us: int, threshold: int) -> list[Storm]:
    """Windows from a start on in which ``threshold`` or more incidents start, both ends included.

    Windows that overlap or touch are one storm. Takes the starts in any order.
    """
    order = np.argsort(starts.at, kind="stable")
    at, incident = starts.at[order], starts.incident[order]
    ends = np.searchsorted(at, at + window_us, side="right")
    dense = at[ends - np.arange(len(at)) - _repeats(incident, ends) >= threshold]
    if not len(dense):
        return []
    apart = np.flatnonzero(np.diff(dense) > window_us)
    low = dense[np.append(0, apart + 1)]
    high = dense[np.append(apart, len(dense) - 1)] + window_us
    first, last = np.searchsorted(at, low), np.searchsorted(at, high, side="right")
    return [
        Storm(start, end, len(np.unique(incident[i:j])))
        for start, end, i, j in np.stack((low, high, first, last), axis=1).tolist()
    ]


def _repeats(incident: Places, ends: Places) -> Places:
    """Of the windows that begin at each place: how many starts are of an incident that started in
    the window before."""
    by_incident = np.argsort(incident, kind="stable")
    same = np.diff(incident[by_incident]) == 0
    before, again = by_incident[:-1][same], by_incident[1:][same]
    # Both are in the windows from the first that reaches the second up to the one of the first.
    reaching = np.searchsorted(ends, again, side="right")
    both = reaching <= before
    change = np.zeros(len(incident) + 1, dtype=np.int64)
    np.add.at(change, reaching[both], 1)
    np.add.at(change, before[both] + 1, -1)
    return np.cumsum(change)[:-1]


def storms_at(starts: Starts, options: AssessmentOptions) -> list[Storm]:
    """``storms`` with the window and the threshold of ``options``."""
    return storms(starts, options.storm_window_s * MICROSECONDS, options.storm_threshold)


def flaps(columns: Columns, places: Places, options: AssessmentOptions) -> list[Places]:
    """Episodes of a service whose incidents each start soon after the one before resolved itself.

    Soon is 0 to ``options.flap_gap_s`` after; a resolve by a person, an overlap or a longer pause
    ends the episode, and another service never continues it. Takes the places by creation, as a
    scope gives them; episodes come in the order of their first starts.
    """
    of_service = columns.words(service_of).codes
    some = places[of_service[places] >= 0]
    order = some[np.argsort(of_service[some], kind="stable")]
    pause = columns.numbers(created_at)[order[1:]] - columns.numbers(_by_itself_at)[order[:-1]]
    soon = (pause >= 0) & (pause <= options.flap_gap_s * MICROSECONDS)
    apart = np.flatnonzero((np.diff(of_service[order]) != 0) | ~soon) + 1
    starts, ends = np.append(0, apart), np.append(apart, len(order))
    long = ends - starts >= options.flap_min_incidents
    spans = zip(starts[long].tolist(), ends[long].tolist(), strict=True)
    return sorted((order[start:end] for start, end in spans), key=_first)


def _first(episode: Places) -> int:
    return int(episode[0])


def _by_itself_at(case: Case) -> int | None:
    """When automation resolved it."""
    return case.timeline.resolved_at if case.handling.auto_resolved else None


def _opened_again(case: Case) -> bool:
    return len(case.spans) > 1
