"""One incident of the window with all that its log tells, read once."""

from collections.abc import Mapping
from typing import NamedTuple

from app.assessment.cases.engaged import engaged_since, is_major, worked
from app.assessment.cases.handling import Handling, handling_of
from app.assessment.cases.levels import Levels
from app.assessment.cases.ownership import Ownership, ownership_of
from app.assessment.cases.paths import Path
from app.assessment.cases.timeline import Timeline, timelines
from app.assessment.cases.walk import path_of
from app.assessment.hours import Band, LocalClock
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.rows import Facts, Incident


class Case(NamedTuple):
    number: int
    """Its place in population W."""
    incident: Incident
    timeline: Timeline
    merged: bool
    resolved: bool
    tta: int | None
    """Microseconds to the first human ack; negative where clocks disagree (C5)."""
    ttr: int | None
    """Microseconds to the last resolve; negative where clocks disagree (C5)."""
    end: int
    """When it ended, or the snapshot."""
    counts_for_dora: bool
    """Of an urgency that is not excluded (C3)."""
    band: Band
    """Of the account's day, at its creation (C10)."""
    in_time: bool | None
    """Acknowledged within the target; None where that cannot be told (INC-06)."""
    path: Path
    ownership: Ownership
    handling: Handling
    engaged: Mapping[bytes, int]
    """Per person since when: their first ack or joined request (INC-13)."""
    worked: Mapping[bytes, int]
    """Per person for how long, in microseconds; without those whose times contradict (C5)."""
    major: bool
    """Of one of the two highest priorities, or two added people came (INC-15)."""

    @property
    def acked(self) -> bool:
        return self.tta is not None


def cases_of(
    facts: Facts, levels: Levels, clock: LocalClock, options: AssessmentOptions
) -> list[Case]:
    """Population W: every incident created in the window, by creation and id."""
    reader = _Reader(facts, levels, clock, options)
    found = timelines(facts.incidents, facts.log_entries, options)
    return [reader.case(number, timeline) for number, timeline in enumerate(found)]


class _Reader:
    def __init__(
        self, facts: Facts, levels: Levels, clock: LocalClock, options: AssessmentOptions
    ) -> None:
        self._top = frozenset(facts.priorities[:2])
        self._levels = levels
        self._clock = clock
        self._options = options

    def case(self, number: int, timeline: Timeline) -> Case:
        options = self._options
        incident = timeline.incident
        ended = timeline.resolved_at if timeline.resolved else None
        end = options.as_of if ended is None else ended
        engaged = engaged_since(timeline, options.as_of)
        tta = timeline.tta
        return Case(
            number,
            incident,
            timeline,
            timeline.merged,
            timeline.resolved,
            tta,
            timeline.ttr,
            end,
            incident.urgency not in options.excluded_urgencies,
            self._clock.band(incident.created_at, options.bands),
            self._in_time(incident.created_at, tta),
            path_of(timeline, self._levels, options.pair_tolerance_s),
            ownership_of(timeline, end),
            handling_of(timeline, options),
            engaged,
            worked(timeline, engaged, end),
            is_major(timeline, engaged, self._top),
        )

    def _in_time(self, created: int, tta: int | None) -> bool | None:
        """An incident younger than the target can still make it; clocks may disagree (C5)."""
        target = self._options.ack_target_s * MICROSECONDS
        if created + target > self._options.as_of or (tta is not None and tta < 0):
            return None
        return tta is not None and tta <= target
