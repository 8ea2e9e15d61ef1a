"""PagerDuty's REST API, one request at a time: retries, budget, caps on what is read."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import requests
from requests.exceptions import ChunkedEncodingError, ContentDecodingError

from collectors.decode import Page, decode_one, decode_page
from collectors.errors import (
    NotAvailable,
    RequestRefused,
    TokenRejected,
    TooLarge,
    Unreachable,
)
from collectors.pseudonyms import Pseudonyms
from collectors.records import Rows
from collectors.resource import Resource

ATTEMPTS = 9
_LONGEST_WAIT = 60.0
_STEP = 2.0
_CHUNK = 64 * 1024


class TokenSource(Protocol):
    """Where access tokens come from."""

    def access_token(self, *, rejected: str | None = None) -> str:
        """A valid token; ``rejected`` names one that was just answered with 401."""


@dataclass(slots=True)
class Counters:
    """What the client did, for progress and certificate."""

    requests: int = 0
    rate_limited: int = 0


def _no_pulse() -> None:
    """Nobody waits for a sign of life."""


class PagerDutyClient:
    """Asks declared resources only; PagerDuty advises serial requests per token.

    ``pulse`` is called at least every two seconds while waiting, so that a lease can be kept.
    """

    def __init__(
        self,
        session: requests.Session,
        base_url: str,
        tokens: TokenSource,
        pseudonyms: Pseudonyms,
        *,
        pulse: Callable[[], None] = _no_pulse,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens
        self._pseudonyms = pseudonyms
        self._pulse = pulse
        self._attempts = attempts
        self._resume_at = 0.0
        self.counters = Counters()

    def page(self, resource: Resource, query: Mapping[str, str]) -> Page:
        """One page of a list. Raises a CollectorError."""
        return decode_page(resource, self._get(resource, query), self._pseudonyms)

    def one(self, resource: Resource) -> Rows:
        """The records of an endpoint that answers with one object. Raises a CollectorError."""
        return decode_one(resource, self._get(resource, {}), self._pseudonyms)

    def probe(self, resource: Resource) -> None:
        """Ask and drop the answer unread: does the grant stand? Raises a CollectorError."""
        self._get(resource, {})

    def _get(self, resource: Resource, query: Mapping[str, str]) -> bytes:
        rejected: str | None = None
        for attempt in range(self._attempts):
            self._wait(self._resume_at - time.monotonic())
            token = self._token(rejected)
            response = None if token is None else self._send(resource, query, token)
            if response is None or _passing(response.status_code):
                self._back_off(response, attempt)
                continue
            with response:
                self._note_budget(response)
                if response.status_code == 401 and rejected is None:
                    rejected = token
                    continue
                _raise_for_status(resource, response.status_code)
                body = _read(resource, response)
            if body is not None:
                return body
            self._back_off(None, attempt)
        raise Unreachable(resource.name, f"no answer after {self._attempts} attempts")

    def _token(self, rejected: str | None) -> str | None:
        """Asked anew for each attempt, so that a disconnect ends the retries; None: not now."""
        try:
            return self._tokens.access_token(rejected=rejected)
        except Unreachable:
            return None

    def _send(
        self, resource: Resource, query: Mapping[str, str], token: str
    ) -> requests.Response | None:
        self._pulse()
        self.counters.requests += 1
        try:
            return self._session.get(
                self._base_url + resource.path,
                params={**resource.fixed_query, **query},
                headers={
                    "Authorization": f"Bearer {token}",
                    "Accept": "application/vnd.pagerduty+json;version=2",
                },
                allow_redirects=False,
                stream=True,
            )
        except (requests.ConnectionError, requests.Timeout):
            return None

    def _back_off(self, response: requests.Response | None, attempt: int) -> None:
        wait = min(_LONGEST_WAIT, 0.5 * 2**attempt) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
        if response is not None:
            if response.status_code == 429:
                self.counters.rate_limited += 1
                wait = max(wait, _seconds(response.headers.get("ratelimit-reset")) or 0.0)
            response.close()
        self._wait(wait)

    def _note_budget(self, response: requests.Response) -> None:
        left = _seconds(response.headers.get("ratelimit-remaining"))
        reset = _seconds(response.headers.get("ratelimit-reset"))
        if left is not None and left < 1 and reset is not None:
            self._resume_at = time.monotonic() + reset

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + min(seconds, _LONGEST_WAIT)
        while (left := end - time.monotonic()) > 0:
            self._pulse()
            time.sleep(min(left, _STEP))


def _passing(status: int) -> bool:
    return status in {408, 429} or status >= 500


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header is not None else None
    except ValueError:
        return None


def _raise_for_status(resource: Resource, status: int) -> None:
    if status == 401:
        raise TokenRejected(resource.name)
    if status in {402, 403}:
        raise NotAvailable(resource.name, f"status {status}")
    if not 200 <= status < 300:
        raise RequestRefused(resource.name, f"status {status}")


def _read(resource: Resource, response: requests.Response) -> bytes | None:
    """The decompressed body up to the cap, or None where the connection broke off."""
    body = bytearray()
    try:
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > resource.max_bytes:
                break
    except (requests.ConnectionError, ChunkedEncodingError, ContentDecodingError):
        return None
    if len(body) > resource.max_bytes:
        raise TooLarge(resource.name, f"more than {resource.max_bytes} bytes")
    return bytes(body)
