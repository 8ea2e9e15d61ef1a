"""Collect: every window of a run, page by page; a page and its progress are one transaction."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.clock import now
from app.errors import EpochSealed, LeaseLost
from app.extensions import bound, db, keystore, rest_session
from app.keystore import KeyMissing
from app.logs import Event, event
from app.models import Assessment, CollectionRun, Connection, Epoch, Window, new_handle
from app.operations.failures import DATABASE_AWAY, GAVE_UP, INTERNAL, MOST_ATTEMPTS
from app.operations.fence import hold_open
from app.operations.lease import claim, keep, new_owner
from app.operations.lost import mark_lost
from app.operations.store import store_page
from app.operations.tokens import StoredTokens
from app.operations.windows import RESOURCES, advance, plan, query, split
from collectors.client import PagerDutyClient
from collectors.errors import CollectorError, NotAvailable, TokenRejected
from collectors.pseudonyms import Pseudonyms


@dataclass(frozen=True, slots=True)
class _Work:
    run_id: int
    run_handle: str
    epoch_id: bytes
    epoch_handle: str
    owner: str
    region: str
    connected_at: datetime


class _Pulse:
    """Keeps the lease while the client waits; a lost lease or a sealed epoch stops it."""

    def __init__(self, work: _Work) -> None:
        self._work = work
        self._every = bound.config.lease_seconds / 6
        self._last = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._last < self._every:
            return
        self._last = time.monotonic()
        with db.write() as session:
            hold_open(session, self._work.epoch_id)
            keep(session, CollectionRun, self._work.run_id, self._work.owner)


def collect(handle: str) -> str | None:
    """Work on a run until it is done, failed or somebody else's.

    Returns the handle of the assessment that is due, if the run is done.
    """
    work = _begin(handle)
    if work is None:
        return None
    event(Event.RUN_STARTED, run=handle)
    try:
        return _collect(work)
    except (EpochSealed, LeaseLost):
        return None
    except CollectorError as error:
        code = error.code
    except KeyMissing:
        code = "key_missing"
    except DATABASE_AWAY:
        raise
    except Exception:
        # Whatever it was, the card must say that the run stopped.
        _fail(work, INTERNAL)
        raise
    _fail(work, code)
    return None


def _begin(handle: str) -> _Work | None:
    owner = new_owner()
    with db.write() as session:
        run = session.scalar(select(CollectionRun).where(CollectionRun.handle == handle))
        if run is None or run.state not in {"queued", "running"}:
            return None
        epoch = session.get_one(Epoch, run.epoch_id)
        if epoch.sealed_at is not None or not claim(session, CollectionRun, run.id, owner):
            return None
        connection = session.get_one(Connection, epoch.connection_id)
        session.refresh(run)
        if run.attempts > MOST_ATTEMPTS:
            run.state, run.code, run.attempts = "failed", GAVE_UP, 0
            return None
        run.state, run.started_at = "running", run.started_at or now()
        plan(session, run)
        return _Work(
            run.id,
            handle,
            epoch.id,
            epoch.handle,
            owner,
            connection.region,
            connection.connected_at,
        )


def _collect(work: _Work) -> str:
    with rest_session() as http:
        client = PagerDutyClient(
            http,
            bound.config.regions[work.region],
            StoredTokens(work.epoch_id, work.epoch_handle),
            Pseudonyms(keystore.read(work.epoch_handle).pseudonym),
            pulse=_Pulse(work),
        )
        while (window := _next_window(work)) is not None:
            _page(work, client, window)
    return _finish(work, client)


def _next_window(work: _Work) -> Window | None:
    with db.read() as session:
        return session.scalar(
            select(Window)
            .where(Window.run_id == work.run_id, Window.state == "open")
            .order_by(Window.id)
            .limit(1)
        )


def _page(work: _Work, client: PagerDutyClient, window: Window) -> None:
    resource = RESOURCES[window.resource]
    try:
        page = client.page(resource, query(window))
    except NotAvailable:
        page = None
    with db.write() as session:
        hold_open(session, work.epoch_id)
        keep(session, CollectionRun, work.run_id, work.owner)
        row = session.get_one(Window, window.id)
        if page is None:
            row.state = "absent"
        elif not split(session, row, page):
            stored, duplicate = store_page(session, resource, work.epoch_id, work.run_id, page)
            advance(row, page, stored, duplicate)
        run = session.get_one(CollectionRun, work.run_id)
        run.attempts = 1
        _count_requests(run, client)


def _count_requests(run: CollectionRun, client: PagerDutyClient) -> None:
    run.requests += client.counters.requests
    run.rate_limited += client.counters.rate_limited
    client.counters.requests = client.counters.rate_limited = 0


def _finish(work: _Work, client: PagerDutyClient) -> str:
    with db.write() as session:
        hold_open(session, work.epoch_id)
        keep(session, CollectionRun, work.run_id, work.owner)
        run = session.get_one(CollectionRun, work.run_id)
        _count_requests(run, client)
        run.state, run.finished_at, run.code = "done", now(), None
        run.lease_owner = run.lease_until = None
        assessment = Assessment(
            handle=new_handle(),
            epoch_id=work.epoch_id,
            run_id=work.run_id,
            state="queued",
            queued_at=now(),
        )
        session.add(assessment)
        session.flush()  # its handle is the next job
        event(Event.RUN_FINISHED, run=work.run_handle, requests=run.requests)
        return assessment.handle


def _fail(work: _Work, code: str) -> None:
    with suppress(EpochSealed, LeaseLost), db.write() as session:
        hold_open(session, work.epoch_id)
        if code == TokenRejected.code:
            mark_lost(session, work.epoch_id, "revoked", work.connected_at)
        keep(session, CollectionRun, work.run_id, work.owner)
        run = session.get_one(CollectionRun, work.run_id)
        run.state, run.code = "failed", code
        run.lease_owner = run.lease_until = None
        run.attempts = 0
    event(Event.RUN_FAILED, run=work.run_handle)
