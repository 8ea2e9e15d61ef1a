"""Resume after a failure: a collection from its last page, an assessment from its rows."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assessment, CollectionRun, Engagement, FailureCode, JobState
from app.operations.assessments.assess import queue_assessment
from app.operations.assessments.question import question_of
from app.operations.runs.runs import latest_run, requeue
from app.operations.transactions.fence import open_epoch
from app.queues import Job


def resume(session: Session, engagement: Engagement) -> tuple[Job, str] | None:
    """Queue what failed again; None if nothing failed, so that a second call is safe."""
    epoch = open_epoch(session, engagement.id)
    run = None if epoch is None else latest_run(session, epoch, lock=True)
    if run is None:
        return None
    if run.state == JobState.FAILED:
        requeue(run)
        return Job.COLLECT, run.handle
    return _assess_again(session, run)


def _assess_again(session: Session, run: CollectionRun) -> tuple[Job, str] | None:
    newest = session.scalar(
        select(Assessment)
        .where(Assessment.run_id == run.id)
        .order_by(Assessment.id.desc())
        .limit(1)
    )
    if newest is None or newest.state != JobState.FAILED:
        return None
    # A refused question is replaced by the defaults.
    stored = None if newest.code == FailureCode.REFUSED else newest.question
    question = None if stored is None else question_of(stored)
    return Job.ASSESS, queue_assessment(session, run, question)
