"""PagerDuty's REST API: the declared resources only, through the gate, with caps and retries."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Self, TypeVar

import requests

from collectors.calls import Counters
from collectors.client.asked import Asked, Params, path_of
from collectors.client.gate import Admission, Gate, admitted
from collectors.client.patience import ATTEMPTS, Patience, Trouble
from collectors.client.sessions import Sessions
from collectors.client.token_source import TokenSource
from collectors.client.verdict import judge
from collectors.decode import Page, decode_ids, decode_page
from collectors.errors import CollectorError, EgressRefused, UnexpectedShape, Unreachable
from collectors.objects import ObjectId
from collectors.pseudonyms import Pseudonyms
from collectors.resource import Resource
from collectors.resources.abilities import ABILITIES

DEADLINE_SECONDS = 60.0
"""For one request and all of its body; the time-outs of each read stand in ``egress``."""
FRESH_SECONDS = 1.0
"""Between reading a token and using it."""
_READINGS = 3
_STEP = 2.0
_T = TypeVar("_T")


def _no_pulse() -> None:
    """Nobody waits for a sign of life."""


class PagerDutyClient:
    """Safe in several threads: each has a session of its own, all share gate and counters.

    ``pulse`` is called from any of them, at least every two seconds while waiting. ``hurried``:
    whoever waits for the answer has no time for a spent budget; it ends as Unreachable.
    """

    def __init__(
        self,
        sessions: Callable[[], requests.Session],
        base_url: str,
        tokens: TokenSource,
        pseudonyms: Pseudonyms,
        gate: Gate,
        *,
        pulse: Callable[[], None] = _no_pulse,
        attempts: int = ATTEMPTS,
        hurried: bool = False,
        counters: Counters | None = None,
    ) -> None:
        self._sessions = Sessions(sessions)
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens
        self._pseudonyms = pseudonyms
        self._gate = gate
        self._pulse = pulse
        self._attempts = attempts
        self._hurried = hurried
        self.counters = counters or Counters()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sessions.close()

    def page(
        self, resource: Resource, query: Mapping[str, str], owner: ObjectId | None = None
    ) -> Page:
        """One answer; ``owner`` fills ``{id}`` of the path. Raises a CollectorError.

        Its call stays open: whoever stores the page settles it, and says what was kept.
        """
        first = int(query.get("offset", "0"))
        asked = self._asked(resource, {**resource.fixed_query, **query}, owner)
        page = self._ask(
            asked,
            lambda body: decode_page(resource, body, self._pseudonyms, first=first, owner=owner),
        )
        page.call = asked.dropped(page.received)
        return page

    def ids(self, resource: Resource, query: Mapping[str, str]) -> Page:
        """The ids of one page of a parent's list, asked for nothing more.

        Raises a CollectorError.
        """
        lean = {key: value for key, value in resource.fixed_query.items() if key != "include[]"}
        asked = self._asked(resource, {**lean, **query}, None)
        page = self._ask(asked, lambda body: decode_ids(resource, body, self._pseudonyms))
        self.counters.calls.settle(asked.dropped(page.received))
        return page

    def probe(self, resource: Resource) -> None:
        """Ask and drop the answer unread: does the grant stand? Raises a CollectorError."""
        asked = self._asked(resource, resource.fixed_query, None)
        self._ask(asked, lambda _: None)
        self.counters.calls.settle(asked.call)

    def _asked(self, resource: Resource, params: Params, owner: ObjectId | None) -> Asked:
        patience = Patience(resource.name, self._attempts, hurried=self._hurried)
        return Asked(resource, path_of(resource, owner), params, owner is not None, patience)

    def _ask(self, asked: Asked, decode: Callable[[bytes], _T]) -> _T:
        while True:
            self._enter(asked)
            found = self._once(asked)
            if not isinstance(found, Trouble):
                try:
                    return decode(found)
                except UnexpectedShape as error:
                    self.counters.calls.settle(asked.call)
                    # Only its words are kept: what is raised is made after this block.
                    found, asked.detail = Trouble.SHAPE, error.detail
            self._wait(asked.patience.after(found, time.monotonic(), asked.detail))
            if asked.patience.doubtful(found):
                self._look()

    def _look(self) -> None:
        """Whether PagerDuty answers at all: if so, no circuit opens for one slow resource."""
        asked = self._asked(ABILITIES, ABILITIES.fixed_query, None)
        self._enter(asked)
        with suppress(CollectorError):
            self._once(asked)
        self.counters.calls.settle(asked.call)

    def _enter(self, asked: Asked) -> None:
        """Until the gate lets a request leave. Raises CircuitOpen."""
        self._pulse()
        while (wait := self._gate.admit(asked.bucket)) > 0:
            if self._hurried and wait > _STEP:
                raise Unreachable(asked.name, "the limit is spent")
            self._wait(min(wait, _STEP))

    def _once(self, asked: Asked) -> bytes | Trouble:
        """One attempt; its call is settled, unless it brought an answer to decode."""
        found: bytes | Trouble = Trouble.AWAY
        try:
            with admitted(self._gate, asked.bucket) as admission:
                found = self._attempt(asked, admission)
        finally:
            if isinstance(found, Trouble):
                self.counters.calls.settle(asked.call)
        return found

    def _attempt(self, asked: Asked, admission: Admission) -> bytes | Trouble:
        try:
            token, prepared = self._prepare(asked)
        # requests' own: a token that stands in no header. Its words quote it.
        except (Unreachable, requests.RequestException):
            return Trouble.NO_TOKEN
        overdue = self._deadline()
        response = self._send(asked, prepared)
        if response is None:
            admission.failed()
            return Trouble.AWAY
        admission.heard = True
        with response:
            if response.status_code == 401:
                asked.rejected = token
            return judge(asked, response, admission, self.counters, overdue)

    def _prepare(self, asked: Asked) -> tuple[str, requests.PreparedRequest]:
        """A request that may leave at once, and its token. Raises Unreachable."""
        for _ in range(_READINGS):
            began = time.monotonic()
            # Asked for only now, so that a disconnect ends the waiting and the retries.
            token = self._tokens.access_token(rejected=asked.rejected)
            prepared = self._sessions.mine().prepare_request(asked.request(self._base_url, token))
            # Whoever was frozen since the reading may hold a token that has been deleted.
            if time.monotonic() - began < FRESH_SECONDS:
                return token, prepared
        raise Unreachable(asked.name, "no token could be read in time")

    def _send(self, asked: Asked, prepared: requests.PreparedRequest) -> requests.Response | None:
        call = asked.call = self.counters.begin("GET", asked.resource.path)
        try:
            # Not session.send: it reads the whole body of a redirect, without any cap.
            adapter = self._sessions.mine().get_adapter(str(prepared.url))
            response = adapter.send(prepared, stream=True)
        except requests.RequestException:
            return None
        except EgressRefused:
            self.counters.calls.withdraw(call)
            raise
        call.status = response.status_code
        return response

    def _deadline(self) -> Callable[[], bool]:
        end = time.monotonic() + DEADLINE_SECONDS

        def overdue() -> bool:
            self._pulse()
            return time.monotonic() > end

        return overdue

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._pulse()
            time.sleep(min(left, _STEP))
