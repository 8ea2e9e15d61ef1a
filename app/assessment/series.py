"""Numbers behind the first charts; every series can be written as JSON."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.assessment.escalations import levels_at_ack
from app.assessment.incidents import ack_times
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.paths import Path
from app.assessment.timeline import Timeline

Point = dict[str, int | float | bool | str | None]

_WEEK_US = 7 * 86_400 * MICROSECONDS
_FIRST_MONDAY_US = 4 * 86_400 * MICROSECONDS
"""1970-01-05 00:00 UTC began an ISO week."""
_CURVE_POINTS = 60
_CURVE_FROM_S = 10
_CURVE_TO_S = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Series:
    weekly_incidents: list[Point]
    """``{"start_us", "count", "complete"}`` per ISO week (UTC) that the window touches."""
    ack_curve: list[Point]
    """``{"seconds", "share"}``: share of B acknowledged within so many seconds."""
    acked_by_level: list[Point]
    """``{"level", "count"}``, levels in order, then words."""

    def as_json(self) -> dict[str, list[Point]]:
        return {
            "weekly_incidents": self.weekly_incidents,
            "ack_curve": self.ack_curve,
            "acked_by_level": self.acked_by_level,
        }


def series(base: Sequence[Timeline], paths: Sequence[Path], options: AssessmentOptions) -> Series:
    levels: list[Point] = [{"level": lvl, "count": number} for lvl, number in levels_at_ack(paths)]
    return Series(weekly(base, options), ack_curve(base), levels)


def weekly(base: Sequence[Timeline], options: AssessmentOptions) -> list[Point]:
    """Incidents per ISO week; a week the window cuts is marked as not complete."""
    counts = Counter(_monday(t.incident.created_at) for t in base)
    return [
        {
            "start_us": start,
            "count": counts[start],
            "complete": options.since <= start and start + _WEEK_US <= options.until,
        }
        for start in range(_monday(options.since), options.until, _WEEK_US)
    ]


def ack_curve(base: Sequence[Timeline]) -> list[Point]:
    """Acknowledged within t, over a logarithmic grid from 10 s to 7 days.

    Shares of B without the incidents whose ack precedes their creation (C5); None if B is empty.
    """
    times = sorted(ack_times(base))
    of = sum(t.tta is None or t.tta >= 0 for t in base)
    grid = np.geomspace(_CURVE_FROM_S, _CURVE_TO_S, _CURVE_POINTS).round().astype(int).tolist()
    return [
        {
            "seconds": seconds,
            "share": bisect_right(times, seconds * MICROSECONDS) / of if of else None,
        }
        for seconds in grid
    ]


def _monday(at: int) -> int:
    return at - (at - _FIRST_MONDAY_US) % _WEEK_US
