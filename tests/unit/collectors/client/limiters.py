"""PagerDuty's limiter as it may be, and workers that ask through a gate, in simulated time."""

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


class Limiter(Protocol):
    most: int
    refused: int

    def ask(self, moment: float) -> tuple[bool, RateLimit]: ...


@dataclass
class FixedWindow:
    """Begins with the first request, and anew with the first one after its end."""

    limit: int
    rounding: Rounding = math.ceil
    seconds: float = 60.0
    most: int = 0
    refused: int = 0
    _begun: float | None = None
    _count: int = 0

    def ask(self, moment: float) -> tuple[bool, RateLimit]:
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
    """The last minute, whenever one looks."""

    limit: int
    rounding: Rounding = math.ceil
    seconds: float = 60.0
    most: int = 0
    refused: int = 0
    _passed: deque[float] = field(default_factory=deque)

    def ask(self, moment: float) -> tuple[bool, RateLimit]:
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
    """Seconds until ``total`` requests were answered by ``in_flight`` workers of one budget."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable simulation
    order = itertools.count()
    budget, done, end = BudgetState(), 0, 0.0
    queue: list[tuple[float, int, str, tuple[bool, RateLimit] | None]] = [
        (rng.random() / 100, next(order), "ask", None) for _ in range(in_flight)
    ]
    while done < total:
        moment, _, step, answer = heapq.heappop(queue)
        now = int(moment * SECOND) + 1_000_000 * SECOND
        if step == "ask":
            granted, wait = budget.take(now)
            after = latency * rng.uniform(0.3, 0.5) if granted else min(2.0, wait / SECOND) + 1e-3
            heapq.heappush(queue, (moment + after, next(order), "serve" if granted else step, None))
        elif step == "serve":
            after = latency * rng.uniform(0.3, 0.7)
            heapq.heappush(queue, (moment + after, next(order), "answer", limiter.ask(moment)))
        elif answer is not None:
            allowed, told = answer
            if allowed:
                budget.note(told, now)
                done, end = done + 1, moment
            else:
                budget.limited(told, now, 0.75)
            heapq.heappush(queue, (moment, next(order), "ask", None))
    return end
