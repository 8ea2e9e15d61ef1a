"""Refresh: update what is collected, and delete what PagerDuty no longer has."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import BadInput
from app.models import ACTIVE, Assessment, CollectionRun, Connection, Engagement, Epoch, JobState
from app.operations.runs.runs import latest_run, requeue, start_run
from app.operations.transactions.fence import open_epoch

PERIODS = {"daily": timedelta(days=1), "hourly": timedelta(hours=1)}


def set_refresh(engagement: Engagement, word: str) -> None:
    """Set how often to refresh: off, daily or hourly. Raises BadInput."""
    if word not in {"off", *PERIODS}:
        raise BadInput("There is no such refresh rhythm", "Choose off, daily or hourly.")
    engagement.refresh = word


def refresh(session: Session, engagement: Engagement) -> CollectionRun | None:
    """Queue a refresh of the last run, or that run again if it failed; None while one is due."""
    connection = session.scalar(
        # A connect locks this row as well: of two at once, the second sees the result of the first.
        select(Connection).where(Connection.engagement_id == engagement.id).with_for_update()
    )
    epoch = open_epoch(session, engagement.id)
    if connection is None or connection.lost_at is not None or epoch is None:
        return None
    run = latest_run(session, epoch, lock=True)
    if run is None or run.state in ACTIVE or _assessing(session, run):
        return None
    if run.state == JobState.FAILED:
        requeue(run)
        return run
    fresh = start_run(session, engagement, epoch, partial=connection.partial)
    # A wider window is collected again: the stored records do not cover it.
    if fresh.since >= run.since and fresh.until >= run.until:
        fresh.base_run_id = run.id
    return fresh


def _assessing(session: Session, run: CollectionRun) -> bool:
    """Rows must not change while an assessment with their certificate reads them."""
    waiting = select(Assessment.id).where(Assessment.run_id == run.id, Assessment.state.in_(ACTIVE))
    return session.scalar(waiting.limit(1)) is not None


def due(session: Session) -> list[str]:
    """Handles of the engagements whose refresh is due."""
    found = []
    for engagement, epoch in session.execute(
        select(Engagement, Epoch)
        .join(Connection, Connection.engagement_id == Engagement.id)
        .join(Epoch, Epoch.connection_id == Connection.id)
        .where(Engagement.refresh != "off", Epoch.closed_at.is_(None), Connection.lost_at.is_(None))
    ):
        run = latest_run(session, epoch)
        begins = None if run is None or run.state in ACTIVE else next_refresh(engagement, run)
        if begins is not None and begins <= now():
            found.append(engagement.handle)
    return found


def next_refresh(engagement: Engagement, run: CollectionRun) -> datetime | None:
    """When the engagement's next refresh begins, counted from the start of the last run."""
    period = PERIODS.get(engagement.refresh)
    return None if period is None else run.queued_at + period
