"""The lines of the list of assessments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.operations.assessments.read import AssessmentLine
from app.reports.wording.question import settings_in_words, window

STATES: Mapping[str, str] = {
    "queued": "Waiting",
    "running": "Being computed",
    "done": "Done",
    "failed": "Failed",
}


@dataclass(frozen=True, slots=True)
class AskedView:
    """One assessment: what it was asked, and how far it is."""

    handle: str
    state: str
    word: str
    window: str
    options: str
    """Those that differ from the defaults."""
    baseline: str | None
    when: datetime


def asked_view(line: AssessmentLine, time_zone: str) -> AskedView:
    """An assessment as the list shows it, in the account's time zone."""
    return AskedView(
        line.handle,
        line.state,
        STATES[line.state],
        window(line.since, line.until, time_zone),
        settings_in_words(dict(line.question.settings)),
        line.question.baseline,
        line.finished_at or line.queued_at,
    )
