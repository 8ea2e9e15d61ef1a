"""The budget uses at most 95 % of PagerDuty's limit, for every kind of window."""

import math

import pytest

from collectors.client.budget import ASSUMED, FIRST, SECOND, BudgetState, RateLimit
from tests.unit.collectors.client.limiters import (
    FixedWindow,
    Rounding,
    SlidingWindow,
    simulate,
)

NOW = 1_700_000_000 * SECOND
MINUTE = 60 * SECOND


def _limit(remaining: int, limit: int = 960, reset: float = 60) -> RateLimit:
    return RateLimit(limit, remaining, reset)


def _known(remaining: int = 959) -> BudgetState:
    """A budget one request after its first."""
    budget = BudgetState()
    assert budget.take(NOW) == (1, 0)
    budget.note(_limit(remaining), NOW)
    return budget


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("limit", [960, 240, 100, 20])
@pytest.mark.parametrize("rounding", [math.ceil, float], ids=["up", "exact"])
@pytest.mark.parametrize("in_flight", [1, 4, 16])
def test_a_fixed_window_is_never_used_beyond_95_percent(
    limit: int, rounding: Rounding, in_flight: int, seed: int
) -> None:
    limiter = FixedWindow(limit, rounding)
    simulate(limiter, 3 * limit, in_flight=in_flight, seed=seed)
    assert limiter.refused == 0
    assert limiter.most <= 0.95 * limit


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("limit", [960, 240])
@pytest.mark.parametrize("rounding", [math.ceil, math.floor, float], ids=["up", "down", "exact"])
@pytest.mark.parametrize("kind", [FixedWindow, SlidingWindow])
def test_no_request_of_four_in_flight_is_refused_in_any_kind_of_window(
    kind: type[FixedWindow] | type[SlidingWindow], limit: int, rounding: Rounding, seed: int
) -> None:
    limiter = kind(limit, rounding)
    simulate(limiter, 4 * limit, seed=seed)
    assert limiter.refused == 0
    assert limiter.most >= 0.9 * limit


@pytest.mark.parametrize("kind", [FixedWindow, SlidingWindow])
def test_the_allowed_part_of_a_limit_is_used(kind: type[FixedWindow] | type[SlidingWindow]) -> None:
    total = 4 * 960
    assert simulate(kind(960), total) <= 1.06 * total / 960 * 60


def test_four_requests_may_leave_before_the_first_response() -> None:
    budget = BudgetState()
    assert [budget.take(NOW)[0] for _ in range(6)] == [1] * FIRST + [0, 0]
    budget.note(None, NOW)
    assert budget.take(NOW)[0] == 1
    assert budget.ceiling is None


def test_without_headers_the_published_limit_applies() -> None:
    budget, left = BudgetState(), 0
    for _ in range(2 * ASSUMED):
        granted, _ = budget.take(NOW)
        left += granted
        budget.note(None, NOW, granted)
    assert left == int(0.95 * ASSUMED)
    assert budget.take(NOW + MINUTE)[0] == 1


def test_a_higher_limit_applies_from_the_first_response() -> None:
    limiter = FixedWindow(9_600)
    assert simulate(limiter, 2 * 960) < 60
    assert limiter.refused == 0


def test_of_two_limits_stated_in_turn_the_lower_one_applies() -> None:
    budget = BudgetState()
    for remaining, limit in ((239, 240), (150, 960), (237, 240)):
        budget.take(NOW)
        budget.note(_limit(remaining, limit), NOW)
    assert 0 < budget.unspent <= 150


def test_a_lowered_limit_applies_at_once() -> None:
    budget = _known()
    assert budget.take(NOW)[0] == 1
    budget.note(_limit(3, limit=60), NOW)
    granted, wait = budget.take(NOW)
    assert (granted, wait) == (0, MINUTE)


def test_requests_of_other_users_reduce_the_budget() -> None:
    budget = _known()
    budget.take(NOW)
    budget.note(_limit(48 + 2), NOW)
    assert [budget.take(NOW)[0] for _ in range(3)] == [1, 1, 0]


def test_a_late_response_does_not_raise_the_budget() -> None:
    budget = _known(48 + 5)
    budget.note(_limit(900), NOW)
    assert budget.unspent == 5


def test_a_new_window_is_tried_with_a_few_requests_first() -> None:
    budget = _known(48)
    assert budget.take(NOW + MINUTE - 1) == (0, 1)
    later = NOW + MINUTE
    assert [budget.take(later)[0] for _ in range(5)] == [1, 1, 1, 1, 0]
    budget.note(_limit(48 + 1, reset=3), later)
    granted, wait = budget.take(later)
    assert granted == 0
    assert wait == 3 * SECOND


