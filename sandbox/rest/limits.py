"""960 requests per minute and token, over a sliding minute, told in `ratelimit-*` headers."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from time import time

WINDOW = 60.0


@dataclass(frozen=True, slots=True)
class Standing:
    """`reset` is in seconds; `allowed` is false for the request that went over."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        return {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.remaining),
            "ratelimit-reset": str(self.reset),
        }


@dataclass(slots=True)
class RateLimiter:
    """`limit` 0 lets everything pass and says nothing."""

    limit: int
    clock: Callable[[], float] = time
    _passed: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _lock: Lock = field(default_factory=Lock)

    def admit(self, key: str) -> Standing | None:
        if self.limit <= 0:
            return None
        now = self.clock()
        with self._lock:
            passed = self._passed[key]
            while passed and passed[0] <= now - WINDOW:
                passed.popleft()
            allowed = len(passed) < self.limit
            if allowed:
                passed.append(now)
            reset = max(1, ceil(passed[0] + WINDOW - now))
            return Standing(allowed, self.limit, self.limit - len(passed), reset)
