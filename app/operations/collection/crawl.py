"""Crawl: several requests of one run under way, their answers stored in order."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import TypeVar

from sqlalchemy import select

from app.core.errors import Busy, CollectionStopped, LeaseLost
from app.extensions import bound, db
from app.models import Window, WindowObject, WindowState
from app.operations.collection.frontier import Asks, Frontier
from app.operations.collection.held_run import Held, sign_of_life
from app.operations.collection.list_requests import ListAsks
from app.operations.collection.misses import blame, miss
from app.operations.collection.object_requests import ObjectAsks
from app.operations.collection.pages import close, count_objects, goes_on, land
from app.operations.collection.request import Ask, Outcome
from app.operations.deletion.alarms import stopped
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

Answer = TypeVar("Answer")
_FATAL = (CircuitOpen, EgressRefused, TokenRejected)
"""What ends the run, not just one window."""
_LAST_SECONDS = 5.0
"""How long a process that was asked to end waits for the pages under way."""
_BUSY_TRIES = 10
_BUSY_SECONDS = 0.3


class Crawl:
    """One run's windows until none is open.

    Raises CollectorError, CollectionStopped, EpochClosed, LeaseLost.
    """

    def __init__(self, held: Held, client: PagerDutyClient, stopped: threading.Event) -> None:
        self._held = held
        self._client = client
        self._stopped = stopped
        self._in_flight = bound.config.requests_in_flight
        self._frontier = Frontier(self._in_flight)
        self._flight: dict[Future[Outcome], Ask] = {}
        self._beat = bound.config.lease_seconds / 6
        self._kept = time.monotonic()
        self._heeded = time.monotonic()
        self._give_up_at = 0.0

    def run(self) -> bool:
        """Until every window is done, cut or absent; False where this process is to end before."""
        pool = ThreadPoolExecutor(self._in_flight, thread_name_prefix="request")
        self._sync()
        try:
            while self._step(pool):
                pass
            return not stopping.asked
        finally:
            # Whoever still waits for an answer stops at its next sign of life.
            self._stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _step(self, pool: ThreadPoolExecutor) -> bool:
        if stopping.asked and self._over():
            return False
        self._ask_more(pool)
        self._note_objects()
        closed = self._close_objects()
        if not self._flight:
            return closed
        patience = 1.0 if stopping.asked else self._beat
        answered, _ = wait(self._flight, timeout=patience, return_when=FIRST_COMPLETED)
        for future in answered:
            self._frontier.arrived(self._flight[future], self._outcome(future))
            del self._flight[future]
        while (found := self._frontier.ready()) is not None:
            self._store(*found)
        self._keep_lease()
        self._heed()
        return True

    def _ask_more(self, pool: ThreadPoolExecutor) -> None:
        while (
            not stopping.asked
            and len(self._flight) < self._in_flight
            and (ask := self._frontier.next()) is not None
        ):
            self._flight[pool.submit(self._fetch, ask)] = ask

    def _over(self) -> bool:
        """Whether what is under way came, or has had its time."""
        self._give_up_at = self._give_up_at or time.monotonic() + _LAST_SECONDS
        return not self._flight or time.monotonic() > self._give_up_at

    def _outcome(self, future: Future[Outcome]) -> Outcome:
        try:
            return future.result()
        except CircuitOpen:
            # PagerDuty may be away, or one endpoint of it: a window that is always there when
            # the circuit opens is cut after some tries.
            _patiently(partial(blame, self._held, {a.window_id for a in self._flight.values()}))
            raise

    def _fetch(self, ask: Ask) -> Outcome:
        """In a thread of the pool: errors of one window are answers, all others are raised."""
        try:
            return _patiently(partial(self._ask, ask))
        except _FATAL:
            raise
        except CollectorError as error:
            return error

    def _ask(self, ask: Ask) -> Page:
        if self._stopped.is_set():
            raise LeaseLost
        if ask.listing:
            return self._client.ids(ask.resource, ask.query())
        return self._client.page(ask.resource, ask.query(), ask.owner)

    def _store(self, task: Asks, ask: Ask, outcome: Outcome) -> None:
        if isinstance(outcome, CollectorError):
            moved = self._missed(task, ask, outcome)
        elif ask.listing and isinstance(task, ObjectAsks):
            task.listed(ask, outcome)
            return
        else:
            moved = _patiently(partial(land, self._held, task, ask, outcome))
            self._learn(task, ask, outcome)
        self._kept = time.monotonic()
        if moved or task.finished:
            self._sync()

    def _learn(self, task: Asks, ask: Ask, page: Page) -> None:
        if isinstance(task, ObjectAsks):
            if goes_on(ask, page):
                task.more(ask, page.received)
        elif ask.resource.name in PARENTS:
            self._frontier.learn(ask.resource.name, page.ids, first=ask.offset == 0)

    def _missed(self, task: Asks, ask: Ask, error: CollectorError) -> bool:
        rendered = ask.resource.span is Span.RENDERED and isinstance(error, Unreachable)
        heavy = rendered or isinstance(error, TooLarge)
        if heavy and isinstance(task, ListAsks) and task.halve():
            return False
        failures = task.window.failures
        moved = _patiently(partial(miss, self._held, task, ask, error))
        if not moved and task.window.failures > failures:
            if isinstance(task, ObjectAsks):
                task.again(ask)
            self._frontier.postpone(ask.window_id)
        return moved

    def _note_objects(self) -> None:
        for task in self._frontier.tasks:
            if isinstance(task, ObjectAsks) and task.objects != task.window.objects:
                _patiently(partial(count_objects, self._held, task))

    def _close_objects(self) -> bool:
        exhausted = [
            task for task in self._frontier.tasks if isinstance(task, ObjectAsks) and task.exhausted
        ]
        for task in exhausted:
            _patiently(partial(close, self._held, task))
        if exhausted:
            self._sync()
        return bool(exhausted)

    def _keep_lease(self) -> None:
        """A lost lease or a closed epoch stops the run, even while nothing is stored."""
        if time.monotonic() - self._kept < self._beat:
            return
        _patiently(partial(sign_of_life, self._held))
        self._kept = time.monotonic()

    def _heed(self) -> None:
        """Stop where a deletion has become overdue. Raises CollectionStopped."""
        if time.monotonic() - self._heeded < bound.config.sweep_seconds:
            return
        self._heeded = time.monotonic()
        with db.read() as session:
            if stopped(session):
                raise CollectionStopped

    def _sync(self) -> None:
        with db.read() as session:
            windows = session.scalars(
                select(Window)
                .where(Window.run_id == self._held.run_id, Window.state == WindowState.OPEN)
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


def _patiently(work: Callable[[], Answer]) -> Answer:
    """Try again while the database is busy: an answer that is here must not be lost."""
    for _ in range(_BUSY_TRIES):
        try:
            return work()
        except Busy:
            time.sleep(_BUSY_SECONDS)
    return work()
