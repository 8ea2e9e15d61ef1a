"""Every request that leaves is noted once: its path, its time and its result."""

from datetime import UTC, datetime

import pytest
import requests

from collectors.calls import Call, Calls, CallsClosed
from collectors.client.client import PagerDutyClient
from collectors.errors import CollectorError, EgressRefused, TooLarge
from collectors.objects import ObjectId
from collectors.resources.abilities import ABILITIES
from collectors.resources.services import SERVICES
from collectors.resources.team_members import TEAM_MEMBERS
from tests.unit.collectors.client.scripted import (
    GOOD,
    Clock,
    Response,
    Script,
    clock,
    scripted_client,
)

__all__ = ["clock"]
NO_LIST: Response = (200, {}, b'{"other":1}')
TWO: Response = (200, {}, b'{"services":[{"id":"P1"},{"id":"P2"},{"id":7}],"more":false}')


def _fields(calls: list[Call]) -> list[tuple[str, int | None, int, int]]:
    return [(f"{call.method} {call.path}", call.status, call.kept, call.dropped) for call in calls]


def _ready(client: PagerDutyClient) -> list[tuple[str, int | None, int, int]]:
    return _fields(client.counters.calls.ready())


def test_each_attempt_is_noted_with_the_template_and_never_with_the_id(clock: Clock) -> None:
    responses: list[Response] = [(503, {}, b""), requests.ConnectionError(), (404, {}, b"")]
    client = scripted_client(Script(*responses), clock)
    with pytest.raises(CollectorError):
        client.page(TEAM_MEMBERS, {}, ObjectId("PSECRET", bytes(16)))
    path = "GET /teams/{id}/members"
    looked = ("GET /abilities", 404, 0, 0)
    assert [each for each in _ready(client) if each != looked] == [
        (path, 503, 0, 0),
        (path, None, 0, 0),
        (path, 404, 0, 0),
    ]
    assert len(_ready(client)) == client.counters.take()[0]


def test_the_call_of_a_page_stays_open_until_it_is_settled(clock: Clock) -> None:
    client = scripted_client(Script(NO_LIST, TWO), clock)
    before = datetime.now(UTC)
    page = client.page(SERVICES, {})
    calls = client.counters.calls
    assert _ready(client) == [("GET /services", 200, 0, 0)]
    assert page.call is not None
    assert before <= page.call.at <= datetime.now(UTC)
    assert len(calls.every()) == 2
    page.call.kept, page.call.dropped = 2, 1
    calls.settle(page.call)
    assert _fields(calls.ready())[1:] == [("GET /services", 200, 2, 1)]


def test_ids_and_probes_store_no_record(clock: Clock) -> None:
    client = scripted_client(Script(TWO), clock)
    client.ids(SERVICES, {})
    client.probe(ABILITIES)
    assert _ready(client) == [("GET /services", 200, 0, 3), ("GET /abilities", 200, 0, 0)]


def test_an_unsettled_page_counts_as_dropped(clock: Clock) -> None:
    client = scripted_client(Script(TWO), clock)
    client.page(SERVICES, {})
    assert _ready(client) == []
    assert _fields(client.counters.calls.every()) == [("GET /services", 200, 0, 3)]


def test_a_request_with_a_too_large_body_is_noted(clock: Clock) -> None:
    client = scripted_client(Script((200, {}, GOOD + b" " * SERVICES.max_bytes)), clock)
    with pytest.raises(TooLarge):
        client.page(SERVICES, {})
    assert _ready(client) == [("GET /services", 200, 0, 0)]


def test_a_refused_request_is_not_noted(clock: Clock) -> None:
    client = scripted_client(Script(EgressRefused("request", "not on the allow-list")), clock)
    with pytest.raises(EgressRefused):
        client.page(SERVICES, {})
    assert client.counters.calls.every() == []


def test_a_ready_call_stays_until_it_is_discarded() -> None:
    calls = Calls()
    first, second = calls.begin("GET", "/teams"), calls.begin("GET", "/services")
    calls.settle(second)
    calls.settle(second)
    assert calls.ready() == calls.ready() == [second]
    calls.discard(calls.ready())
    calls.settle(second)
    assert calls.ready() == []
    assert calls.every() == [first]


def test_no_request_leaves_after_the_calls_are_closed() -> None:
    calls = Calls()
    last = calls.begin("GET", "/users")
    assert calls.close() == [last]
    with pytest.raises(CallsClosed):
        calls.begin("GET", "/users")
