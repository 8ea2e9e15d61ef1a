"""Runs of an epoch: started, queued again, superseded, found."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models import ACTIVE, CollectionRun, Engagement, Epoch, FailureCode, JobState, new_handle

DEFAULT_WINDOW = timedelta(days=90)


def supersede(session: Session, epoch: Epoch) -> None:
    """End the active run of the epoch; the process that works on it loses its lease.

    Two active runs would mark each other's records as deleted, and the older one may read what is
    no longer allowed.
    """
    active = select(CollectionRun).where(
        CollectionRun.epoch_id == epoch.id, CollectionRun.state.in_(ACTIVE)
    )
    for run in session.scalars(active.with_for_update()):
        run.state, run.code = JobState.FAILED, FailureCode.SUPERSEDED
        run.release_lease()
    session.flush()  # before the next run is inserted: only one may be active


def requeue(run: CollectionRun) -> None:
    """Queue a run again; a process that still works on it loses its lease."""
    run.state, run.code, run.attempts, run.queued_at = JobState.QUEUED, None, 0, now()
    run.not_before = run.away_since = None
    run.release_lease()


def latest_run(session: Session, epoch: Epoch, *, lock: bool = False) -> CollectionRun | None:
    """The newest run of an epoch; ``lock`` its row before changing it."""
    newest = (
        select(CollectionRun)
        .where(CollectionRun.epoch_id == epoch.id)
        .order_by(CollectionRun.id.desc())
        .limit(1)
    )
    return session.scalar(newest.with_for_update() if lock else newest)


def finished_run(session: Session, epoch: Epoch) -> CollectionRun | None:
    """The newest finished run of an epoch."""
    return session.scalar(
        select(CollectionRun)
        .where(CollectionRun.epoch_id == epoch.id, CollectionRun.state == JobState.DONE)
        .order_by(CollectionRun.id.desc())
        .limit(1)
    )


def start_run(
    session: Session, engagement: Engagement, epoch: Epoch, *, partial: bool
) -> CollectionRun:
    """Queue a collection; its bounds are fixed here, so that they do not move while it is paged."""
    supersede(session, epoch)
    moment = now().replace(microsecond=0)
    since, until = window(engagement, moment)
    run = CollectionRun(
        handle=new_handle(),
        epoch_id=epoch.id,
        state=JobState.QUEUED,
        since=since,
        until=until,
        as_of=max(moment, until),
        queued_at=moment,
        partial=partial,
    )
    session.add(run)
    session.flush()  # the caller enqueues its handle
    return run


def window(engagement: Engagement, moment: datetime) -> tuple[datetime, datetime]:
    """The engagement's window: as typed, else the 90 days before ``moment``."""
    if engagement.since is not None and engagement.until is not None:
        return engagement.since, engagement.until
    return moment - DEFAULT_WINDOW, moment
