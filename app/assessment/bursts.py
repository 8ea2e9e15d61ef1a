"""Incidents in bursts: storms of many at once, and services that flap (NOI-05, NOI-06)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Columns, Numbers, Places, created_at, service_of
from app.assessment.options import MICROSECONDS, AssessmentOptions


class Storm(NamedTuple):
    """A stretch ``[start, end]`` in microseconds: the joined windows, and the starts in them."""

    start: int
    end: int
    incidents: int


def storms(
    starts_us: Sequence[int] | Numbers | Places, window_us: int, threshold: int
) -> list[Storm]:
    """Windows from a start on with ``threshold`` or more starts in them, both ends included.

    Windows that overlap or touch are one storm. Takes the starts in any order.
    """
    starts = np.sort(np.asarray(starts_us, dtype=np.int64))
    crowd = np.searchsorted(starts, starts + window_us, side="right") - np.arange(len(starts))
    dense = starts[crowd >= threshold]
    if not len(dense):
        return []
    apart = np.flatnonzero(np.diff(dense) > window_us)
    low = dense[np.append(0, apart + 1)]
    high = dense[np.append(apart, len(dense) - 1)] + window_us
    inside = np.searchsorted(starts, high, side="right") - np.searchsorted(starts, low)
    return [Storm(*each) for each in np.stack((low, high, inside), axis=1).tolist()]


def storms_at(starts_us: Sequence[int] | Numbers, options: AssessmentOptions) -> list[Storm]:
    """``storms`` with the window and the threshold of ``options``."""
    return storms(starts_us, options.storm_window_s * MICROSECONDS, options.storm_threshold)


def storms_of(cases: Sequence[Case], options: AssessmentOptions) -> list[tuple[Storm, list[bytes]]]:
    """The storms of ``cases``, each with the ids of its incidents, by creation and id."""
    found = sorted(map(_position, cases))
    return [
        (storm, [number for at, number in found if storm.start <= at <= storm.end])
        for storm in storms_at([at for at, _ in found], options)
    ]


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


def _position(case: Case) -> tuple[int, bytes]:
    return case.incident.created_at, case.incident.id
