"""From facts to figures: pure, deterministic, whatever the order of the rows."""

from dataclasses import dataclass
from typing import Any

from app.assessment.escalations import escalations
from app.assessment.figures import Figure
from app.assessment.incidents import lifecycle
from app.assessment.oncall import schedule_coverage
from app.assessment.options import AssessmentOptions
from app.assessment.paths import path_of
from app.assessment.quality import quality
from app.assessment.roster import Levels, Roster
from app.assessment.rows import Facts
from app.assessment.series import Series, series
from app.assessment.timeline import timelines

METHOD_VERSION = "1"
"""Rises when a definition or a default changes: figures of two versions do not compare."""


@dataclass(frozen=True, slots=True)
class Result:
    figures: list[Figure]
    series: Series

    def as_json(self) -> dict[str, Any]:
        """``{"metrics": [...], "series": {...}}``, ready for ``json.dumps``."""
        return {
            "metrics": [figure.as_json() for figure in self.figures],
            "series": self.series.as_json(),
        }


def assess(facts: Facts, options: AssessmentOptions) -> Result:
    """Every figure of ``facts`` for the window and snapshot of ``options``."""
    window = timelines(facts.incidents, facts.log_entries, options)
    base = [timeline for timeline in window if not timeline.merged]
    levels = Levels(facts.escalation_rules, Roster(facts.schedules, facts.schedule_entries))
    paths = [path_of(timeline, levels, options.pair_tolerance_s) for timeline in base]
    figures = [
        *lifecycle(base, options),
        *escalations(paths),
        *schedule_coverage(facts.schedules, facts.schedule_entries, options),
        *quality(window, base),
    ]
    return Result(figures, series(base, paths, options))
