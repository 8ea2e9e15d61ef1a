"""The rate limit: a fixed minute, and one of their own for on-calls."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from tests.unit.sandbox.sandbox_browser import Browser

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def limits_of(response: Any) -> tuple[int, int, int, int]:
    names = ("limit", "remaining", "reset")
    limit, remaining, reset = (int(response.headers[f"ratelimit-{name}"]) for name in names)
    return response.status_code, limit, remaining, reset


def test_a_fixed_minute_begins_with_the_first_request_and_ends_at_once(
    start: Callable[..., Browser],
) -> None:
    browser = start(rate_limit=3)
    with time_machine.travel(NOW, tick=False) as clock:
        assert limits_of(browser.get("/abilities")) == (200, 3, 2, 60)
        clock.shift(timedelta(seconds=58.5))
        assert limits_of(browser.get("/abilities")) == (200, 3, 1, 2)
        assert limits_of(browser.get("/abilities")) == (200, 3, 0, 2)
        assert limits_of(browser.get("/abilities")) == (429, 3, 0, 2)
        token = browser.connect()["access_token"]
        assert limits_of(browser.get("/abilities", token)) == (200, 3, 2, 60), (
            "each has its own limit"
        )
        clock.shift(timedelta(seconds=1.5))
        assert limits_of(browser.get("/abilities")) == (200, 3, 2, 60)


def test_on_calls_have_their_own_limit_and_the_nearest_limit_is_stated(
    start: Callable[..., Browser],
) -> None:
    browser = start(rate_limit=5, oncalls_limit=2)
    with time_machine.travel(NOW, tick=False):
        assert limits_of(browser.get("/oncalls")) == (200, 2, 1, 60)
        assert limits_of(browser.get("/services")) == (200, 5, 3, 60)
        assert limits_of(browser.get("/oncalls")) == (200, 2, 0, 60)
        assert limits_of(browser.get("/oncalls")) == (429, 2, 0, 60)
        assert limits_of(browser.get("/services")) == (200, 5, 1, 60), (
            "a refused one does not count"
        )
        assert limits_of(browser.get("/services")) == (200, 5, 0, 60)
        assert limits_of(browser.get("/services")) == (429, 5, 0, 60)


def test_the_default_for_on_calls_is_240_a_minute(browser: Browser) -> None:
    assert browser.get("/oncalls").headers["ratelimit-limit"] == "240"
    assert browser.get("/schedules").headers["ratelimit-limit"] == "960"


def test_no_limit_is_no_limit_for_on_calls_either(start: Callable[..., Browser]) -> None:
    browser = start(rate_limit=0, oncalls_limit=1)
    answers = [browser.get("/oncalls") for _ in range(3)]
    assert {one.status_code for one in answers} == {200}
    assert "ratelimit-limit" not in answers[0].headers
