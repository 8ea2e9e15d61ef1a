"""Calls: every request that left with a client's token, until it is stored in the request log."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


class CallsClosed(Exception):
    """No process would store this request: it must not leave."""


@dataclass(slots=True, eq=False)
class Call:
    """One request; ``path`` is the declared template, so that it contains no id of PagerDuty's."""

    method: str
    path: str
    at: datetime
    status: int | None = None
    """HTTP status; None without a response."""
    kept: int = 0
    """Rows stored of the response, nested ones too."""
    dropped: int = 0
    """Records of the response that were not stored."""


class Calls:
    """Safe in several threads. A ready call stays until ``discard``: a commit may fail."""

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
        """The call is final and ready to be stored; settling it again changes nothing."""
        with self._lock:
            if call is not None and self._open.pop(id(call), None) is not None:
                self._ready[id(call)] = call

    def withdraw(self, call: Call) -> None:
        """It did not leave."""
        self.discard([call])

    def ready(self) -> list[Call]:
        """The settled calls, in the order of their settling."""
        with self._lock:
            return list(self._ready.values())

    def every(self) -> list[Call]:
        """The settled calls, and those still under way."""
        with self._lock:
            return [*self._ready.values(), *self._open.values()]

    def close(self) -> list[Call]:
        """The same; from now on no request leaves."""
        with self._lock:
            self._closed = True
            return [*self._ready.values(), *self._open.values()]

    def discard(self, calls: Iterable[Call]) -> None:
        """They are stored."""
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
