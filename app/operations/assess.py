"""Assess: from the rows of an epoch to numbers, without asking PagerDuty again."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.engine import METHOD_VERSION
from app.assessment.engine import assess as compute
from app.assessment.options import AssessmentOptions
from app.clock import now, to_microseconds, wire
from app.errors import BadInput, EpochSealed, LeaseLost
from app.extensions import db
from app.logs import Event, event
from app.models import Assessment, CollectionRun, Connection, Engagement, Epoch
from app.operations.completeness import completeness
from app.operations.facts import load_facts
from app.operations.fence import hold_open, open_epoch
from app.operations.lease import claim, keep, new_owner

FORMAT = "tacit-assessment"


@dataclass(frozen=True, slots=True)
class Question:
    """Which window, as known when; None takes the run's own bound."""

    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None


def assess(handle: str) -> None:
    """Compute a queued assessment and store its numbers."""
    owner = new_owner()
    with db.write() as session:
        row = session.scalar(select(Assessment).where(Assessment.handle == handle))
        if row is None or row.state not in {"queued", "running"}:
            return
        if not claim(session, Assessment, row.id, owner):
            return
        row.state = "running"
        assessment_id, run_id, epoch_id = row.id, row.run_id, row.epoch_id
    started = time.monotonic()
    with db.read() as session:
        run = session.get(CollectionRun, run_id)
        document = None if run is None else _document(session, run, Question())
    if document is None:
        return
    try:
        _store(assessment_id, epoch_id, owner, document)
    except (EpochSealed, LeaseLost):
        return
    event(Event.ASSESSED, assessment=handle, seconds=round(time.monotonic() - started, 3))


def _store(assessment_id: int, epoch_id: bytes, owner: str, document: dict[str, Any]) -> None:
    with db.write() as session:
        hold_open(session, epoch_id)
        keep(session, Assessment, assessment_id, owner)
        row = session.get_one(Assessment, assessment_id)
        row.document, row.state, row.finished_at, row.code = document, "done", now(), None
        row.lease_owner = row.lease_until = None


def assess_now(session: Session, engagement: Engagement, question: Question) -> dict[str, Any]:
    """The document for another window of what is collected; nothing is stored. Raises BadInput."""
    epoch = open_epoch(session, engagement.id)
    run = None if epoch is None else _finished_run(session, epoch)
    if run is None:
        raise BadInput(
            "Nothing is collected for this engagement",
            "Connect PagerDuty and wait until the collection is done.",
        )
    return _document(session, run, question)


def _finished_run(session: Session, epoch: Epoch) -> CollectionRun | None:
    return session.scalar(
        select(CollectionRun)
        .where(CollectionRun.epoch_id == epoch.id, CollectionRun.state == "done")
        .order_by(CollectionRun.id.desc())
        .limit(1)
    )


def _document(session: Session, run: CollectionRun, question: Question) -> dict[str, Any]:
    since, until = question.since or run.since, question.until or run.until
    as_of = question.as_of or run.as_of
    if since < run.since or until > run.until or as_of > run.as_of:
        raise BadInput(
            "The window is wider than what was collected",
            f"Collected: {wire(run.since)} to {wire(run.until)}, as of {wire(run.as_of)}.",
        )
    try:
        options = AssessmentOptions(
            since=to_microseconds(since),
            until=to_microseconds(until),
            as_of=to_microseconds(as_of),
        )
    except ValueError as error:
        raise BadInput("That window cannot be assessed", str(error)) from None
    result = compute(load_facts(session, run.epoch_id), options).as_json()
    epoch = session.get_one(Epoch, run.epoch_id)
    connection = session.get_one(Connection, epoch.connection_id)
    engagement = session.get_one(Engagement, connection.engagement_id)
    return {
        "format": FORMAT,
        "engagement": engagement.handle,
        "window": {"since": wire(since), "until": wire(until)},
        "as_of": wire(as_of),
        "time_zone": engagement.time_zone,
        "collected_at": wire(run.finished_at or run.as_of),
        "partial": connection.partial,
        "completeness": completeness(session, run.id),
        "allow_list_hash": epoch.allow_list_hash.hex(),
        "method_version": METHOD_VERSION,
        **result,
    }
