"""PagerDuty's REST API: the declared resources only, each request retried until it ends."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Self, TypeVar

import requests

from collectors.calls import Counters
from collectors.client.attempt import Clock, Sender, Sessions, TokenSource
from collectors.client.rate_limits import Limiter
from collectors.client.request import Failure, Request
from collectors.client.retry import ATTEMPTS, Retries
from collectors.decode import Page, decode_ids, decode_page
from collectors.errors import (
    CollectorError,
    RequestRefused,
    TokenRejected,
    UnexpectedShape,
    Unreachable,
)
from collectors.objects import ObjectId
from collectors.pseudonyms import Pseudonyms
from collectors.resource import Resource
from collectors.resources.abilities import ABILITIES

_T = TypeVar("_T")


def _no_heartbeat() -> None:
    """No other process waits for a sign of life."""


class PagerDutyClient:
    """Safe in several threads: each has a session of its own, all share limiter and counters.

    ``heartbeat`` is called from any of them, at least every two seconds of a wait. Without
    ``wait_for_limits`` a request whose rate limit is used up ends as Unreachable.
    """

    def __init__(
        self,
        sessions: Callable[[], requests.Session],
        base_url: str,
        tokens: TokenSource,
        pseudonyms: Pseudonyms,
        limiter: Limiter,
        *,
        heartbeat: Callable[[], None] = _no_heartbeat,
        attempts: int = ATTEMPTS,
        wait_for_limits: bool = True,
        counters: Counters | None = None,
        clock: Clock = time,
    ) -> None:
        self.counters = counters or Counters()
        self._sessions = Sessions(sessions)
        self._sender = Sender(
            sessions=self._sessions,
            base_url=base_url,
            tokens=tokens,
            limiter=limiter,
            counters=self.counters,
            heartbeat=heartbeat,
            clock=clock,
            wait_for_limits=wait_for_limits,
        )
        self._pseudonyms = pseudonyms
        self._retries = partial(Retries, attempts, wait_for_limits=wait_for_limits)
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sessions.close()

    def page(
        self, resource: Resource, query: Mapping[str, str], owner: ObjectId | None = None
    ) -> Page:
        """One response; ``owner`` fills ``{id}`` of the path. Raises a CollectorError.

        Its call stays open: the caller that stores the page settles it with the number stored.
        """
        first = int(query.get("offset", "0"))
        request = Request(resource, {**resource.fixed_query, **query}, owner)
        decode = partial(
            decode_page, resource, pseudonyms=self._pseudonyms, first=first, owner=owner
        )
        return self._page(request, decode)

    def ids(self, resource: Resource, query: Mapping[str, str]) -> Page:
        """The ids of one page of a parent's list, requested without ``include[]``.

        Raises a CollectorError.
        """
        lean = {key: value for key, value in resource.fixed_query.items() if key != "include[]"}
        decode = partial(decode_ids, resource, pseudonyms=self._pseudonyms)
        page = self._page(Request(resource, {**lean, **query}), decode)
        self.counters.calls.settle(page.call)
        return page

    def probe(self, resource: Resource) -> None:
        """Check that the grant stands; the body is dropped unread. Raises a CollectorError."""
        request = Request(resource, resource.fixed_query)
        self._fetch(request, lambda _: None)
        self.counters.calls.settle(request.call)

    def _page(self, request: Request, decode: Callable[[bytes], Page]) -> Page:
        page = self._fetch(request, decode)
        if request.call is not None:
            # Until the page is stored, its records count as dropped.
            request.call.dropped = page.received
        page.call = request.call
        return page

    def _fetch(self, request: Request, decode: Callable[[bytes], _T]) -> _T:
        """Attempts with their retries, until a body is decoded. Raises a CollectorError."""
        retries = self._retries()
        while True:
            result = self._sender.attempt(request)
            if isinstance(result, bytes):
                try:
                    return decode(result)
                except UnexpectedShape as error:
                    self.counters.calls.settle(request.call)
                    # Only its text is kept: the final error is made outside this block.
                    result, request.detail = Failure.SHAPE, error.detail
            delay = retries.delay(result, self._clock.monotonic())
            if delay is None:
                raise _final_error(request, result)
            self._sender.wait(delay)
            if retries.may_be_resource(result):
                self._check_api()

    def _check_api(self) -> None:
        """A response to another request keeps the circuit closed for one slow resource."""
        request = Request(ABILITIES, ABILITIES.fixed_query)
        with suppress(CollectorError):
            self._sender.attempt(request)
        self.counters.calls.settle(request.call)


def _final_error(request: Request, failure: Failure) -> CollectorError:
    match failure:
        case Failure.REJECTED:
            return TokenRejected(request.name)
        case Failure.SHAPE:
            return UnexpectedShape(request.name, request.detail)
        case Failure.REDIRECTED:
            return RequestRefused(request.name, "a redirect at each attempt")
        case Failure.LIMITED:
            return Unreachable(request.name, "the rate limit was used up at each attempt")
        case _:
            return Unreachable(request.name, "no response after the last attempt")
