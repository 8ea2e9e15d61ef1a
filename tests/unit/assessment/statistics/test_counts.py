"""Exact intervals of counts and rates, and how odd a count is."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from app.assessment.statistics import garwood, poisson_tail, rate_ratio
from app.assessment.statistics.tails import Tail, crossing, poisson_at_most

exposures = st.floats(0.01, 1000)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 20_000))
@example(0)
@example(1)
@example(1_000_000)
def test_poisson_interval_is_exact(events: int) -> None:
    low = stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    high = stats.chi2.ppf(0.975, 2 * events + 2) / 2
    assert garwood(events) == pytest.approx((low, high), rel=1e-9)
    assert garwood(events)[0] <= events <= garwood(events)[1]


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 3000), st.floats(0.01, 3000))
def test_poisson_tail_agrees_with_scipy(observed: int, expected: float) -> None:
    there = float(stats.poisson.sf(observed - 1, expected))
    assert poisson_tail(observed, expected) == pytest.approx(there, rel=1e-8, abs=1e-12)


def test_nothing_seen_is_never_odd_and_something_from_nothing_always_is() -> None:
    assert poisson_tail(0, 5.0) == 1.0
    assert poisson_tail(0, 0.0) == 1.0
    assert poisson_tail(3, 0.0) == 0.0


def test_rate_ratio_to_nothing_is_unknown() -> None:
    assert rate_ratio(0, 1.0, 5, 1.0) == (None, None)
    assert rate_ratio(0, 1.0, 0, 1.0) == (None, None)


# The upper limit of 0 of 5: 1 - 0.025 ** (1 / 5).
def test_rate_ratio_of_nothing_is_zero_with_an_upper_limit() -> None:
    high = 1 - 0.025**0.2
    ratio, interval = rate_ratio(5, 2.0, 0, 2.0)
    assert ratio == 0.0
    assert interval == pytest.approx((0.0, high / (1 - high)), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), exposures, st.integers(1, 400), exposures)
def test_rate_ratio_is_fishers_f(
    events1: int, exposure1: float, events2: int, exposure2: float
) -> None:
    scale = exposure1 / exposure2
    low = events2 / (events1 + 1) * stats.f.ppf(0.025, 2 * events2, 2 * events1 + 2) * scale
    high = (events2 + 1) / events1 * stats.f.ppf(0.975, 2 * events2 + 2, 2 * events1) * scale
    ratio, interval = rate_ratio(events1, exposure1, events2, exposure2)
    assert ratio == pytest.approx(events2 / exposure2 / (events1 / exposure1))
    assert interval == pytest.approx((low, high), rel=1e-8)
    assert low <= ratio <= high
    assert rate_ratio(events2, exposure2, events1, exposure1)[1] == pytest.approx(
        (1 / high, 1 / low), rel=1e-8
    )


# The price of an assessment: thousands of intervals, each a few sums over a tail.
def test_a_crossing_nearby_takes_a_handful_of_tails() -> None:
    question: list[float] = []

    def falling(x: float) -> Tail:
        question.append(x)
        return poisson_at_most(100, x)

    crossing(falling, 121.0, 0.025)
    assert len(question) <= 5
