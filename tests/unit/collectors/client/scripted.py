"""A client whose responses come from a script, in simulated time."""

import io
from collections.abc import Callable

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from collectors.client.client import PagerDutyClient
from collectors.client.rate_limits import LocalLimiter
from collectors.client.retry import ATTEMPTS
from collectors.errors import CollectorError
from collectors.pseudonyms import Pseudonyms

GOOD = b'{"services":[{"id":"P1"}],"more":false,"total":1}'
CANARY = "CNRYclient"
Response = tuple[int, dict[str, str], bytes] | Exception


class Script(HTTPAdapter):
    """Responses in turn; the last one for all further requests."""

    def __init__(self, *responses: Response) -> None:
        super().__init__()
        self.responses = list(responses)
        self.requests: list[requests.PreparedRequest] = []

    @property
    def sent(self) -> int:
        return len(self.requests)

    def send(
        self, request: requests.PreparedRequest, *args: object, **kwargs: object
    ) -> requests.Response:
        response = self.responses[min(self.sent, len(self.responses) - 1)]
        self.requests.append(request)
        if isinstance(response, Exception):
            raise response
        status, headers, body = response
        raw = HTTPResponse(
            io.BytesIO(body), HTTPHeaderDict(headers), status=status, preload_content=False
        )
        return self.build_response(request, raw)


class Clock:
    """Sleeping costs nothing here and moves the time."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept = 0.0

    def monotonic(self) -> float:
        return self.now

    def microseconds(self) -> int:
        return int(self.now * 1_000_000)

    def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 1e-6)
        self.slept += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Tokens:
    """Hands out numbered tokens; a new one for each that was rejected."""

    def __init__(self, error: CollectorError | None = None, times: int = 0) -> None:
        self.rejected: list[str] = []
        self._error = error
        self._times = times

    def access_token(self, *, rejected: str | None = None) -> str:
        if self._error is not None and self._times:
            self._times -= 1
            raise self._error
        if rejected is not None and rejected not in self.rejected:
            self.rejected.append(rejected)
        return f"token-{len(self.rejected)}"


class Suspended(Tokens):
    """The process is suspended for a minute after each of the first readings of a token."""

    def __init__(self, clock: Clock, times: int) -> None:
        super().__init__()
        self.readings = 0
        self._clock = clock
        self._times = times

    def access_token(self, *, rejected: str | None = None) -> str:
        self.readings += 1
        if self.readings <= self._times:
            self._clock.now += 60
        return f"reading-{self.readings}"


def scripted_client(
    script: Script,
    clock: Clock,
    heartbeat: Callable[[], None] = lambda: None,
    tokens: Tokens | None = None,
    *,
    attempts: int = ATTEMPTS,
    wait_for_limits: bool = True,
) -> PagerDutyClient:
    def session() -> requests.Session:
        opened = requests.Session()
        opened.mount("http://", script)
        return opened

    return PagerDutyClient(
        session,
        "http://localhost",
        tokens or Tokens(),
        Pseudonyms(bytes(32)),
        LocalLimiter(clock.microseconds),
        heartbeat=heartbeat,
        attempts=attempts,
        wait_for_limits=wait_for_limits,
        clock=clock,
    )
