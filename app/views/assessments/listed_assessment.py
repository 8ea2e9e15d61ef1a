"""The lines of the list of assessments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.models.states import JobState
from app.operations.assessments.read import AssessmentLine
from app.reports.wording.question import settings_in_words, window

_STATES: Mapping[str, str] = {
    JobState.QUEUED: "Waiting",
    JobState.RUNNING: "Being computed",
    JobState.DONE: "Done",
    JobState.FAILED: "Failed",
}


@dataclass(frozen=True, slots=True)
class ListedAssessment:
    """One assessment: its window, its options and its state."""

    handle: str
    state: str
    word: str
    window: str
    options: str
    """Those that differ from the defaults."""
    baseline: str | None
    when: datetime


def listed_assessment(line: AssessmentLine, time_zone: str) -> ListedAssessment:
    """An assessment as the list shows it, in the account's time zone."""
    return ListedAssessment(
        handle=line.handle,
        state=line.state,
        word=_STATES[line.state],
        window=window(line.since, line.until, time_zone),
        options=settings_in_words(dict(line.question.settings)),
        baseline=line.question.baseline,
        when=line.finished_at or line.queued_at,
    )
