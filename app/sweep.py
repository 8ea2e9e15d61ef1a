"""The sweeper: tasks that depend on the time, from the database alone.

It finds what Redis or a dead worker lost, and finishes due purges itself.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from app.access.sessions import end_expired
from app.core.clock import now
from app.core.logs import Event, contained, event
from app.extensions import bound, db, keystore, queues
from app.models import (
    ACTIVE,
    Assessment,
    CollectionRun,
    Connection,
    Engagement,
    Epoch,
    Heartbeat,
    Purge,
)
from app.operations.accounts import firms
from app.operations.collection import refresh
from app.operations.deletion import retention
from app.operations.deletion.alarms import Watch, stopped
from app.operations.deletion.purge import due, purge
from app.operations.transactions.db_clock import note_time
from app.operations.transactions.hung_sessions import end_hung
from app.operations.transactions.lease import expired, free, not_delayed
from app.queues import Job

NAME = "sweeper"
_ORPHAN_SECONDS = 3600.0
BEAT_SECONDS = 5.0
_watch = Watch()


class _Pace:
    """When this process last noted the time, by the monotonic clock."""

    noted = time.monotonic()


def beat() -> None:
    """Note that the sweeper is alive, and the time."""
    passed = time.monotonic() - _Pace.noted
    with db.write() as session:
        session.merge(Heartbeat(name=NAME, seen_at=now()))
        note_time(session, timedelta(seconds=passed))
    _Pace.noted += passed


@contextmanager
def beating() -> Iterator[None]:
    """Send heartbeats during a long deletion, and end hung sessions."""
    done = threading.Event()

    def go_on() -> None:
        while not done.wait(BEAT_SECONDS):
            for task in (beat, end_hung):
                with contained(Event.SWEEP_FAILED):
                    task()

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def requeue(
    table: type[CollectionRun] | type[Assessment], job: Job, *conditions: ColumnElement[bool]
) -> None:
    """Queue again what has no lease."""
    with db.read() as session:
        handles = session.scalars(
            select(table.handle)
            .join(Epoch, Epoch.id == table.epoch_id)
            .where(
                table.state.in_(ACTIVE),
                free(table),
                Epoch.closed_at.is_(None),
                *conditions,
            )
        ).all()
    for handle in handles:
        if queues.enqueue(job, handle):
            event(Event.REQUEUED, job=job, id=handle)


def requeue_runs() -> None:
    """Collections whose worker died, whose job was lost, or that PagerDuty did not respond to."""
    if not _stopped():
        requeue(CollectionRun, Job.COLLECT, not_delayed())


def start_refreshes() -> None:
    """Start the refreshes that are due, unless an overdue purge forbids it."""
    with db.read() as session:
        handles = [] if stopped(session) else refresh.due(session)
    for handle in handles:
        with db.write() as session:
            engagement = session.scalars(
                select(Engagement).where(Engagement.handle == handle)
            ).one()
            run = refresh.refresh(session, engagement)
        if run is not None and queues.enqueue(Job.COLLECT, run.handle):
            event(Event.REFRESH_STARTED, run=run.handle)


def requeue_assessments() -> None:
    """Assessments whose worker died or whose job was lost.

    One that was queued since the last sweep is on its way to a worker.
    """
    moment, way = now(), timedelta(seconds=bound.config.sweep_seconds)
    requeue(Assessment, Job.ASSESS, expired(Assessment.queued_at, moment - way, way))


def _stopped() -> bool:
    with db.read() as session:
        return stopped(session)


def finish_purges(head_start: timedelta | None = None) -> None:
    """Finish every purge that its job has not finished."""
    with db.read() as session:
        handles = due(
            session, bound.config.deadlines.purge_head_start if head_start is None else head_start
        )
    for handle in handles:
        with contained(Event.SWEEP_FAILED, purge=handle), beating():
            purge(handle)


def check_grants() -> None:
    """Queue a check for every connection that was not checked within the hour."""
    due = now() - timedelta(seconds=bound.config.check_seconds)
    with db.read() as session:
        handles = session.scalars(
            select(Connection.handle)
            .join(Epoch, Epoch.connection_id == Connection.id)
            .where(
                Epoch.closed_at.is_(None), Connection.lost_at.is_(None), Connection.checked_at < due
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


TASKS: tuple[Callable[[], object], ...] = (
    end_hung,
    beat,
    retention.close_due_epochs,
    finish_purges,
    firms.remove_firms,
    _watch.look,
    start_refreshes,
    requeue_runs,
    requeue_assessments,
    check_grants,
    end_expired,
    tidy_keys,
)


def sweep_once() -> bool:
    """Every task once; one that fails does not stop the others."""
    done = 0
    for number, task in enumerate(TASKS):
        with contained(Event.SWEEP_FAILED, duty=number):
            task()
            done += 1
    return done == len(TASKS)


def sweep(stop: threading.Event) -> None:
    """Sweep until ``stop`` is set."""
    while not stop.is_set():
        sweep_once()
        stop.wait(bound.config.sweep_seconds)
