"""Two kinds of PagerDuty's limiter, and workers that send through a budget, in simulated time."""

import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from collectors.client.budget import SECOND, BudgetState, RateLimit

Rounding = Callable[[float], float]


@dataclass
class Clock:
    """Microseconds that a test moves."""

    now: int

    def __call__(self) -> int:
        return self.now


class Limiter(Protocol):
    most: int
    refused: int

    def request(self, moment: float) -> tuple[bool, RateLimit]: ...


@dataclass
class FixedWindow:
    """Begins with the first request, and again with the first one after its end."""

    limit: int
    rounding: Rounding = math.ceil
    seconds: float = 60.0
    most: int = 0
    refused: int = 0
    _begun: float | None = None
    _count: int = 0

    def request(self, moment: float) -> tuple[bool, RateLimit]:
        if self._begun is None or moment >= self._begun + self.seconds:
            self._begun, self._count = moment, 0
        allowed = self._count < self.limit
        self._count += allowed
        self.refused += not allowed
        self.most = max(self.most, self._count)
        reset = self.rounding(self._begun + self.seconds - moment)
        return allowed, RateLimit(self.limit, self.limit - self._count, reset)


@dataclass
class SlidingWindow:
    """The last minute at any moment."""

    limit: int
    rounding: Rounding = math.ceil
    seconds: float = 60.0
    most: int = 0
    refused: int = 0
    _passed: deque[float] = field(default_factory=deque)

    def request(self, moment: float) -> tuple[bool, RateLimit]:
        while self._passed and self._passed[0] <= moment - self.seconds:
            self._passed.popleft()
        allowed = len(self._passed) < self.limit
        if allowed:
            self._passed.append(moment)
        self.refused += not allowed
        self.most = max(self.most, len(self._passed))
        reset = self.rounding(self._passed[0] + self.seconds - moment)
        return allowed, RateLimit(self.limit, self.limit - len(self._passed), reset)


def simulate(
    limiter: Limiter, total: int, *, in_flight: int = 4, latency: float = 0.1, seed: int = 0
) -> float:
    """Seconds until ``total`` requests of ``in_flight`` workers of one budget have a response."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable simulation
    order = itertools.count()
    budget, done, end = BudgetState(), 0, 0.0
    queue: list[tuple[float, int, str, tuple[bool, RateLimit] | None]] = [
        (rng.random() / 100, next(order), "request", None) for _ in range(in_flight)
    ]
    while done < total:
        moment, _, step, response = heapq.heappop(queue)
        now = int(moment * SECOND) + 1_000_000 * SECOND
        if step == "request":
            granted, wait = budget.take(now)
            after = latency * rng.uniform(0.3, 0.5) if granted else min(2.0, wait / SECOND) + 1e-3
            heapq.heappush(queue, (moment + after, next(order), "serve" if granted else step, None))
        elif step == "serve":
            after = latency * rng.uniform(0.3, 0.7)
            heapq.heappush(
                queue, (moment + after, next(order), "response", limiter.request(moment))
            )
        elif response is not None:
            allowed, rate_limit = response
            if allowed:
                budget.note(rate_limit, now)
                done, end = done + 1, moment
            else:
                budget.limited(rate_limit, now, 0.75)
            heapq.heappush(queue, (moment, next(order), "request", None))
    return end
