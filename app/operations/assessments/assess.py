"""Assess: from the rows of an epoch to figures, without a request to PagerDuty."""

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.crash_points import CrashPoint, reach
from app.core.errors import BadInput, EpochClosed, LeaseLost
from app.core.logs import Event, event
from app.extensions import db
from app.models import (
    ACTIVE,
    Assessment,
    CollectionRun,
    Engagement,
    FailureCode,
    JobState,
    new_handle,
)
from app.operations.assessments.document import Loaded, document, load
from app.operations.assessments.question import Question, bounded, options_of, question_of
from app.operations.assessments.releases import ReleaseChanged, Released, store_release
from app.operations.runs.runs import finished_run, latest_run
from app.operations.transactions.failures import MOST_ATTEMPTS, recorded
from app.operations.transactions.fence import lock_open_epoch, open_epoch, require_open_epoch
from app.operations.transactions.lease import claim, new_owner, renew, renewing


@dataclass(frozen=True, slots=True)
class _Work:
    assessment_id: int
    run_id: int
    epoch_id: bytes
    owner: str


def queue_assessment(session: Session, run: CollectionRun, question: Question | None = None) -> str:
    """Queue an assessment of a finished run; returns the handle for its job."""
    queued = Assessment(
        handle=new_handle(),
        epoch_id=run.epoch_id,
        run_id=run.id,
        state=JobState.QUEUED,
        queued_at=now(),
        question=None if question is None else question.as_json(),
    )
    session.add(queued)
    return queued.handle


def assess(handle: str) -> None:
    """Compute a queued assessment and store its document, or the code of its failure."""
    started = time.monotonic()
    work = _begin(handle)
    if work is None:
        return
    with recorded(partial(_fail, work, FailureCode.INTERNAL)):
        if not _compute(work):
            return
    event(Event.ASSESSED, assessment=handle, seconds=round(time.monotonic() - started, 3))


def _compute(work: _Work) -> bool:
    """Store the document; False if the question is refused or the work is no longer ours."""
    try:
        _computed(work)
    except ReleaseChanged:
        # Another assessment has published figures over people meanwhile: these follow them.
        return _compute(work)
    except BadInput:
        # The baseline may be deleted by now: another attempt would have the same end.
        _fail(work, FailureCode.REFUSED)
        return False
    except (EpochClosed, LeaseLost):
        return False
    return True


def _computed(work: _Work) -> None:
    with renewing(Assessment, work.assessment_id, work.owner):
        with db.read() as session:
            require_open_epoch(session, work.epoch_id)
            loaded = _load(session, work)
        found, release = document(loaded)
    done = {"state": JobState.DONE, "document": found, "finished_at": now(), "code": None}
    _store(work, release, **done)


def _fail(work: _Work, code: FailureCode) -> None:
    with suppress(EpochClosed, LeaseLost):
        _store(work, state=JobState.FAILED, code=code)


def _load(session: Session, work: _Work) -> Loaded:
    row = session.get_one(Assessment, work.assessment_id)
    run = session.get_one(CollectionRun, work.run_id)
    question = question_of(row.question)
    return load(session, run, question, _baseline_of(session, row.epoch_id, question.baseline))


def _baseline_of(session: Session, epoch_id: bytes, handle: str | None) -> Question | None:
    """The question of the assessment to compare with, with its run's bounds; None without one."""
    if handle is None:
        return None
    found = session.execute(
        select(Assessment, CollectionRun)
        .join(CollectionRun, CollectionRun.id == Assessment.run_id)
        .where(
            Assessment.epoch_id == epoch_id,
            Assessment.handle == handle,
            Assessment.state == JobState.DONE,
        )
    ).one_or_none()
    if found is None:
        raise BadInput(
            "The assessment to compare with does not exist",
            "It was deleted with the data it was computed from: choose another.",
        )
    assessment, run = found
    return bounded(question_of(assessment.question), run)


def queue_question(session: Session, engagement: Engagement, question: Question) -> str:
    """Queue an assessment of another window or with other options; nothing is collected again.

    Returns the handle for its job. Raises BadInput, also while a refresh is running: rows must
    not change under an assessment.
    """
    run = _assessable(session, engagement, lock=True)
    options_of(run, engagement.time_zone, question)
    baseline = _baseline_of(session, run.epoch_id, question.baseline)
    if baseline is not None:
        options_of(run, engagement.time_zone, baseline)
    return queue_assessment(session, run, question)


def _begin(handle: str) -> _Work | None:
    owner = new_owner()
    with suppress(EpochClosed), db.write() as session:
        row = session.scalar(select(Assessment).where(Assessment.handle == handle))
        if row is None or row.state not in ACTIVE:
            return None
        lock_open_epoch(session, row.epoch_id)
        if not claim(session, Assessment, row.id, owner):
            return None
        session.refresh(row)
        if row.attempts > MOST_ATTEMPTS:
            row.state, row.code = JobState.FAILED, FailureCode.GAVE_UP
            return None
        row.state = JobState.RUNNING
        return _Work(row.id, row.run_id, row.epoch_id, owner)
    return None


def _store(work: _Work, release: Released | None = None, **values: Any) -> None:
    with db.write() as session:
        lock_open_epoch(session, work.epoch_id)
        if release is not None:
            store_release(session, work.epoch_id, release)
        renew(session, Assessment, work.assessment_id, work.owner)
        row = session.get_one(Assessment, work.assessment_id)
        for name, value in values.items():
            setattr(row, name, value)
        row.release_lease()
        session.flush()
        reach(CrashPoint.ASSESSMENT_WRITTEN)


def assess_now(session: Session, engagement: Engagement, question: Question) -> dict[str, Any]:
    """The document for another window of what is collected; nothing is stored. Raises BadInput."""
    run = _assessable(session, engagement)
    baseline = _baseline_of(session, run.epoch_id, question.baseline)
    loaded = load(session, run, question, baseline)
    unstored = replace(loaded.releases, storable=False)
    return document(replace(loaded, releases=unstored))[0]


def _assessable(session: Session, engagement: Engagement, *, lock: bool = False) -> CollectionRun:
    epoch = open_epoch(session, engagement.id)
    newest = None if epoch is None else latest_run(session, epoch, lock=lock)
    if lock and newest is not None and newest.state in ACTIVE:
        raise BadInput(
            "A collection is under way",
            "Wait until it is done: an assessment must not read what is still changing.",
        )
    run = None if epoch is None else finished_run(session, epoch)
    if run is None:
        raise BadInput(
            "Nothing is collected for this engagement",
            "Connect PagerDuty and wait until the collection is done.",
        )
    return run
