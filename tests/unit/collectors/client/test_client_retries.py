"""What the client does when PagerDuty does not respond as expected."""

from collections import Counter
from itertools import pairwise

import pytest
import requests

from collectors.client.retry import ATTEMPTS, MAX_SHAPES
from collectors.errors import (
    CircuitOpen,
    CollectorError,
    EgressRefused,
    Gone,
    NotAvailable,
    RequestRefused,
    TokenRejected,
    TooLarge,
    UnexpectedShape,
    Unreachable,
)
from collectors.objects import ObjectId
from collectors.resources.abilities import ABILITIES
from collectors.resources.services import SERVICES
from collectors.resources.team_members import TEAM_MEMBERS
from tests.unit.collectors.client.scripted import (
    CANARY,
    GOOD,
    Clock,
    Response,
    Script,
    Suspended,
    Tokens,
    clock,
    scripted_client,
)

__all__ = ["clock"]


def _team(raw: str) -> ObjectId:
    return ObjectId(raw, b"p" * 16)


TEMPORARY = [
    (429, {"ratelimit-limit": "960", "ratelimit-remaining": "0", "ratelimit-reset": "7"}, b""),
    (429, {}, b""),
    (429, {"ratelimit-limit": "-1", "ratelimit-remaining": "x", "ratelimit-reset": "nan"}, b""),
    (500, {}, b"boom"),
    (503, {}, b""),
    (408, {}, b""),
    (200, {"content-length": str(len(GOOD) + 7)}, GOOD),
    (200, {}, GOOD[:-9]),
    (200, {}, b"<html>wait</html>"),
    requests.ConnectionError(),
    requests.ReadTimeout(),
]


@pytest.mark.parametrize("failure", TEMPORARY, ids=str)
def test_a_temporary_failure_is_retried(failure: Response, clock: Clock) -> None:
    script = Script(failure, (200, {}, GOOD))
    client = scripted_client(script, clock)
    page = client.page(SERVICES, {"limit": "100"})
    assert page.received == 1
    assert script.sent == client.counters.take()[0] == 2
    assert clock.slept > 0


def test_a_429_pauses_for_the_time_it_states(clock: Clock) -> None:
    limited = {"ratelimit-limit": "960", "ratelimit-remaining": "0", "ratelimit-reset": "31"}
    client = scripted_client(Script((429, limited, b""), (200, {}, GOOD)), clock)
    client.page(SERVICES, {})
    assert 31 <= clock.slept < 33
    assert client.counters.take() == (2, 1)


def test_each_429_without_headers_pauses_longer(clock: Clock) -> None:
    beats: list[float] = []

    class Noting(Script):
        def send(self, *args: object, **kwargs: object) -> requests.Response:
            beats.append(clock.now)
            return super().send(*args, **kwargs)  # type: ignore[arg-type]

    script = Noting(*[(429, {}, b"")] * 6, (200, {}, GOOD))
    assert scripted_client(script, clock).page(SERVICES, {}).received == 1
    gaps = [later - earlier for earlier, later in pairwise(beats)]
    assert all(late > early for early, late in pairwise(gaps[::2]))
    assert gaps[-1] >= 16


def test_a_series_of_429_does_not_open_the_circuit(clock: Clock) -> None:
    script = Script(*[(429, {}, b"")] * 15, (200, {}, GOOD))
    assert scripted_client(script, clock).page(SERVICES, {}).received == 1


@pytest.mark.parametrize("reset", [None, "0", "1", "60", "999999"])
def test_an_endless_429_ends_within_a_quarter_of_an_hour(reset: str | None, clock: Clock) -> None:
    headers = {"ratelimit-limit": "960", "ratelimit-remaining": "0", "ratelimit-reset": reset or ""}
    with pytest.raises(Unreachable):
        scripted_client(Script((429, headers if reset else {}, b"")), clock).page(SERVICES, {})
    assert clock.slept <= 15 * 60


def test_the_next_request_waits_for_a_used_up_limit(clock: Clock) -> None:
    spent = {"ratelimit-limit": "960", "ratelimit-remaining": "40", "ratelimit-reset": "12"}
    client = scripted_client(Script((200, spent, GOOD), (200, {}, GOOD)), clock)
    client.page(SERVICES, {})
    assert clock.slept == 0
    client.page(SERVICES, {})
    assert clock.slept == pytest.approx(12)
    assert client.counters.rate_limited == 0


def test_a_client_that_does_not_wait_for_limits_fails_at_once(clock: Clock) -> None:
    spent = {"ratelimit-limit": "960", "ratelimit-remaining": "0", "ratelimit-reset": "12"}
    limited = Script((429, spent, b""))
    with pytest.raises(Unreachable):
        scripted_client(limited, clock, wait_for_limits=False).page(SERVICES, {})
    client = scripted_client(Script((200, spent, GOOD)), clock, wait_for_limits=False)
    client.page(SERVICES, {})
    with pytest.raises(Unreachable):
        client.page(SERVICES, {})
    assert clock.slept == 0


