"""Who fails again and again is given time to recover, and tried with one request."""

import pytest

from collectors.client.breaker import FAILURES, BreakerState
from collectors.client.limits import LocalLimiter, Outcome, admitted
from collectors.errors import CircuitOpen, CollectorError

SECOND = 1_000_000
NOW = 1_700_000_000 * SECOND


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> LocalLimiter:
    return LocalLimiter(clock)


def _fail(gate: LocalLimiter, times: int) -> None:
    for _ in range(times):
        assert gate.admit("rest") == 0
        gate.failed("rest")


def _rest(gate: LocalLimiter) -> float:
    with pytest.raises(CircuitOpen) as told:
        gate.admit("rest")
    return told.value.retry_after


def test_five_failures_in_a_row_open_it_for_every_bucket(gate: LocalLimiter) -> None:
    _fail(gate, FAILURES)
    assert _rest(gate) == 30
    with pytest.raises(CircuitOpen) as told:
        gate.admit("oncalls")
    assert isinstance(told.value, CollectorError)
    assert told.value.code == "pagerduty_away"


@pytest.mark.parametrize("verb", ["responded", "limited"])
def test_an_answer_between_failures_keeps_it_closed(
    verb: str, gate: LocalLimiter, clock: Clock
) -> None:
    for _ in range(4):
        _fail(gate, FAILURES - 1)
        assert gate.admit("rest") == 0
        getattr(gate, verb)("rest", None)
        clock.now += 120 * SECOND


def test_the_rest_doubles_up_to_a_quarter_of_an_hour(gate: LocalLimiter, clock: Clock) -> None:
    _fail(gate, FAILURES)
    rests = []
    for _ in range(7):
        rests.append(_rest(gate))
        clock.now += int(rests[-1] * SECOND)
        _fail(gate, 1)
    assert rests == [30, 60, 120, 240, 480, 900, 900]


def test_one_request_tries_while_the_others_wait(gate: LocalLimiter, clock: Clock) -> None:
    _fail(gate, FAILURES)
    clock.now += 30 * SECOND
    assert gate.admit("rest") == 0
    assert 0 < gate.admit("rest") <= 2
    assert 0 < gate.admit("oncalls") <= 2
    gate.responded("rest", None)
    assert gate.admit("rest") == 0
    assert gate.admit("oncalls") == 0
    _fail(gate, 1)
    assert gate.admit("rest") == 0


def test_a_trial_that_never_left_is_left_to_another(gate: LocalLimiter, clock: Clock) -> None:
    _fail(gate, FAILURES)
    clock.now += 30 * SECOND
    assert gate.admit("rest") == 0
    with admitted(gate, "rest"):
        pass
    assert gate.admit("rest") == 0


def test_a_trial_whose_process_died_does_not_block_for_ever() -> None:
    breaker = BreakerState()
    for _ in range(FAILURES):
        breaker.failed(NOW)
    later = NOW + 30 * SECOND
    assert breaker.wait(later) == 0
    breaker.begin(later)
    assert breaker.wait(later + SECOND) > 0
    assert breaker.wait(later + 91 * SECOND) == 0


def test_failures_that_were_under_way_when_it_opened_do_not_lengthen_the_rest(
    gate: LocalLimiter,
) -> None:
    for _ in range(4):
        gate.admit("rest")
    _fail_only(gate, FAILURES + 3)
    assert _rest(gate) == 30


def _fail_only(gate: LocalLimiter, times: int) -> None:
    for _ in range(times):
        gate.failed("rest")


def test_a_clock_that_is_set_back_does_not_lengthen_the_rest() -> None:
    breaker = BreakerState()
    for _ in range(FAILURES):
        breaker.failed(NOW)
    assert breaker.wait(NOW - 24 * 3600 * SECOND) == 0


def test_one_buckets_limit_is_not_the_others(gate: LocalLimiter) -> None:
    assert gate.admit("oncalls") == 0
    gate.limited("oncalls", None)
    assert gate.admit("oncalls") > 0
    assert gate.admit("rest") == 0


def test_an_admission_is_settled_once_or_given_back(gate: LocalLimiter) -> None:
    gate.admit("rest")
    with admitted(gate, "rest") as admission:
        admission.outcome = Outcome.FAILED
    assert gate._budgets["rest"].in_flight == 0
    assert gate._budgets["rest"].unspent == 911
    gate.admit("rest")
    with admitted(gate, "rest"):
        pass
    assert gate._budgets["rest"].unspent == 911
