"""The sweeper: what must happen by the clock, from the database alone.

Whatever Redis or a dead worker lost is found again here; due purges are finished right here.
"""

import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from app.clock import now
from app.extensions import bound, db, keystore, queues
from app.logs import Event, event
from app.models import (
    Assessment,
    CollectionRun,
    Connection,
    Engagement,
    Epoch,
    Heartbeat,
    Purge,
)
from app.operations import refresh
from app.operations.lease import free, over, rested
from app.operations.purge import purge
from app.queues import Job
from app.web_sessions import end_expired

NAME = "sweeper"
_ORPHAN_SECONDS = 3600.0
_HEAD_START = timedelta(seconds=10)
"""How long a fresh purge is left to its job before the sweeper does it."""


def beat() -> None:
    """Say that the sweeper is alive."""
    with db.write() as session:
        session.merge(Heartbeat(name=NAME, seen_at=now()))


def requeue(
    table: type[CollectionRun] | type[Assessment], job: Job, *conditions: ColumnElement[bool]
) -> None:
    """Put back what nobody works on."""
    with db.read() as session:
        handles = session.scalars(
            select(table.handle)
            .join(Epoch, Epoch.id == table.epoch_id)
            .where(
                table.state.in_(("queued", "running")),
                free(table),
                Epoch.sealed_at.is_(None),
                *conditions,
            )
        ).all()
    for handle in handles:
        if queues.enqueue(job, handle):
            event(Event.REQUEUED, job=job, id=handle)


def requeue_runs() -> None:
    """Collections whose worker died, whose job was lost, or that PagerDuty's silence put off."""
    requeue(CollectionRun, Job.COLLECT, rested())


def start_refreshes() -> None:
    """Refresh what its engagement's rhythm says is due."""
    with db.read() as session:
        handles = refresh.due(session)
    for handle in handles:
        with db.write() as session:
            engagement = session.scalars(
                select(Engagement).where(Engagement.handle == handle)
            ).one()
            run = refresh.refresh(session, engagement)
        if run is not None and queues.enqueue(Job.COLLECT, run.handle):
            event(Event.REFRESH_STARTED, run=run.handle)


def requeue_assessments() -> None:
    """Assessments whose worker died or whose job was lost."""
    requeue(Assessment, Job.ASSESS)


def finish_purges(head_start: timedelta = _HEAD_START) -> None:
    """Do every purge that its job has not done."""
    with db.read() as session:
        handles = session.scalars(
            select(Purge.handle).where(
                Purge.state == "sealed",
                over(Purge.requested_at, now() - head_start, head_start),
                free(Purge),
            )
        ).all()
    for handle in handles:
        try:
            purge(handle)
        except Exception as error:  # noqa: BLE001 - the others must not wait for this one
            event(Event.SWEEP_FAILED, error=error, purge=handle)


def check_grants() -> None:
    """Queue a check for every connection not asked within the hour."""
    due = now() - timedelta(seconds=bound.config.check_seconds)
    with db.read() as session:
        handles = session.scalars(
            select(Connection.handle)
            .join(Epoch, Epoch.connection_id == Connection.id)
            .where(
                Epoch.sealed_at.is_(None), Connection.lost_at.is_(None), Connection.checked_at < due
            )
        ).all()
    for handle in handles:
        queues.enqueue(Job.CHECK, handle)


def tidy_keys() -> None:
    """Destroy keys without an epoch: a connect that was rolled back left them."""
    with db.read() as session:
        epochs = session.scalars(select(Epoch.handle)).all()
        purged = session.scalars(select(Purge.epoch_handle)).all()
    for handle in keystore.old_handles(_ORPHAN_SECONDS):
        if handle not in {*epochs, *purged}:
            keystore.destroy(handle)


DUTIES: tuple[Callable[[], None], ...] = (
    beat,
    finish_purges,
    start_refreshes,
    requeue_runs,
    requeue_assessments,
    check_grants,
    end_expired,
    tidy_keys,
)


def sweep_once() -> bool:
    """Every duty once; one that fails does not keep the others from their turn."""
    clean = True
    for duty in DUTIES:
        try:
            duty()
        except Exception as error:  # noqa: BLE001 - a purge must not wait for another duty's trouble
            clean = False
            event(Event.SWEEP_FAILED, error=error, duty=DUTIES.index(duty))
    return clean


def sweep(stop: threading.Event) -> None:
    """Sweep until told to stop."""
    while not stop.is_set():
        sweep_once()
        stop.wait(bound.config.sweep_seconds)
