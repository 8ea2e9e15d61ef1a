"""The limiter before every request: one rate limit and one circuit breaker per connection.

A 429 is recognised in ``response``; the pause after it is decided in ``budget``; ``retry`` limits
how often one request is tried.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from collectors.client.breaker import BreakerState
from collectors.client.budget import SECOND, BudgetState, RateLimit
from collectors.client.retry import jitter


class Limiter(Protocol):
    """Shared by all processes that use the token of one connection; safe in several threads.

    Each admitted request is settled once, by one of the other four.
    """

    def admit(self, bucket: str) -> float:
        """0.0: the request may leave now, and is counted; else seconds before the next try.

        Raises CircuitOpen while PagerDuty is given time to recover.
        """

    def responded(self, bucket: str, rate_limit: RateLimit | None) -> None:
        """Any status other than 408, 429 and 5xx."""

    def limited(self, bucket: str, rate_limit: RateLimit | None) -> None:
        """429, with or without headers."""

    def failed(self, bucket: str) -> None:
        """408, 5xx, a reset, a time-out: one failure of the connection's series."""

    def unused(self, bucket: str) -> None:
        """The admitted request never left."""


class Outcome(Enum):
    """Which of the limiter's four settles an admitted request."""

    UNUSED = auto()
    RESPONDED = auto()
    LIMITED = auto()
    FAILED = auto()


@dataclass(slots=True)
class Admission:
    """One request that may leave, and how it ended."""

    outcome: Outcome = Outcome.UNUSED
    rate_limit: RateLimit | None = None


@contextmanager
def admitted(limiter: Limiter, bucket: str) -> Iterator[Admission]:
    """An admission that is settled by its outcome, also when an error ends the attempt."""
    admission = Admission()
    try:
        yield admission
    finally:
        match admission.outcome:
            case Outcome.UNUSED:
                limiter.unused(bucket)
            case Outcome.FAILED:
                limiter.failed(bucket)
            case Outcome.LIMITED:
                limiter.limited(bucket, admission.rate_limit)
            case Outcome.RESPONDED:
                limiter.responded(bucket, admission.rate_limit)


def _monotonic() -> int:
    return time.monotonic_ns() // 1000


class LocalLimiter:
    """In memory: for one process, and a token that no other uses. ``clock``: microseconds."""

    def __init__(self, clock: Callable[[], int] = _monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._breaker = BreakerState()
        self._budgets: defaultdict[str, BudgetState] = defaultdict(BudgetState)

    def admit(self, bucket: str) -> float:
        """See ``Limiter``."""
        with self._lock:
            now = self._clock()
            if wait := self._breaker.wait(now):
                return wait / SECOND
            granted, wait = self._budgets[bucket].take(now)
            if granted:
                self._breaker.begin(now)
            return wait / SECOND

    def responded(self, bucket: str, rate_limit: RateLimit | None) -> None:
        """See ``Limiter``."""
        with self._lock:
            self._breaker.responded()
            self._budgets[bucket].note(rate_limit, self._clock())

    def limited(self, bucket: str, rate_limit: RateLimit | None) -> None:
        """See ``Limiter``."""
        with self._lock:
            self._breaker.responded()
            self._budgets[bucket].limited(rate_limit, self._clock(), jitter())

    def failed(self, bucket: str) -> None:
        """See ``Limiter``."""
        with self._lock:
            self._breaker.failed(self._clock())
            self._budgets[bucket].failed()

    def unused(self, bucket: str) -> None:
        """See ``Limiter``."""
        with self._lock:
            self._breaker.unused()
            self._budgets[bucket].unused()
