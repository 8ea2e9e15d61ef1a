"""Collect: one run from its plan to its end; after any interruption the next worker resumes it."""

import threading
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.crash_points import CrashPoint, reach
from app.core.errors import CollectionStopped, EpochClosed, LeaseLost
from app.core.logs import Event, event
from app.extensions import bound, db, keystore, rest_session
from app.keystore import KeyMissing
from app.models import ACTIVE, Budget, CollectionRun, Connection, Epoch, FailureCode, JobState
from app.operations.assessments.assess import queue_assessment
from app.operations.collection.crawl import Crawl
from app.operations.collection.run_lease import RunLease
from app.operations.collection.settle import note_authorizer, settle
from app.operations.deletion.alarms import stopped
from app.operations.grant.limiter import SharedLimiter
from app.operations.grant.lost_grant import mark_lost
from app.operations.grant.requests_made import note_rest
from app.operations.grant.tokens import StoredTokens
from app.operations.runs.plan import plan
from app.operations.runs.progress import records_read
from app.operations.transactions.failures import MOST_ATTEMPTS, recorded
from app.operations.transactions.fence import lock_open_epoch
from app.operations.transactions.lease import claim, delayed, new_owner
from collectors.client.client import PagerDutyClient
from collectors.errors import CircuitOpen, CollectorError, TokenRejected
from collectors.manifest import manifest_hash
from collectors.pseudonyms import Pseudonyms
from collectors.resources.abilities import ABILITIES

_LONGEST_OUTAGE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Work:
    lease: RunLease
    run_handle: str
    epoch_handle: str
    extensions: tuple[str, ...]
    region: str
    connected_at: datetime
    was_unavailable: bool


def collect(handle: str) -> str | None:
    """Work on a run until it is done, failed, delayed or the lease is lost.

    Returns the handle of the assessment that is due, if the run is done.
    """
    work = _begin(handle)
    if work is None:
        return None
    event(Event.RUN_STARTED, run=handle)
    reach(CrashPoint.RUN_BEGUN)
    try:
        with recorded(partial(_fail, work, FailureCode.INTERNAL)):
            return _run(work)
    finally:
        note_rest(work.lease.epoch_id, work.lease.counters.calls)


def _run(work: _Work) -> str | None:
    try:
        if not _crawl(work):
            _release(work)
            return None
        return _finish(work)
    except (EpochClosed, LeaseLost):
        return None
    except CircuitOpen as error:
        retry_in, code = error.retry_after, error.code
    except TokenRejected as error:
        retry_in, code = None, error.code
        # In its own transaction: a disconnect locks the connection, too, before the epoch.
        with db.write() as session:
            mark_lost(session, work.lease.epoch_id, error.loss, work.connected_at)
    except CollectorError as error:
        retry_in, code = None, error.code
    except KeyMissing:
        retry_in, code = None, FailureCode.KEY_MISSING
    if retry_in is None or not _delay(work, retry_in):
        _fail(work, code)
    return None


def _begin(handle: str) -> _Work | None:
    owner = new_owner()
    with suppress(EpochClosed), db.write() as session:
        run = _waiting(session, handle)
        if run is None:
            return None
        lock_open_epoch(session, run.epoch_id)
        if not claim(session, CollectionRun, run.id, owner):
            return None
        epoch = session.get_one(Epoch, run.epoch_id)
        connection = session.get_one(Connection, epoch.connection_id)
        session.refresh(run)
        stop = _refusal(run, epoch)
        if stop is not None:
            run.state, run.code, run.attempts = JobState.FAILED, stop, 0
            run.release_lease()
            return None
        run.state, run.started_at = JobState.RUNNING, run.started_at or now()
        extensions = tuple(epoch.extensions.split())
        plan(session, run, extensions)
        # Requests that a killed worker had in flight are never settled.
        session.execute(update(Budget).where(Budget.epoch_id == epoch.id).values(tried=0))
        run.resumed_at, run.resumed_requests = now(), run.requests
        run.resumed_records = records_read(session, run)
        return _Work(
            lease=RunLease(run.id, epoch.id, owner),
            run_handle=handle,
            epoch_handle=epoch.handle,
            extensions=extensions,
            region=connection.region,
            connected_at=connection.connected_at,
            was_unavailable=run.away_since is not None,
        )
    return None


def _waiting(session: Session, handle: str) -> CollectionRun | None:
    """The run, if it may be worked on now."""
    if stopped(session):
        # It stays queued; the sweeper queues its job again when no purge is overdue any more.
        return None
    run = session.scalar(select(CollectionRun).where(CollectionRun.handle == handle))
    if run is None or run.state not in ACTIVE or delayed(run):
        return None
    return run


def _refusal(run: CollectionRun, epoch: Epoch) -> str | None:
    if epoch.allow_list_hash != bytes.fromhex(manifest_hash()):
        return FailureCode.ALLOW_LIST_CHANGED
    return FailureCode.GAVE_UP if run.attempts > MOST_ATTEMPTS else None


def _crawl(work: _Work) -> bool:
    ended = threading.Event()

    def heartbeat() -> None:
        if ended.is_set():
            raise LeaseLost

    counters = work.lease.counters
    with (
        closing(SharedLimiter(work.lease.epoch_id)) as limiter,
        PagerDutyClient(
            lambda: rest_session(work.extensions),
            bound.config.regions[work.region],
            StoredTokens(work.lease.epoch_id, work.epoch_handle, counters.calls),
            Pseudonyms(keystore.read(work.epoch_handle).pseudonym),
            limiter,
            heartbeat=heartbeat,
            counters=counters,
        ) as client,
    ):
        if work.was_unavailable:
            # It shows whether PagerDuty is unavailable, or one endpoint of it.
            client.probe(ABILITIES)
        with suppress(CollectionStopped):
            return Crawl(work.lease, client, ended).run()
        return False


def _release(work: _Work) -> None:
    """This process or every collection has to stop: another worker may resume afterwards."""
    with work.lease.transaction() as (_, run):
        run.release_lease()


def _finish(work: _Work) -> str:
    with db.write() as session:
        note_authorizer(session, session.get_one(CollectionRun, work.lease.run_id))
    with work.lease.transaction(long=True) as (session, run):
        settle(session, run)
        run.state, run.finished_at, run.code = JobState.DONE, now(), None
        run.release_lease()
        event(Event.RUN_FINISHED, run=work.run_handle, requests=run.requests)
        assessment = queue_assessment(session, run)
    reach(CrashPoint.RUN_FINISHED)
    return assessment


def _delay(work: _Work, seconds: float) -> bool:
    """Delay the run; False after a day without a response."""
    with suppress(EpochClosed, LeaseLost), work.lease.transaction() as (_, run):
        run.away_since = run.away_since or now()
        if now() - run.away_since > _LONGEST_OUTAGE:
            return False
        run.state, run.not_before = JobState.QUEUED, now() + timedelta(seconds=seconds)
        run.release_lease()
        run.attempts = 0
        event(Event.RUN_PUT_OFF, run=work.run_handle, seconds=round(seconds, 1))
    return True


def _fail(work: _Work, code: str) -> None:
    with suppress(EpochClosed, LeaseLost), work.lease.transaction() as (_, run):
        run.state, run.code = JobState.FAILED, code
        run.release_lease()
        run.attempts = 0
    event(Event.RUN_FAILED, run=work.run_handle)
