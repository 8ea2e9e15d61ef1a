"""The limiter that every process of one connection shares: its state is in the database."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from app.core.clock import from_microseconds, now, to_microseconds
from app.core.errors import Busy, EpochClosed
from app.extensions import db
from app.models import Budget, Circuit
from app.operations.transactions.failures import DATABASE_UNAVAILABLE
from app.operations.transactions.fence import lock_open_epoch
from app.operations.transactions.upsert import insert_into
from collectors.client.breaker import BreakerState
from collectors.client.budget import SECOND, BudgetState, RateLimit
from collectors.client.retry import jitter

BLOCK = 8
"""Requests granted at once while many are left: a transaction for each would cost more."""
_BLOCK_LIFETIME = SECOND
"""Then the rest is given back: another process may have seen a rate limit."""
_BUSY_TRIES = 5
_BUSY_WAIT = 0.2
_REST = "rest"
_State = TypeVar("_State", BudgetState, BreakerState)
_Table = TypeVar("_Table", Budget, Circuit)


def _now() -> int:
    return to_microseconds(now())


@dataclass(slots=True)
class _Local:
    """What this process knows of one bucket and has not stored yet."""

    granted: int = 0
    granted_until: int = 0
    not_before: int = 0
    responses: int = 0
    rate_limit: RateLimit | None = None
    rate_limit_at: int = 0
    urgent: bool = True
    """Other processes wait for the rate limit of a response, or for a success."""


@dataclass(slots=True)
class _States:
    breaker: BreakerState
    budget: BudgetState
    let_through: int = 0
    """Change of the stored count."""


class SharedLimiter:
    """For one process; safe in its threads. Every method raises EpochClosed after a disconnect."""

    def __init__(self, epoch_id: bytes, clock: Callable[[], int] = _now) -> None:
        self._epoch_id = epoch_id
        self._clock = clock
        self._lock = threading.Lock()
        self._locals: defaultdict[str, _Local] = defaultdict(_Local)

    def admit(self, bucket: str) -> float:
        """See ``collectors.client.rate_limits``."""
        with self._lock:
            mine, moment = self._locals[bucket], self._clock()
            if mine.granted and moment < mine.granted_until:
                mine.granted -= 1
                return 0.0
            if moment < mine.not_before <= moment + 60 * SECOND:
                return (mine.not_before - moment) / SECOND
            try:
                wait = self._take(bucket, mine, moment)
            except Busy:
                return _BUSY_WAIT
            mine.not_before = moment + wait
            return wait / SECOND

    def responded(self, bucket: str, rate_limit: RateLimit | None) -> None:
        """The other processes learn of it with the next request, or at once."""
        with self._lock:
            mine = self._locals[bucket]
            mine.responses += 1
            if rate_limit is not None:
                mine.rate_limit, mine.rate_limit_at = rate_limit, self._clock()
            if mine.urgent:
                self._change(bucket, lambda _: None)

    def limited(self, bucket: str, rate_limit: RateLimit | None) -> None:
        """See ``collectors.client.rate_limits``."""
        with self._lock:
            moment = self._clock()

            def change(states: _States) -> None:
                states.breaker.responded()
                states.budget.limited(rate_limit, moment, jitter())

            self._locals[bucket].not_before = moment + SECOND
            self._change(bucket, change)

    def failed(self, bucket: str) -> None:
        """See ``collectors.client.rate_limits``."""
        with self._lock:
            moment = self._clock()

            def change(states: _States) -> None:
                states.breaker.failed(moment)
                states.budget.failed()

            self._change(bucket, change)

    def unused(self, bucket: str) -> None:
        """See ``collectors.client.rate_limits``."""
        with self._lock:

            def change(states: _States) -> None:
                states.breaker.unused()
                states.budget.unused()
                states.let_through -= 1

            self._change(bucket, change)

    def close(self) -> None:
        """Give back unused requests."""
        # If that fails, the epoch is closed, or a count of requests stays too high.
        with suppress(EpochClosed, *DATABASE_UNAVAILABLE), self._lock:
            for bucket, mine in self._locals.items():
                if mine.granted or mine.responses:
                    self._change(bucket, lambda _: None)

    def _take(self, bucket: str, mine: _Local, moment: int) -> int:
        with self._shared(bucket) as states:
            if wait := states.breaker.wait(moment):
                return wait
            most = BLOCK if states.breaker.calm else 1
            granted, wait = states.budget.take(moment, most)
            if granted:
                states.breaker.begin(moment)
                states.let_through += granted
        mine.granted = max(0, granted - 1)
        # A request of this window may not be used in the next.
        mine.granted_until = min(moment + _BLOCK_LIFETIME, states.budget.resets_at)
        return wait

    def _change(self, bucket: str, change: Callable[[_States], None]) -> None:
        for _ in range(_BUSY_TRIES):
            try:
                with self._shared(bucket) as states:
                    change(states)
            except Busy:
                continue
            break

    @contextmanager
    def _shared(self, bucket: str) -> Iterator[_States]:
        """The locked rows of breaker and budget, with what this process had not stored yet."""
        mine = self._locals[bucket]
        with db.write() as session:
            # First of all rows, as a disconnect and a purge do.
            lock_open_epoch(session, self._epoch_id, key_share=True)
            circuit = _row(session, Circuit, BreakerState(), epoch_id=self._epoch_id)
            budget = _row(session, Budget, BudgetState(), epoch_id=self._epoch_id, bucket=bucket)
            states = _States(_load(BreakerState, circuit), _load(BudgetState, budget))
            self._apply_local(mine, states)
            yield states
            _save(states.breaker, circuit)
            _save(states.budget, budget)
            budget.let_through += states.let_through
        mine.granted, mine.responses, mine.rate_limit, mine.rate_limit_at = 0, 0, None, 0
        mine.urgent = not (states.breaker.calm and states.budget.known)

    def _apply_local(self, mine: _Local, states: _States) -> None:
        if mine.granted:
            states.budget.spare(mine.granted)
            states.let_through -= mine.granted
        if mine.responses:
            states.breaker.responded()
            states.budget.note(mine.rate_limit, mine.rate_limit_at or self._clock(), mine.responses)


def _row(
    session: Session,
    table: type[_Table],
    empty: BudgetState | BreakerState,
    **key: bytes | str,
) -> _Table:
    """The row, locked; inserted empty if there is none yet."""
    found = session.get(table, tuple(key.values()), with_for_update=True)
    if found is None:
        row = insert_into(session, table).values(**key, **asdict(empty))
        session.execute(row.on_conflict_do_nothing())
        found = session.get_one(table, tuple(key.values()), with_for_update=True)
    return found


def _load(kind: type[_State], row: Budget | Circuit) -> _State:
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})


def _save(state: BudgetState | BreakerState, row: Budget | Circuit) -> None:
    for name, value in asdict(state).items():
        setattr(row, name, value)


def requests_left(session: Session, epoch_id: bytes) -> tuple[int, datetime] | None:
    """(requests that may still leave, end of the window); None until PagerDuty stated a limit."""
    row = session.get(Budget, (epoch_id, _REST))
    if row is None or row.ceiling is None:
        return None
    state = _load(BudgetState, row)
    over = _now() >= state.resets_at
    return state.share if over else max(0, state.unspent), from_microseconds(state.resets_at)
