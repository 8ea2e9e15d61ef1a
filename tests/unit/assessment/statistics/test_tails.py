"""Tail probabilities agree with scipy on the side of the mean they are made for."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from app.assessment.statistics.tails import (
    Tail,
    binomial_at_least,
    crossing,
    poisson_at_least,
    poisson_at_most,
)

counts = st.integers(1, 30_000)
far = st.floats(0.0, 1.0, exclude_max=True)
hits = st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))


def near(tail: float, slope: float) -> Any:
    return pytest.approx((tail, slope), rel=1e-7, abs=1e-250)


@settings(deadline=None)
@given(counts, st.floats(1.0, 3.0))
def test_few_poisson_events_where_many_are_expected(k: int, times: float) -> None:
    rate = k * times
    here = stats.poisson.pmf(k, rate)
    assert poisson_at_most(k, rate) == near(stats.poisson.cdf(k, rate), -here)


@settings(deadline=None)
@given(counts, far)
def test_many_poisson_events_where_few_are_expected(k: int, share: float) -> None:
    rate = max(1e-3, k * share)
    before = stats.poisson.pmf(k - 1, rate)
    assert poisson_at_least(k, rate) == near(stats.poisson.sf(k - 1, rate), before)


@settings(deadline=None)
@given(hits, far)
def test_many_hits_where_few_are_expected(sample: tuple[int, int], share: float) -> None:
    k, n = sample
    p = max(1e-6, k / n * share)
    slope = n * stats.binom.pmf(k - 1, n - 1, p)
    assert binomial_at_least(k, n, p) == near(stats.binom.sf(k - 1, n, p), slope)


@pytest.mark.parametrize("k", [1, 2, 100, 10_000, 1_000_000])
def test_the_sums_reach_far_enough_at_the_mean(k: int) -> None:
    assert poisson_at_most(k, k)[0] == pytest.approx(stats.poisson.cdf(k, k), rel=1e-8)
    assert poisson_at_least(k, k)[0] == pytest.approx(stats.poisson.sf(k - 1, k), rel=1e-8)
    half = stats.binom.sf(k - 1, 2 * k, 0.5)
    assert binomial_at_least(k, 2 * k, 0.5)[0] == pytest.approx(half, rel=1e-8)


# 1 - exp(-x) = 0.025 at -log(0.975), from far left, near, and so far right that Newton's first
# step would fall below 0.
@pytest.mark.parametrize("start", [1e-6, 0.02, 1.0, 12.0])
def test_a_rising_tail_is_crossed_from_anywhere(start: float) -> None:
    found = crossing(lambda x: (-math.expm1(-x), math.exp(-x)), start, 0.025)
    assert found == pytest.approx(-math.log(0.975), rel=1e-13)


# exp(-x) = 0.025.
@pytest.mark.parametrize("start", [0.01, 3.0, 50.0])
def test_a_falling_tail_is_crossed_from_anywhere(start: float) -> None:
    found = crossing(lambda x: (math.exp(-x), -math.exp(-x)), start, 0.025)
    assert found == pytest.approx(-math.log(0.025), rel=1e-13)


# The price of an assessment: thousands of intervals, each a few sums over a tail.
def test_a_crossing_nearby_takes_a_handful_of_tails() -> None:
    question: list[float] = []

    def falling(x: float) -> Tail:
        question.append(x)
        return poisson_at_most(100, x)

    crossing(falling, 121.0, 0.025)
    assert len(question) <= 5
