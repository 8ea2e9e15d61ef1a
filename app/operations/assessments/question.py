"""Question: the window, options and baseline of an assessment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.assessment.options import AssessmentOptions
from app.core.clock import to_microseconds, wire
from app.core.errors import BadInput
from app.models import CollectionRun
from app.operations.assessments.settings import SETTINGS, setting


@dataclass(frozen=True, slots=True)
class Question:
    """Which window, as known when, and with which options; None takes the run's own bound."""

    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Options by name that differ from their defaults; ids as hexadecimal, as JSON has them."""
    baseline: str | None = None
    """Handle of the assessment to compare with."""

    def as_json(self) -> dict[str, Any]:
        """As stored with the assessment."""
        instants = {"since": self.since, "until": self.until, "as_of": self.as_of}
        return {
            **{name: None if at is None else wire(at) for name, at in instants.items()},
            "settings": dict(self.settings),
            "baseline": self.baseline,
        }


def question_of(stored: Mapping[str, Any] | None) -> Question:
    """The stored question; without one, the run's own window and the defaults."""
    if not stored:
        return Question()
    instants = {
        name: None if stored[name] is None else datetime.fromisoformat(stored[name])
        for name in ("since", "until", "as_of")
    }
    return Question(settings=stored["settings"], baseline=stored["baseline"], **instants)


def bounded(question: Question, run: CollectionRun) -> Question:
    """The question with every bound set: a later run has others."""
    return replace(
        question,
        since=question.since or run.since,
        until=question.until or run.until,
        as_of=question.as_of or run.as_of,
    )


def options_of(run: CollectionRun, time_zone: str, question: Question) -> AssessmentOptions:
    """Options for the engine. Raises BadInput, which says what is wrong with which of them."""
    since, until = question.since or run.since, question.until or run.until
    as_of = question.as_of or run.as_of
    if since < run.since or until > run.until or as_of > run.as_of:
        raise BadInput(
            "The window is wider than what was collected",
            f"Collected: {wire(run.since)} to {wire(run.until)}, as of {wire(run.as_of)}.",
        )
    unknown = sorted(set(question.settings) - SETTINGS)
    if unknown:
        raise BadInput("There is no such option", f"Not known: {', '.join(unknown)}.")
    try:
        return AssessmentOptions(
            since=to_microseconds(since),
            until=to_microseconds(until),
            as_of=to_microseconds(as_of),
            time_zone=time_zone,
            narrowed=_narrowed(run, since, until, as_of, ZoneInfo(time_zone)),
            **{name: setting(name, value) for name, value in question.settings.items()},
        )
    except ZoneInfoNotFoundError:
        raise BadInput("This cannot be assessed", "time_zone is in no IANA database.") from None
    except (TypeError, ValueError) as error:
        raise BadInput("This cannot be assessed", f"{error}.") from None


def _narrowed(
    run: CollectionRun, since: datetime, until: datetime, as_of: datetime, zone: ZoneInfo
) -> bool:
    """Whether a bound is neither the run's own nor the beginning of an ISO week (PRIV-4)."""
    free = [
        bound
        for bound, own in ((since, run.since), (until, run.until), (as_of, run.as_of))
        if bound != own
    ]
    return any(_inside_a_week(each.astimezone(zone)) for each in free)


def _inside_a_week(local: datetime) -> bool:
    return local.isoweekday() != 1 or local.timetz().replace(tzinfo=None) != time.min
