"""Assess: from the rows of an epoch to numbers, without asking PagerDuty again."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.engine import METHOD_VERSION
from app.assessment.engine import assess as compute
from app.assessment.needs import lacking
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts
from app.clock import from_microseconds, now, to_microseconds, wire
from app.errors import BadInput, EpochSealed, LeaseLost
from app.extensions import db
from app.logs import Event, event
from app.models import Assessment, CollectionRun, Connection, Engagement, Epoch, new_handle
from app.operations.certificate import certificate, missing
from app.operations.facts import load_facts
from app.operations.failures import DATABASE_AWAY, GAVE_UP, INTERNAL, MOST_ATTEMPTS
from app.operations.fence import hold_open, open_epoch, see_open
from app.operations.lease import claim, holding, keep, new_owner

FORMAT = "tacit-assessment"


@dataclass(frozen=True, slots=True)
class Question:
    """Which window, as known when; None takes the run's own bound."""

    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Work:
    assessment_id: int
    run_id: int
    epoch_id: bytes
    owner: str


def queue_assessment(session: Session, run: CollectionRun) -> str:
    """Queue an assessment of a finished run; returns the handle for its job."""
    queued = Assessment(
        handle=new_handle(),
        epoch_id=run.epoch_id,
        run_id=run.id,
        state="queued",
        queued_at=now(),
    )
    session.add(queued)
    return queued.handle


def assess(handle: str) -> None:
    """Compute a queued assessment and store its numbers."""
    started = time.monotonic()
    work = _begin(handle)
    if work is None:
        return
    try:
        with holding(Assessment, work.assessment_id, work.owner):
            with db.read() as session:
                see_open(session, work.epoch_id)
                loaded = _load(session, session.get_one(CollectionRun, work.run_id))
            document = _document(loaded, Question())
        _store(work, state="done", document=document, finished_at=now(), code=None)
    except (EpochSealed, LeaseLost):
        return
    except DATABASE_AWAY:
        raise
    except Exception:
        # Whatever it was, the card must say that there will be no assessment.
        with suppress(EpochSealed, LeaseLost):
            _store(work, state="failed", code=INTERNAL)
        raise
    event(Event.ASSESSED, assessment=handle, seconds=round(time.monotonic() - started, 3))


def _begin(handle: str) -> _Work | None:
    owner = new_owner()
    with suppress(EpochSealed), db.write() as session:
        row = session.scalar(select(Assessment).where(Assessment.handle == handle))
        if row is None or row.state not in {"queued", "running"}:
            return None
        hold_open(session, row.epoch_id)
        if not claim(session, Assessment, row.id, owner):
            return None
        session.refresh(row)
        if row.attempts > MOST_ATTEMPTS:
            row.state, row.code = "failed", GAVE_UP
            return None
        row.state = "running"
        return _Work(row.id, row.run_id, row.epoch_id, owner)
    return None


def _store(work: _Work, **values: Any) -> None:
    with db.write() as session:
        hold_open(session, work.epoch_id)
        keep(session, Assessment, work.assessment_id, work.owner)
        row = session.get_one(Assessment, work.assessment_id)
        for name, value in values.items():
            setattr(row, name, value)
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
    return _document(_load(session, run), question)


def _finished_run(session: Session, epoch: Epoch) -> CollectionRun | None:
    return session.scalar(
        select(CollectionRun)
        .where(CollectionRun.epoch_id == epoch.id, CollectionRun.state == "done")
        .order_by(CollectionRun.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class _Loaded:
    """All that a document is made from, so that no transaction is open while it is computed."""

    run: CollectionRun
    facts: Facts
    about: dict[str, Any]


def _load(session: Session, run: CollectionRun) -> _Loaded:
    epoch = session.get_one(Epoch, run.epoch_id)
    connection = session.get_one(Connection, epoch.connection_id)
    engagement = session.get_one(Engagement, connection.engagement_id)
    about = {
        "engagement": engagement.handle,
        "time_zone": engagement.time_zone,
        "collected_at": wire(run.finished_at or run.as_of),
        "partial": run.partial,
        "completeness": certificate(session, run),
        "allow_list_hash": epoch.allow_list_hash.hex(),
    }
    return _Loaded(run, load_facts(session, run.epoch_id), about)


def _document(loaded: _Loaded, question: Question) -> dict[str, Any]:
    options = _options(loaded.run, question)
    computed = compute(loaded.facts, options).as_json()
    absent = missing(loaded.about["completeness"])
    for figure in computed["metrics"]:
        figure["lacking"] = lacking(figure["id"], absent)
    return {
        "format": FORMAT,
        "window": {
            "since": wire(from_microseconds(options.since)),
            "until": wire(from_microseconds(options.until)),
        },
        "as_of": wire(from_microseconds(options.as_of)),
        "method_version": METHOD_VERSION,
        **loaded.about,
        **computed,
    }


def _options(run: CollectionRun, question: Question) -> AssessmentOptions:
    since, until = question.since or run.since, question.until or run.until
    as_of = question.as_of or run.as_of
    if since < run.since or until > run.until or as_of > run.as_of:
        raise BadInput(
            "The window is wider than what was collected",
            f"Collected: {wire(run.since)} to {wire(run.until)}, as of {wire(run.as_of)}.",
        )
    try:
        return AssessmentOptions(
            since=to_microseconds(since),
            until=to_microseconds(until),
            as_of=to_microseconds(as_of),
        )
    except ValueError as error:
        raise BadInput("That window cannot be assessed", str(error)) from None
