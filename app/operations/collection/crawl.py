"""Crawl: several requests of one run in flight, their responses stored in order."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial

from sqlalchemy import select

from app.core.errors import Busy, CollectionStopped, LeaseLost
from app.extensions import bound, db
from app.models import Window, WindowObject, WindowState
from app.operations.collection.failed_requests import count_failures, record_failure
from app.operations.collection.frontier import Frontier, Task
from app.operations.collection.list_requests import ListRequests
from app.operations.collection.object_requests import ObjectRequests
from app.operations.collection.pages import close_window, count_objects, has_more, store_response
from app.operations.collection.request import Outcome, WindowRequest
from app.operations.collection.run_lease import RunLease
from app.operations.deletion.alarms import stopped
from app.operations.transactions.retry import Result, retried
from app.queues import stopping
from collectors.client.client import PagerDutyClient
from collectors.decode import Page
from collectors.errors import (
    CircuitOpen,
    CollectorError,
    EgressRefused,
    TokenRejected,
    TooLarge,
    Unreachable,
)
from collectors.manifest import PARENTS
from collectors.resource import Span

_FATAL = (CircuitOpen, EgressRefused, TokenRejected)
"""What ends the run, not just one window."""
_LAST_SECONDS = 5.0
"""How long a process that has to stop waits for the pages in flight."""
_BUSY_SECONDS = 20.0
BUSY_DELAY = 0.3


class Crawl:
    """One run's windows until none is open.

    Raises CollectorError, CollectionStopped, EpochClosed, LeaseLost.
    """

    def __init__(self, lease: RunLease, client: PagerDutyClient, ended: threading.Event) -> None:
        self._lease = lease
        self._client = client
        self._ended = ended
        self._in_flight = bound.config.requests_in_flight
        self._frontier = Frontier(self._in_flight)
        self._requests: dict[Future[Outcome], WindowRequest] = {}
        self._renewal_seconds = bound.config.lease_seconds / 6
        self._renewed_at = time.monotonic()
        self._alarms_read_at = time.monotonic()
        self._give_up_at = 0.0

    def run(self) -> bool:
        """Until every window is done, cut or absent; False if this process has to stop before."""
        pool = ThreadPoolExecutor(self._in_flight, thread_name_prefix="request")
        self._sync()
        try:
            while self._step(pool):
                pass
            return not stopping.requested
        finally:
            # A thread that still waits for a response stops at its next heartbeat.
            self._ended.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _step(self, pool: ThreadPoolExecutor) -> bool:
        if stopping.requested and self._drained():
            return False
        self._send_requests(pool)
        self._note_objects()
        closed = self._close_objects()
        if not self._requests:
            return closed
        timeout = 1.0 if stopping.requested else self._renewal_seconds
        responded, _ = wait(self._requests, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in responded:
            self._frontier.add_response(self._requests[future], self._outcome(future))
            del self._requests[future]
        while (found := self._frontier.ready()) is not None:
            self._store(*found)
        self._renew_lease()
        self._check_alarms()
        return True

    def _send_requests(self, pool: ThreadPoolExecutor) -> None:
        while (
            not stopping.requested
            and len(self._requests) < self._in_flight
            and (request := self._frontier.next()) is not None
        ):
            self._requests[pool.submit(self._fetch, request)] = request

    def _drained(self) -> bool:
        """Whether no request is in flight, or the deadline of those in flight is over."""
        self._give_up_at = self._give_up_at or time.monotonic() + _LAST_SECONDS
        return not self._requests or time.monotonic() > self._give_up_at

    def _outcome(self, future: Future[Outcome]) -> Outcome:
        try:
            return future.result()
        except CircuitOpen:
            # PagerDuty may be unavailable, or one endpoint of it: a window that is in flight each
            # time the circuit opens is cut after some attempts.
            _retried(
                partial(
                    count_failures,
                    self._lease,
                    {each.window_id for each in self._requests.values()},
                )
            )
            raise

    def _fetch(self, request: WindowRequest) -> Outcome:
        """In a thread of the pool: errors of one window are outcomes, all others are raised."""
        try:
            return _retried(partial(self._request, request))
        except _FATAL:
            raise
        except CollectorError as error:
            return error

    def _request(self, request: WindowRequest) -> Page:
        if self._ended.is_set():
            raise LeaseLost
        if request.listing:
            return self._client.ids(request.resource, request.query())
        return self._client.page(request.resource, request.query(), request.owner)

    def _store(self, task: Task, request: WindowRequest, outcome: Outcome) -> None:
        if isinstance(outcome, CollectorError):
            moved = self._failed(task, request, outcome)
        elif request.listing and isinstance(task, ObjectRequests):
            task.add_parent_page(request, outcome)
            return
        else:
            moved = _retried(partial(store_response, self._lease, task, request, outcome))
            self._follow_up(task, request, outcome)
        self._renewed_at = time.monotonic()
        if moved or task.finished:
            self._sync()

    def _follow_up(self, task: Task, request: WindowRequest, page: Page) -> None:
        if isinstance(task, ObjectRequests):
            if has_more(request, page):
                task.add_page(request, page.received)
        elif request.resource.name in PARENTS:
            self._frontier.add_ids(request.resource.name, page.ids, first=request.offset == 0)

    def _failed(self, task: Task, request: WindowRequest, error: CollectorError) -> bool:
        rendered = request.resource.span is Span.RENDERED and isinstance(error, Unreachable)
        heavy = rendered or isinstance(error, TooLarge)
        if heavy and isinstance(task, ListRequests) and task.halve():
            return False
        failures = task.window.failures
        moved = _retried(partial(record_failure, self._lease, task, request, error))
        if not moved and task.window.failures > failures:
            if isinstance(task, ObjectRequests):
                task.retry(request)
            self._frontier.postpone(request.window_id)
        return moved

    def _note_objects(self) -> None:
        for task in self._frontier.tasks:
            if isinstance(task, ObjectRequests) and task.objects != task.window.objects:
                _retried(partial(count_objects, self._lease, task))

    def _close_objects(self) -> bool:
        exhausted = [
            task
            for task in self._frontier.tasks
            if isinstance(task, ObjectRequests) and task.exhausted
        ]
        for task in exhausted:
            _retried(partial(close_window, self._lease, task))
        if exhausted:
            self._sync()
        return bool(exhausted)

    def _renew_lease(self) -> None:
        """A lost lease or a closed epoch stops the run, even while nothing is stored."""
        if time.monotonic() - self._renewed_at < self._renewal_seconds:
            return
        _retried(self._lease.renew)
        self._renewed_at = time.monotonic()

    def _check_alarms(self) -> None:
        """Stop where a deletion has become overdue. Raises CollectionStopped."""
        if time.monotonic() - self._alarms_read_at < bound.config.sweep_seconds:
            return
        self._alarms_read_at = time.monotonic()
        with db.read() as session:
            if stopped(session):
                raise CollectionStopped

    def _sync(self) -> None:
        with db.read() as session:
            windows = session.scalars(
                select(Window)
                .where(Window.run_id == self._lease.run_id, Window.state == WindowState.OPEN)
                .order_by(Window.id)
            ).all()
            done: dict[int, set[bytes]] = {}
            for window_id, key in session.execute(
                select(WindowObject.window_id, WindowObject.object).where(
                    WindowObject.window_id.in_([window.id for window in windows])
                )
            ):
                done.setdefault(window_id, set()).add(key)
        self._frontier.sync(windows, done)


def _retried(work: Callable[[], Result]) -> Result:
    """Retry while the database is busy: a response that has arrived must not be lost."""
    return retried(work, (Busy,), seconds=_BUSY_SECONDS, delay=BUSY_DELAY)