def test_a_wait_sends_a_heartbeat_every_two_seconds(clock: Clock) -> None:
    beats: list[float] = []
    limited = {"ratelimit-limit": "960", "ratelimit-remaining": "0", "ratelimit-reset": "30"}
    script = Script((429, limited, b""), (200, {}, GOOD))
    scripted_client(script, clock, lambda: beats.append(clock.now)).page(SERVICES, {})
    assert max(later - earlier for earlier, later in pairwise(beats)) <= 2.01


def test_a_heartbeat_that_raises_stops_the_wait(clock: Clock) -> None:
    class Stop(Exception):
        pass

    def heartbeat() -> None:
        if clock.slept > 4:
            raise Stop

    script = Script((429, {"ratelimit-reset": "600"}, b""))
    with pytest.raises(Stop):
        scripted_client(script, clock, heartbeat).page(SERVICES, {})
    assert clock.slept < 60


def test_no_response_at_all_opens_the_circuit_for_a_while(clock: Clock) -> None:
    script = Script((502, {}, b""))
    client = scripted_client(script, clock)
    with pytest.raises(CircuitOpen) as raised:
        client.page(SERVICES, {})
    assert script.sent == 5
    assert raised.value.code == "pagerduty_away"
    assert 20 < raised.value.retry_after <= 30
    with pytest.raises(CircuitOpen):
        client.page(SERVICES, {})
    assert script.sent == 5
    clock.sleep(30)
    script.responses.append((200, {}, GOOD))
    assert client.page(SERVICES, {}).received == 1


def test_one_unresponsive_resource_does_not_open_the_circuit(clock: Clock) -> None:
    class Slow(Script):
        def send(
            self, request: requests.PreparedRequest, *args: object, **kwargs: object
        ) -> requests.Response:
            self.responses = [(200, {}, GOOD)]
            if request.path_url.startswith("/services"):
                self.responses = [requests.ReadTimeout()]
            return super().send(request, *args, **kwargs)

    script = Slow()
    client = scripted_client(script, clock)
    for _ in range(3):
        with pytest.raises(Unreachable):
            client.page(SERVICES, {})
    paths = Counter(request.path_url for request in script.requests)
    assert paths["/services"] == 3 * ATTEMPTS
    assert set(paths) == {"/services", ABILITIES.path}


def test_the_attempts_of_one_request_end(clock: Clock) -> None:
    script = Script((502, {}, b""))
    with pytest.raises(Unreachable):
        scripted_client(script, clock, attempts=2).page(SERVICES, {})
    assert script.sent == 2


@pytest.mark.parametrize(
    ("response", "error", "times"),
    [
        ((402, {}, CANARY.encode()), NotAvailable, 1),
        ((403, {}, CANARY.encode()), NotAvailable, 1),
        ((400, {}, CANARY.encode()), RequestRefused, 1),
        ((404, {}, b""), RequestRefused, 1),
        ((302, {"location": f"http://localhost/users/{CANARY}"}, b""), RequestRefused, 3),
        ((200, {}, b"<html>" + CANARY.encode()), UnexpectedShape, MAX_SHAPES),
        ((200, {}, b'{"services": "' + CANARY.encode() + b'"}'), UnexpectedShape, MAX_SHAPES),
        ((200, {}, b'{"services": [{"id": "' + CANARY.encode()), UnexpectedShape, MAX_SHAPES),
        ((200, {}, b"[" * 100_000), UnexpectedShape, MAX_SHAPES),
        ((200, {"content-encoding": "br"}, GOOD), UnexpectedShape, MAX_SHAPES),
        ((200, {}, b" " * (SERVICES.max_bytes + 1)), TooLarge, 1),
        (requests.ConnectionError(CANARY), CollectorError, 5),
        (EgressRefused("request", "not on the allow-list"), EgressRefused, 1),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value)[:40],
)
def test_a_final_error_carries_no_value(
    response: Response, error: type[CollectorError], times: int, clock: Clock
) -> None:
    script = Script(response)
    with pytest.raises(error) as raised:
        scripted_client(script, clock).page(SERVICES, {})
    assert script.sent == times
    trail: BaseException | None = raised.value
    while trail is not None:
        assert CANARY not in repr(trail)
        assert "token-" not in repr(trail)
        trail = trail.__cause__ or trail.__context__
    assert raised.value.__context__ is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_single_redirect_does_not_end_a_resource(status: int, clock: Clock) -> None:
    script = Script((status, {"location": "http://localhost/away"}, b""), (200, {}, GOOD))
    assert scripted_client(script, clock).page(SERVICES, {}).received == 1
    assert script.sent == 2


