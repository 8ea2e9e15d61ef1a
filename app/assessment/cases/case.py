"""One incident of the window with all that its log says, read once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from app.assessment.cases.engaged import engaged_since, is_major, worked
from app.assessment.cases.handling import Handling, handling_of
from app.assessment.cases.levels import Levels
from app.assessment.cases.logs import Logs
from app.assessment.cases.ownership import Ownership, ownership_of
from app.assessment.cases.paths import Path
from app.assessment.cases.timeline import Timeline, timelines
from app.assessment.cases.walk import Paths
from app.assessment.hours import BANDS, Band, LocalClock, band_codes
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.rows import Facts, Incident
from app.assessment.spans import Span, total


class Case(NamedTuple):
    number: int
    """Its place in population W."""
    incident: Incident
    timeline: Timeline
    merged: bool
    resolved: bool
    open: bool
    spans: Sequence[Span]
    """When it was open, in order."""
    acked: bool
    tta: int | None
    """Microseconds to the first human ack from its creation, or from when its urgency was raised;
    negative where clocks disagree (C5)."""
    ttr: int | None
    """Microseconds to the last resolve; negative where clocks disagree (C5)."""
    end: int
    """When it ended, or the snapshot; of unknown status, its last entry."""
    open_us: int
    """How long it was open, in microseconds, without the time between a resolve and a reopening;
    negative where clocks disagree (C5)."""
    counts_for_dora: bool
    """Of an urgency that is not excluded (C3)."""
    band: Band
    """Of the account's day, at its creation (C10)."""
    in_time: bool | None
    """Acknowledged within the target; None where that is not known (INC-06)."""
    path: Path
    ownership: Ownership
    handling: Handling
    engaged: Mapping[bytes, int]
    """Per person since when: the first act of theirs that takes part in it (INC-13)."""
    worked: Mapping[bytes, int]
    """Per person for how long, in microseconds; without those whose times contradict (C5)."""
    major: bool
    """Of one of the two highest priorities, or two added people came (INC-15)."""


def cases_of(
    logs: Logs, facts: Facts, levels: Levels, clock: LocalClock, options: AssessmentOptions
) -> list[Case]:
    """Population W: every incident created in the window, by creation and id."""
    created = np.array([incident.created_at for incident in logs.incidents], dtype=np.int64)
    bands = band_codes(clock.locals_s(created), options.bands).tolist()
    reader = _Reader(facts, levels, options)
    return [
        reader.case(number, timeline, BANDS[band])
        for number, (timeline, band) in enumerate(zip(timelines(logs), bands, strict=True))
    ]


class _Reader:
    def __init__(self, facts: Facts, levels: Levels, options: AssessmentOptions) -> None:
        self._top = frozenset(facts.priorities[:2])
        self._paths = Paths(levels, options.pair_tolerance_s)
        self._options = options

    def case(self, number: int, timeline: Timeline, band: Band) -> Case:
        options = self._options
        incident = timeline.incident
        engaged = engaged_since(timeline, options.as_of)
        tta, spans = timeline.tta, timeline.spans
        return Case(
            number=number,
            incident=incident,
            timeline=timeline,
            merged=timeline.merged,
            resolved=timeline.resolved,
            open=timeline.open,
            spans=spans,
            acked=tta is not None,
            tta=tta,
            ttr=timeline.ttr,
            end=timeline.end,
            open_us=spans[0][1] - spans[0][0] if len(spans) == 1 else total(spans),
            counts_for_dora=incident.urgency not in options.excluded_urgencies,
            band=band,
            in_time=self._in_time(timeline.awaited_since, tta),
            path=self._paths.of(timeline),
            ownership=ownership_of(timeline),
            handling=handling_of(timeline, options),
            engaged=engaged,
            worked=worked(timeline, engaged),
            major=is_major(timeline, engaged, self._top),
        )

    def _in_time(self, since: int, tta: int | None) -> bool | None:
        """An incident younger than the target can still make it; clocks may disagree (C5)."""
        target = self._options.ack_target_s * MICROSECONDS
        if since + target > self._options.as_of or (tta is not None and tta < 0):
            return None
        return tta is not None and tta <= target
