"""After failures in a row PagerDuty is given time to recover, and tried with one request."""

from contextlib import suppress
from unittest.mock import call, create_autospec

import pytest

from collectors.client.breaker import FAILURES, BreakerState
from collectors.client.rate_limits import Limiter, LocalLimiter, Outcome, admitted
from collectors.errors import CircuitOpen, CollectorError
from tests.unit.collectors.client.limiters import Clock

SECOND = 1_000_000
NOW = 1_700_000_000 * SECOND


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def limiter(clock: Clock) -> LocalLimiter:
    return LocalLimiter(clock)


def _fail(limiter: LocalLimiter, times: int) -> None:
    for _ in range(times):
        assert limiter.admit("rest") == 0
        limiter.failed("rest")


def _pause(limiter: LocalLimiter) -> float:
    with pytest.raises(CircuitOpen) as raised:
        limiter.admit("rest")
    return raised.value.retry_after


def test_five_failures_in_a_row_open_it_for_every_bucket(limiter: LocalLimiter) -> None:
    _fail(limiter, FAILURES)
    assert _pause(limiter) == 30
    with pytest.raises(CircuitOpen) as raised:
        limiter.admit("oncalls")
    assert isinstance(raised.value, CollectorError)
    assert raised.value.code == "pagerduty_away"


@pytest.mark.parametrize("verb", ["responded", "limited"])
def test_a_response_between_failures_keeps_it_closed(
    verb: str, limiter: LocalLimiter, clock: Clock
) -> None:
    for _ in range(4):
        _fail(limiter, FAILURES - 1)
        assert limiter.admit("rest") == 0
        getattr(limiter, verb)("rest", None)
        clock.now += 120 * SECOND


def test_the_pause_doubles_up_to_a_quarter_of_an_hour(limiter: LocalLimiter, clock: Clock) -> None:
    _fail(limiter, FAILURES)
    pauses = []
    for _ in range(7):
        pauses.append(_pause(limiter))
        clock.now += int(pauses[-1] * SECOND)
        _fail(limiter, 1)
    assert pauses == [30, 60, 120, 240, 480, 900, 900]


def test_one_request_is_the_trial_while_others_wait(limiter: LocalLimiter, clock: Clock) -> None:
    _fail(limiter, FAILURES)
    clock.now += 30 * SECOND
    assert limiter.admit("rest") == 0
    assert 0 < limiter.admit("rest") <= 2
    assert 0 < limiter.admit("oncalls") <= 2
    limiter.responded("rest", None)
    assert limiter.admit("rest") == 0
    assert limiter.admit("oncalls") == 0
    _fail(limiter, 1)
    assert limiter.admit("rest") == 0


def test_another_request_replaces_a_trial_that_never_left(
    limiter: LocalLimiter, clock: Clock
) -> None:
    _fail(limiter, FAILURES)
    clock.now += 30 * SECOND
    assert limiter.admit("rest") == 0
    with admitted(limiter, "rest"):
        pass
    assert limiter.admit("rest") == 0


def test_a_trial_whose_process_died_does_not_block_for_ever() -> None:
    breaker = BreakerState()
    for _ in range(FAILURES):
        breaker.failed(NOW)
    later = NOW + 30 * SECOND
    assert breaker.wait(later) == 0
    breaker.begin(later)
    assert breaker.wait(later + SECOND) > 0
    assert breaker.wait(later + 91 * SECOND) == 0


def test_failures_under_way_when_it_opens_do_not_lengthen_the_pause(
    limiter: LocalLimiter,
) -> None:
    for _ in range(4):
        limiter.admit("rest")
    for _ in range(FAILURES + 3):
        limiter.failed("rest")
    assert _pause(limiter) == 30


def test_a_clock_that_is_set_back_does_not_lengthen_the_pause() -> None:
    breaker = BreakerState()
    for _ in range(FAILURES):
        breaker.failed(NOW)
    assert breaker.wait(NOW - 24 * 3600 * SECOND) == 0


def test_buckets_have_separate_limits(limiter: LocalLimiter) -> None:
    assert limiter.admit("oncalls") == 0
    limiter.limited("oncalls", None)
    assert limiter.admit("oncalls") > 0
    assert limiter.admit("rest") == 0


@pytest.mark.parametrize(
    ("outcome", "settled"),
    [
        (Outcome.UNUSED, [call.unused("rest")]),
        (Outcome.FAILED, [call.failed("rest")]),
        (Outcome.LIMITED, [call.limited("rest", None)]),
        (Outcome.RESPONDED, [call.responded("rest", None)]),
    ],
    ids=str,
)
def test_an_admission_is_settled_once_also_when_an_error_ends_it(
    outcome: Outcome, settled: list[object]
) -> None:
    limiter = create_autospec(Limiter, instance=True)
    with suppress(KeyError), admitted(limiter, "rest") as admission:
        admission.outcome = outcome
        raise KeyError
    assert limiter.mock_calls == settled
