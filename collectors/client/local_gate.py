"""A gate in memory: for one process, and a token that nobody else uses."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable

from collectors.client.breaker import BreakerState
from collectors.client.budget import SECOND, BudgetState
from collectors.client.gate import Told


def _monotonic() -> int:
    return time.monotonic_ns() // 1000


def jitter() -> float:
    """Between 0.5 and 1, so that those refused together do not come back together."""
    return random.uniform(0.5, 1.0)  # noqa: S311 - no secret


class LocalGate:
    """``clock`` gives microseconds."""

    def __init__(self, clock: Callable[[], int] = _monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._breaker = BreakerState()
        self._budgets: defaultdict[str, BudgetState] = defaultdict(BudgetState)

    def admit(self, bucket: str) -> float:
        """See ``Gate``."""
        with self._lock:
            now = self._clock()
            if wait := self._breaker.wait(now):
                return wait / SECOND
            granted, wait = self._budgets[bucket].take(now)
            if granted:
                self._breaker.begin(now)
            return wait / SECOND

    def answered(self, bucket: str, told: Told | None) -> None:
        """See ``Gate``."""
        with self._lock:
            self._breaker.answered()
            self._budgets[bucket].note(told, self._clock())

    def limited(self, bucket: str, told: Told | None) -> None:
        """See ``Gate``."""
        with self._lock:
            self._breaker.answered()
            self._budgets[bucket].limited(told, self._clock(), jitter())

    def failed(self, bucket: str) -> None:
        """See ``Gate``."""
        with self._lock:
            self._breaker.failed(self._clock())
            self._budgets[bucket].failed()

    def unused(self, bucket: str) -> None:
        """See ``Gate``."""
        with self._lock:
            self._breaker.unused()
            self._budgets[bucket].unused()
