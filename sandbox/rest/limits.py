"""Requests per minute and token, stated in `ratelimit-*` headers.

PagerDuty does not say how it counts. Here a minute begins with a token's first request and
the next with the first request after it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import time

WINDOW = 60.0


@dataclass(frozen=True, slots=True)
class Standing:
    """`reset` is in whole seconds, rounded up; `allowed` is false for what went over."""

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
class Minute:
    """What one token has used; `start` is when its oldest counted request came."""

    _start: float = -WINDOW
    _used: int = 0

    def used(self, now: float) -> int:
        return self._used if now < self._start + WINDOW else 0

    def start(self, now: float) -> float:
        return self._start if now < self._start + WINDOW else now

    def count(self, now: float) -> None:
        if now >= self._start + WINDOW:
            self._start, self._used = now, 0
        self._used += 1


class RateLimiter:
    """`limit` 0 lets everything pass and says nothing; on-calls also have a limit of theirs."""

    def __init__(
        self, limit: int, oncalls_limit: int = 0, clock: Callable[[], float] = time
    ) -> None:
        self._limit = limit
        self._oncalls_limit = oncalls_limit
        self._clock = clock
        self._minutes: defaultdict[tuple[str, str], Minute] = defaultdict(Minute)
        self._lock = Lock()

    def admit(self, key: str, path: str) -> Standing | None:
        """How the token stands after this request, by whichever limit is nearest."""
        if self._limit <= 0:
            return None
        limits = {"": self._limit}
        if path == "/oncalls" and self._oncalls_limit > 0:
            limits[path] = self._oncalls_limit
        now = self._clock()
        with self._lock:
            minutes = {name: self._minutes[key, name] for name in limits}
            allowed = all(minutes[name].used(now) < limits[name] for name in limits)
            if allowed:
                for minute in minutes.values():
                    minute.count(now)
            left = {name: limits[name] - minutes[name].used(now) for name in limits}
            nearest = min(limits, key=lambda name: left[name])
            reset = max(1, ceil(minutes[nearest].start(now) + WINDOW - now))
        return Standing(allowed, limits[nearest], left[nearest], reset)