@pytest.mark.parametrize(("status", "reason"), [(402, "plan"), (403, "role")])
def test_402_is_the_plan_and_403_the_role(status: int, reason: str, clock: Clock) -> None:
    with pytest.raises(NotAvailable) as raised:
        scripted_client(Script((status, {}, b"")), clock).page(SERVICES, {})
    assert raised.value.reason == reason


def test_404_of_one_object_means_it_was_deleted(clock: Clock) -> None:
    with pytest.raises(Gone):
        scripted_client(Script((404, {}, b"")), clock).page(TEAM_MEMBERS, {}, _team("PTEAM1"))


def test_the_path_contains_the_owner(clock: Clock) -> None:
    script = Script((200, {}, b'{"members":[{"user":{"id":"PU1"},"role":"manager"}]}'))
    page = scripted_client(script, clock).page(TEAM_MEMBERS, {}, _team("PTEAM1"))
    assert page.received == 1
    assert [request.path_url for request in script.requests] == ["/teams/PTEAM1/members"]


@pytest.mark.parametrize("raw", ["", "../users", "P1/notes", "P1?x", "P\n1", "é", "a" * 65])
def test_an_id_that_could_change_the_path_is_not_requested(raw: str, clock: Clock) -> None:
    script = Script((200, {}, GOOD))
    with pytest.raises(RequestRefused) as raised:
        scripted_client(script, clock).page(TEAM_MEMBERS, {}, _team(raw))
    assert script.sent == 0
    assert not raw or raw not in str(raised.value)


def test_a_rejected_token_is_replaced_once(clock: Clock) -> None:
    tokens = Tokens()
    script = Script((401, {}, b""), (200, {}, GOOD))
    assert scripted_client(script, clock, tokens=tokens).page(SERVICES, {}).received == 1
    assert tokens.rejected == ["token-0"]
    sent = [request.headers["Authorization"] for request in script.requests]
    assert sent == ["Bearer token-0", "Bearer token-1"]


def test_a_second_rejected_token_is_final(clock: Clock) -> None:
    script = Script((401, {}, CANARY.encode()))
    with pytest.raises(TokenRejected) as raised:
        scripted_client(script, clock).page(SERVICES, {})
    assert script.sent == 2
    assert "token-" not in repr(raised.value)


def test_a_missing_token_is_retried_without_a_request(clock: Clock) -> None:
    script = Script((200, {}, GOOD))
    tokens = Tokens(Unreachable("token"), times=6)
    assert scripted_client(script, clock, tokens=tokens).page(SERVICES, {}).received == 1
    assert script.sent == 1


def test_a_rejected_grant_sends_no_request(clock: Clock) -> None:
    script = Script((200, {}, GOOD))
    with pytest.raises(TokenRejected):
        scripted_client(script, clock, tokens=Tokens(TokenRejected("token"), times=1)).page(
            SERVICES, {}
        )
    assert script.sent == 0


def test_a_token_that_no_header_accepts_is_not_quoted(clock: Clock) -> None:
    class Broken(Tokens):
        def access_token(self, *, rejected: str | None = None) -> str:
            return f"{CANARY}\ntoken"

    script = Script((200, {}, GOOD))
    with pytest.raises(Unreachable) as raised:
        scripted_client(script, clock, tokens=Broken()).page(SERVICES, {})
    assert script.sent == 0
    assert raised.value.__context__ is None
    assert CANARY not in str(raised.value)


def test_ids_are_requested_without_includes(clock: Clock) -> None:
    script = Script((200, {}, GOOD))
    page = scripted_client(script, clock).ids(SERVICES, {"limit": "100", "offset": "0"})
    assert [each.raw for each in page.ids] == ["P1"]
    assert page.rows == {}
    assert "P1" not in repr(page)


def test_a_malformed_record_is_skipped_and_its_field_reported(clock: Clock) -> None:
    body = b'{"services":[{"id":"P1"},{"id":{"x":"' + CANARY.encode() + b'"}}],"more":false}'
    page = scripted_client(Script((200, {}, body)), clock).page(SERVICES, {})
    assert (page.received, page.skipped, page.unreadable_fields) == (2, 1, {"id"})
    assert CANARY not in repr(page)


def test_a_process_suspended_after_reading_a_token_reads_it_again(clock: Clock) -> None:
    script = Script((200, {}, GOOD))
    tokens = Suspended(clock, times=1)
    assert scripted_client(script, clock, tokens=tokens).page(SERVICES, {}).received == 1
    assert [each.headers["Authorization"] for each in script.requests] == ["Bearer reading-2"]


def test_a_process_suspended_each_time_sends_nothing(clock: Clock) -> None:
    script = Script((200, {}, GOOD))
    tokens = Suspended(clock, times=10_000)
    with pytest.raises(Unreachable):
        scripted_client(script, clock, tokens=tokens).page(SERVICES, {})
    assert script.sent == 0
    assert tokens.readings > ATTEMPTS
