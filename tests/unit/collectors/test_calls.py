"""Every request that leaves is noted once: what was asked, when, and what became of it."""

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
from tests.unit.collectors.client.test_client_retries import (
    GOOD,
    Answer,
    Clock,
    Script,
    _client,
    clock,
)

__all__ = ["clock"]
NO_LIST: Answer = (200, {}, b'{"other":1}')
TWO: Answer = (200, {}, b'{"services":[{"id":"P1"},{"id":"P2"},{"id":7}],"more":false}')


def _told(calls: list[Call]) -> list[tuple[str, int | None, int, int]]:
    return [(f"{call.method} {call.path}", call.status, call.kept, call.dropped) for call in calls]


def _asked(client: PagerDutyClient) -> list[tuple[str, int | None, int, int]]:
    return _told(client.counters.calls.ready())


def test_each_attempt_is_noted_with_the_template_and_never_with_the_id(clock: Clock) -> None:
    answers: list[Answer] = [(503, {}, b""), requests.ConnectionError(), (404, {}, b"")]
    client = _client(Script(*answers), clock)
    with pytest.raises(CollectorError):
        client.page(TEAM_MEMBERS, {}, ObjectId("PSECRET", bytes(16)))
    path = "GET /teams/{id}/members"
    looked = ("GET /abilities", 404, 0, 0)
    assert [each for each in _asked(client) if each != looked] == [
        (path, 503, 0, 0),
        (path, None, 0, 0),
        (path, 404, 0, 0),
    ]
    assert len(_asked(client)) == client.counters.take()[0]


def test_a_page_stays_open_until_somebody_says_what_was_kept(clock: Clock) -> None:
    client = _client(Script(NO_LIST, TWO), clock)
    before = datetime.now(UTC)
    page = client.page(SERVICES, {})
    calls = client.counters.calls
    assert _asked(client) == [("GET /services", 200, 0, 0)]
    assert page.call is not None
    assert before <= page.call.at <= datetime.now(UTC)
    assert len(calls.every()) == 2
    page.call.kept, page.call.dropped = 2, 1
    calls.settle(page.call)
    assert _told(calls.ready())[1:] == [("GET /services", 200, 2, 1)]


def test_of_ids_and_probes_nothing_is_kept(clock: Clock) -> None:
    client = _client(Script(TWO), clock)
    client.ids(SERVICES, {})
    client.probe(ABILITIES)
    assert _asked(client) == [("GET /services", 200, 0, 3), ("GET /abilities", 200, 0, 0)]


def test_a_page_that_nobody_takes_counts_as_dropped(clock: Clock) -> None:
    client = _client(Script(TWO), clock)
    client.page(SERVICES, {})
    assert _asked(client) == []
    assert _told(client.counters.calls.every()) == [("GET /services", 200, 0, 3)]


def test_what_is_too_large_to_be_read_is_noted(clock: Clock) -> None:
    client = _client(Script((200, {}, GOOD + b" " * SERVICES.max_bytes)), clock)
    with pytest.raises(TooLarge):
        client.page(SERVICES, {})
    assert _asked(client) == [("GET /services", 200, 0, 0)]


def test_what_is_stopped_before_it_leaves_is_not_a_request(clock: Clock) -> None:
    client = _client(Script(EgressRefused("request", "not on the allow-list")), clock)
    with pytest.raises(EgressRefused):
        client.page(SERVICES, {})
    assert client.counters.calls.every() == []


def test_what_is_ready_stays_until_it_is_written_down() -> None:
    calls = Calls()
    first, second = calls.begin("GET", "/teams"), calls.begin("GET", "/services")
    calls.settle(second)
    calls.settle(second)
    assert calls.ready() == calls.ready() == [second]
    calls.discard(calls.ready())
    calls.settle(second)
    assert calls.ready() == []
    assert calls.every() == [first]


def test_once_closed_no_request_leaves_that_nobody_would_write_down() -> None:
    calls = Calls()
    last = calls.begin("GET", "/users")
    assert calls.close() == [last]
    with pytest.raises(CallsClosed):
        calls.begin("GET", "/users")