def test_a_reset_of_zero_waits_a_second() -> None:
    budget = BudgetState()
    budget.take(NOW)
    budget.note(_limit(0, reset=0), NOW)
    assert budget.take(NOW) == (0, SECOND)


def test_429_with_headers_pauses_for_the_stated_time() -> None:
    budget = _known()
    budget.limited(_limit(500, reset=17), NOW, 0.5)
    assert budget.take(NOW) == (0, 17 * SECOND)
    assert budget.take(NOW + 17 * SECOND)[0] == 1


def test_429_without_headers_pauses_longer_until_a_response() -> None:
    budget, moment, waits = _known(), NOW, []
    for _ in range(9):
        budget.limited(None, moment, 1.0)
        _, wait = budget.take(moment)
        waits.append(wait // SECOND)
        moment += wait
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    budget.note(_limit(900), moment)
    budget.limited(None, moment, 1.0)
    assert budget.take(moment)[1] == SECOND


def test_requests_refused_together_are_one_strike() -> None:
    budget = _known()
    for _ in range(4):
        budget.limited(None, NOW, 1.0)
    assert budget.take(NOW) == (0, SECOND)


def test_a_response_during_a_pause_does_not_end_it() -> None:
    budget = _known()
    budget.limited(None, NOW, 1.0)
    budget.note(_limit(900), NOW + 1)
    assert budget.take(NOW + 1) == (0, SECOND - 1)


@pytest.mark.parametrize("reset", [49015, 999_999])
def test_no_reset_pauses_longer_than_two_windows(reset: float) -> None:
    budget = _known()
    budget.limited(_limit(0, reset=reset), NOW, 1.0)
    assert budget.take(NOW) == (0, 2 * MINUTE)
    budget = _known()
    assert budget.take(NOW)[0] == 1
    budget.note(_limit(0, reset=1), NOW)
    later = NOW + SECOND
    assert budget.take(later)[0] == 1
    budget.note(_limit(0, reset=reset), later)
    assert budget.take(later) == (0, 2 * MINUTE)


def test_a_clock_that_is_set_back_blocks_no_request() -> None:
    budget = _known(0)
    assert budget.take(NOW)[0] == 0
    assert budget.take(NOW - 3600 * SECOND)[0] == 1


def test_requests_of_a_process_that_died_do_not_block_the_next_one() -> None:
    budget = BudgetState()
    assert [budget.take(NOW)[0] for _ in range(5)] == [1] * FIRST + [0]
    assert budget.take(NOW + 91 * SECOND)[0] == 1


def test_repeated_process_deaths_leave_most_of_the_limit() -> None:
    budget, moment = _known(), NOW
    for _ in range(30):
        budget.take(moment, 8)
        moment += MINUTE
        budget.take(moment)
        budget.note(_limit(959), moment)
    assert budget.unspent > 840


def test_requests_of_a_killed_process_are_dropped_two_windows_later() -> None:
    budget, moment, granted = BudgetState(), NOW, []
    for minute in range(8):
        ends, passed = moment + MINUTE, 0
        while moment < ends:
            leaves, wait = budget.take(moment)
            if leaves:
                passed += 1
                budget.note(_limit(60 - passed, 60, (ends - moment) / SECOND), moment)
            moment = min(ends, moment + max(wait, SECOND // 10))
        granted.append(passed)
        if minute < 4:
            budget.in_flight += 12
    assert granted == [57, 45, 45, 45, 45, 57, 57, 57]
    assert budget.in_flight == 0


def test_requests_under_way_at_the_end_of_a_window_count_again() -> None:
    budget = _known()
    assert budget.take(NOW, 8)[0] == 8
    later = NOW + MINUTE
    assert budget.take(later)[0] == 1
    assert budget.unspent == 912 - 8 - 1
    budget.note(_limit(959), later, 9)
    assert budget.in_flight == 0


def test_several_at_once_only_while_many_are_left() -> None:
    budget = _known()
    assert budget.take(NOW, 8)[0] == 8
    budget.note(_limit(48 + 20), NOW, 8)
    assert budget.take(NOW, 8)[0] == 1


def test_a_request_that_never_left_is_returned() -> None:
    budget = _known()
    before = budget.unspent
    budget.take(NOW)
    budget.unused()
    assert (budget.unspent, budget.in_flight) == (before, 0)
    budget.take(NOW, 8)
    budget.spare(8)
    assert (budget.unspent, budget.in_flight) == (before, 0)


def test_a_response_of_an_earlier_window_does_not_count_in_this_one() -> None:
    budget = _known(48)
    later = NOW + MINUTE
    assert budget.take(later)[0] == 1
    budget.note(_limit(48), NOW + MINUTE - 1)
    budget.note(_limit(959), later)
    assert budget.unspent > 900
