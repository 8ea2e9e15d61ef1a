"""The report as data: from loaded rows to the document that is stored, shown and downloaded."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.assessment.catalogue import BY_ID
from app.assessment.comparison import compare
from app.assessment.engine import METHOD_VERSION, assess
from app.assessment.options import AssessmentOptions
from app.assessment.publish import publish
from app.assessment.rows import Facts
from app.assessment.thresholds import THRESHOLDS
from app.core.clock import from_microseconds, wire
from app.models import CollectionRun, Connection, Engagement, Epoch
from app.operations.assessments.facts import load_facts
from app.operations.assessments.question import Question, options_of
from app.operations.assessments.releases import (
    Released,
    Releases,
    comparable,
    load_releases,
    released,
)
from app.operations.assessments.without_gc import uncollected
from app.operations.runs.certificate import certificate, missing

FORMAT = "tacit-assessment"


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that a document is made from, so that no transaction is open while it is computed."""

    facts: Facts
    about: dict[str, Any]
    options: AssessmentOptions
    baseline: AssessmentOptions | None
    """Options of the assessment to compare with."""
    baseline_handle: str | None
    releases: Releases
    """Figures over people that were published before."""


def load(
    session: Session, run: CollectionRun, question: Question, baseline: Question | None
) -> Loaded:
    """Rows and words about them. Raises BadInput for a question that is not valid."""
    epoch = session.get_one(Epoch, run.epoch_id)
    connection = session.get_one(Connection, epoch.connection_id)
    engagement = session.get_one(Engagement, connection.engagement_id)
    zone = engagement.time_zone
    facts = load_facts(session, run.epoch_id, run)
    about = {
        "engagement": engagement.handle,
        "time_zone": zone,
        "collected_at": wire(run.finished_at or run.as_of),
        "partial": run.partial,
        "completeness": certificate(session, run),
        "allow_list_hash": epoch.allow_list_hash.hex(),
    }
    return Loaded(
        facts=facts,
        about=about,
        options=options_of(run, zone, question),
        baseline=None if baseline is None else options_of(run, zone, baseline),
        baseline_handle=question.baseline,
        releases=load_releases(session, run),
    )


@uncollected()
def document(loaded: Loaded) -> tuple[dict[str, Any], Released]:
    """The report, and the release that its figures over people are from.

    The report: a window, its figures after suppression, and what follows from them.
    """
    options = loaded.options
    result = assess(loaded.facts, options)
    found = released(loaded.facts, options, loaded.releases)
    computed = publish(result, found.release).as_json()
    lost = missing(loaded.about["completeness"])
    lacking: dict[tuple[str, str, str], list[str]] = {}
    for figure in computed["metrics"]:
        measure = figure["id"], figure["measure"], figure["scope"]["level"]
        if measure not in lacking:
            lacking[measure] = BY_ID[figure["id"]].lacking(lost, *measure[1:])
        figure["lacking"] = lacking[measure]
    evidence = (row for finding in computed["findings"] for row in finding["evidence"])
    for figure in (*computed["metrics"], *evidence):
        if "window" in figure:
            since, until = figure["window"]
            figure["window"] = _weeks(since, until, options.zone)
    compared: dict[str, Any] | None = None
    if loaded.baseline is not None:
        compared = {
            "baseline": loaded.baseline_handle,
            **compare(
                loaded.facts, *comparable(loaded.baseline, options, loaded.releases)
            ).as_json(),
        }
    report = {
        "format": FORMAT,
        "window": _window(options.since, options.until),
        "as_of": wire(from_microseconds(options.as_of)),
        "method_version": METHOD_VERSION,
        "thresholds_version": THRESHOLDS.version,
        "options": options.as_json(),
        **loaded.about,
        "missing": lost,
        **computed,
        "comparison": compared,
    }
    return report, found


def _weeks(since: int, until: int, zone: ZoneInfo) -> dict[str, str | int]:
    """The window of a figure over people: whole weeks of the account's zone."""
    begin, end = (from_microseconds(at).astimezone(zone) for at in (since, until))
    last_day = end.date() - timedelta(days=1)
    weeks = (end.date() - begin.date()).days // 7
    return {**_window(since, until), "weeks": weeks, "last_day": last_day.isoformat()}


def _window(since: int, until: int) -> dict[str, str]:
    return {"since": wire(from_microseconds(since)), "until": wire(from_microseconds(until))}
