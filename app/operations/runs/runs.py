"""?"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models import (
    CollectionRun,
    Engagement,
    Epoch,
    new_handle,
)

DEFAULT_WINDOW = timedelta(days=90)


SUPERSEDED = "superseded"
"""A newer run has taken its place."""


def supersede(session: Session, epoch: Epoch) -> None:
    """End every run of the epoch that is not at its end; whoever works on one has lost it.

    Two at once would mark each other's records as deleted, and the older one may read what is no
    longer allowed.
    """
    session.execute(
        update(CollectionRun)
        .where(CollectionRun.epoch_id == epoch.id, CollectionRun.state.in_(("queued", "running")))
        .values(state="failed", code=SUPERSEDED, lease_owner=None, lease_until=None)
    )


def requeue(run: CollectionRun) -> None:
    """Queue a run again; whoever still worked on it has lost it."""
    run.state, run.code, run.attempts, run.queued_at = "queued", None, 0, now()
    run.not_before = run.away_since = None
    run.release_lease()


def latest_run(session: Session, epoch: Epoch, *, lock: bool = False) -> CollectionRun | None:
    """The newest collection of an epoch; locked by whoever means to change it."""
    newest = (
        select(CollectionRun)
        .where(CollectionRun.epoch_id == epoch.id)
        .order_by(CollectionRun.id.desc())
        .limit(1)
    )
    return session.scalar(newest.with_for_update() if lock else newest)


def start_run(
    session: Session, engagement: Engagement, epoch: Epoch, *, partial: bool
) -> CollectionRun:
    """Queue a collection; its bounds are fixed here, so that paging cannot shift under it."""
    supersede(session, epoch)
    moment = now().replace(microsecond=0)
    since, until = window(engagement, moment)
    run = CollectionRun(
        handle=new_handle(),
        epoch_id=epoch.id,
        state="queued",
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
