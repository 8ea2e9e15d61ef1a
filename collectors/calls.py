"""Calls: every request that left with a client's token, until whoever asked has written it down."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


class CallsClosed(Exception):
    """Nobody is left to write this request down: it must not leave."""


@dataclass(slots=True, eq=False)
class Call:
    """One request; ``path`` is the declared template, so that no id of PagerDuty's is in it."""

    method: str
    path: str
    at: datetime
    status: int | None = None
    """HTTP status; None while none has come."""
    kept: int = 0
    """Rows written of the answer, nested ones too."""
    dropped: int = 0
    """Records of the answer that were not kept."""


class Calls:
    """Safe in several threads. What is ready stays until ``forget``: a commit may fail."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._open: dict[int, Call] = {}
        self._ready: dict[int, Call] = {}

    def begin(self, method: str, path: str) -> Call:
        """A request that is about to leave. Raises CallsClosed."""
        call = Call(method, path, datetime.now(UTC))
        with self._lock:
            if self._closed:
                raise CallsClosed
            self._open[id(call)] = call
        return call

    def settle(self, call: Call | None) -> None:
        """Nothing more will be known of it; for one that is already settled, nothing happens."""
        with self._lock:
            if call is not None and self._open.pop(id(call), None) is not None:
                self._ready[id(call)] = call

    def withdraw(self, call: Call) -> None:
        """It did not leave."""
        self.forget([call])

    def ready(self) -> list[Call]:
        """Those settled, in that order."""
        with self._lock:
            return list(self._ready.values())

    def every(self) -> list[Call]:
        """Those settled, and those still under way."""
        with self._lock:
            return [*self._ready.values(), *self._open.values()]

    def close(self) -> list[Call]:
        """The same; from now on no other leaves."""
        with self._lock:
            self._closed = True
            return [*self._ready.values(), *self._open.values()]

    def forget(self, calls: Iterable[Call]) -> None:
        """They are written down."""
        with self._lock:
            for call in calls:
                self._open.pop(id(call), None)
                self._ready.pop(id(call), None)


class Counters:
    """What the client did, for progress and certificate; safe in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = 0
        self.rate_limited = 0
        self.calls = Calls()

    def begin(self, method: str, path: str) -> Call:
        """Count a request that is about to leave."""
        self.add(requests=1)
        return self.calls.begin(method, path)

    def add(self, *, requests: int = 0, rate_limited: int = 0) -> None:
        """Count."""
        with self._lock:
            self.requests += requests
            self.rate_limited += rate_limited

    def take(self) -> tuple[int, int]:
        """(requests, rate limited ones) since the last take."""
        with self._lock:
            taken = self.requests, self.rate_limited
            self.requests = self.rate_limited = 0
            return taken
