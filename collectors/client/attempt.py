"""One attempt at a request: the limiter's permission, a token, the egress rules, the response."""

import threading
from collections.abc import Callable
from typing import Protocol

import requests

from collectors.calls import Counters
from collectors.client.rate_limits import Admission, Limiter, Outcome, admitted
from collectors.client.request import Failure, Request
from collectors.client.response import ACCEPTED, read_response
from collectors.errors import EgressRefused, Unreachable

DEADLINE_SECONDS = 60.0
"""For one request and its complete body; the time-outs of each read stand in ``egress``."""
FRESH_SECONDS = 1.0
"""Between reading a token and using it."""
_MAX_READINGS = 3
_STEP = 2.0


class TokenSource(Protocol):
    """Used in any thread, for each attempt."""

    def access_token(self, *, rejected: str | None = None) -> str:
        """A valid token; ``rejected`` is one that PagerDuty has just rejected with 401.

        Raises TokenRejected, and Unreachable where there is none at the moment.
        """


class Clock(Protocol):
    """The part of the module ``time`` that is used here."""

    def monotonic(self) -> float:
        """Seconds."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


class Sessions:
    """One session per thread, opened on first use."""

    def __init__(self, factory: Callable[[], requests.Session]) -> None:
        self._factory = factory
        self._local = threading.local()
        self._opened: list[requests.Session] = []

    def of_thread(self) -> requests.Session:
        """The session of this thread."""
        found: requests.Session | None = getattr(self._local, "session", None)
        if found is None:
            found = self._local.session = self._factory()
            self._opened.append(found)
        return found

    def close(self) -> None:
        """Close every thread's connections."""
        for session in self._opened:
            session.close()


class Sender:
    """Safe in several threads. ``heartbeat`` is called at least every two seconds of a wait."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        base_url: str,
        tokens: TokenSource,
        limiter: Limiter,
        counters: Counters,
        heartbeat: Callable[[], None],
        clock: Clock,
        wait_for_limits: bool,
    ) -> None:
        self._sessions = sessions
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens
        self._limiter = limiter
        self._counters = counters
        self._heartbeat = heartbeat
        self._clock = clock
        self._wait_for_limits = wait_for_limits

    def attempt(self, request: Request) -> bytes | Failure:
        """The body of a response; its call stays open for the caller, any other is settled.

        Raises a CollectorError that no retry can change.
        """
        self._await_limiter(request)
        result: bytes | Failure = Failure.NO_RESPONSE
        try:
            with admitted(self._limiter, request.bucket) as admission:
                result = self._send(request, admission)
        finally:
            if isinstance(result, Failure):
                self._counters.calls.settle(request.call)
        return result

    def wait(self, seconds: float) -> None:
        """Sleep, with heartbeats."""
        end = self._clock.monotonic() + seconds
        while (left := end - self._clock.monotonic()) > 0:
            self._heartbeat()
            self._clock.sleep(min(left, _STEP))

    def _await_limiter(self, request: Request) -> None:
        """Until the request may leave. Raises CircuitOpen."""
        self._heartbeat()
        while (wait := self._limiter.admit(request.bucket)) > 0:
            if wait > _STEP and not self._wait_for_limits:
                raise Unreachable(request.name, "the rate limit is used up")
            self.wait(min(wait, _STEP))

    def _send(self, request: Request, admission: Admission) -> bytes | Failure:
        try:
            token, prepared = self._prepare(request)
        # requests' own: a token that no header accepts. Its text quotes the token.
        except (Unreachable, requests.RequestException):
            return Failure.NO_TOKEN
        overdue = self._deadline()
        response = self._transmit(request, prepared)
        if response is None:
            admission.outcome = Outcome.FAILED
            return Failure.NO_RESPONSE
        # The request has left, even if an error ends the reading of the response.
        admission.outcome = Outcome.RESPONDED
        with response:
            result = read_response(request, response, admission, overdue)
        if result is Failure.REJECTED:
            request.rejected_token = token
        self._counters.add(rate_limited=result is Failure.LIMITED)
        return result

    def _prepare(self, request: Request) -> tuple[str, requests.PreparedRequest]:
        """A token, and the request that may leave with it at once. Raises Unreachable."""
        for _ in range(_MAX_READINGS):
            began = self._clock.monotonic()
            # Read only now, so that a disconnect ends the waiting and the retries.
            token = self._tokens.access_token(rejected=request.rejected_token)
            prepared = self._sessions.of_thread().prepare_request(
                requests.Request(
                    "GET",
                    self._base_url + request.path,
                    params=request.params,
                    headers={
                        "Authorization": f"Bearer {token}",
                        "Accept": "application/vnd.pagerduty+json;version=2",
                        "Accept-Encoding": ACCEPTED,
                    },
                )
            )
            # A process suspended since the reading may have a token that has been deleted.
            if self._clock.monotonic() - began < FRESH_SECONDS:
                return token, prepared
        raise Unreachable(request.name, "no token could be read in time")

    def _transmit(
        self, request: Request, prepared: requests.PreparedRequest
    ) -> requests.Response | None:
        call = request.call = self._counters.begin("GET", request.resource.path)
        try:
            # Not session.send: it reads the complete body of a redirect, without any cap.
            adapter = self._sessions.of_thread().get_adapter(str(prepared.url))
            response = adapter.send(prepared, stream=True)
        except requests.RequestException:
            return None
        except EgressRefused:
            self._counters.calls.withdraw(call)
            raise
        call.status = response.status_code
        return response

    def _deadline(self) -> Callable[[], bool]:
        end = self._clock.monotonic() + DEADLINE_SECONDS

        def overdue() -> bool:
            self._heartbeat()
            return self._clock.monotonic() > end

        return overdue
