"""What the client does when PagerDuty does not simply answer."""

import io
from collections.abc import Callable
from itertools import pairwise

import pytest
import requests
from requests.adapters import HTTPAdapter

from collectors import client as client_module
from collectors.client import ATTEMPTS, PagerDutyClient
from collectors.errors import (
    CollectorError,
    NotAvailable,
    RequestRefused,
    TooLarge,
    UnexpectedShape,
    Unreachable,
)
from collectors.pseudonyms import Pseudonyms
from collectors.services import SERVICES

GOOD = b'{"services":[{"id":"P1"}],"more":false,"total":1}'
CANARY = "CNRYclient"
Answer = tuple[int, dict[str, str], bytes] | Exception


class Script(HTTPAdapter):
    """Answers in turn; the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self.answers = list(answers)
        self.asked = 0

    def send(
        self, request: requests.PreparedRequest, *args: object, **kwargs: object
    ) -> requests.Response:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code, body = answer[0], answer[2]
        response.headers.update(answer[1])
        response.raw = io.BytesIO(body)
        response.request = request
        return response


class Clock:
    """Sleeping costs nothing here and moves the time."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(client_module, "time", found)
    return found


class Tokens:
    def access_token(self, *, rejected: str | None = None) -> str:
        return "token"


def _client(script: Script, pulse: Callable[[], None] = lambda: None) -> PagerDutyClient:
    session = requests.Session()
    session.mount("http://", script)
    return PagerDutyClient(
        session, "http://localhost", Tokens(), Pseudonyms(bytes(32)), pulse=pulse
    )


@pytest.mark.parametrize(
    "failure",
    [
        (429, {"ratelimit-reset": "7"}, b""),
        (429, {}, b""),
        (500, {}, b"boom"),
        (503, {}, b""),
        (408, {}, b""),
        requests.ConnectionError(),
        requests.ReadTimeout(),
    ],
    ids=str,
)
def test_a_passing_trouble_is_waited_out(failure: Answer, clock: Clock) -> None:
    script = Script(failure, failure, (200, {}, GOOD))
    page = _client(script).page(SERVICES, {"limit": "100"})
    assert page.received == 1
    assert script.asked == 3
    assert clock.slept > 0


def test_a_429_is_waited_for_as_long_as_it_says(clock: Clock) -> None:
    _client(Script((429, {"ratelimit-reset": "31"}, b""), (200, {}, GOOD))).page(SERVICES, {})
    assert clock.slept >= 31


def test_an_empty_budget_is_waited_out_before_the_next_request(clock: Clock) -> None:
    spent = {"ratelimit-remaining": "0", "ratelimit-reset": "12"}
    client = _client(Script((200, spent, GOOD), (200, {}, GOOD)))
    client.page(SERVICES, {})
    assert clock.slept == 0
    client.page(SERVICES, {})
    assert clock.slept == pytest.approx(12)
    assert client.counters.rate_limited == 0


def test_the_pulse_is_felt_every_two_seconds_of_a_wait(clock: Clock) -> None:
    beats: list[float] = []
    script = Script((429, {"ratelimit-reset": "30"}, b""), (200, {}, GOOD))
    _client(script, lambda: beats.append(clock.now)).page(SERVICES, {})
    gaps = [later - earlier for earlier, later in pairwise(beats)]
    assert max(gaps) <= 2


def test_who_never_answers_is_unreachable_in_the_end(clock: Clock) -> None:
    script = Script((502, {}, b""))
    with pytest.raises(Unreachable):
        _client(script).page(SERVICES, {})
    assert script.asked == ATTEMPTS


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((402, {}, b""), NotAvailable),
        ((403, {}, b""), NotAvailable),
        ((400, {}, CANARY.encode()), RequestRefused),
        ((404, {}, b""), RequestRefused),
        ((302, {"location": "http://localhost/users"}, b""), RequestRefused),
        ((200, {}, b"<html>" + CANARY.encode()), UnexpectedShape),
        ((200, {}, b'{"services": "' + CANARY.encode() + b'"}'), UnexpectedShape),
        ((200, {}, b'{"services": [{"id": "P1"}'), UnexpectedShape),
        ((200, {}, b"[" * 100_000), UnexpectedShape),
        ((200, {}, b" " * (SERVICES.max_bytes + 1)), TooLarge),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value[0]),
)
def test_what_cannot_be_repaired_is_told_without_a_value(
    answer: Answer, error: type[CollectorError], clock: Clock
) -> None:
    script = Script(answer)
    with pytest.raises(error) as told:
        _client(script).page(SERVICES, {})
    assert script.asked == 1
    trail: BaseException | None = told.value
    while trail is not None:
        assert CANARY not in repr(trail)
        trail = trail.__cause__ or trail.__context__


def test_a_malformed_record_is_skipped_and_named_by_its_field(clock: Clock) -> None:
    body = b'{"services":[{"id":"P1"},{"id":{"x":"' + CANARY.encode() + b'"}}],"more":false}'
    page = _client(Script((200, {}, body))).page(SERVICES, {})
    assert (page.received, page.skipped, page.skipped_fields) == (2, 1, {"id"})
    assert CANARY not in repr(page)
