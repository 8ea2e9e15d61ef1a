"""Intervals and percentiles are those of the textbooks, computed without scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from app.assessment.statistics import (
    Values,
    garwood,
    order_interval,
    percentile,
    wilson,
)

numbers = st.lists(st.integers(0, 10**9), min_size=1, max_size=60)


def ranked(n: int) -> Values:
    """1, 2, … n: a value is its own rank."""
    return np.arange(1, n + 1, dtype=np.float64)


@pytest.mark.parametrize(("p", "expected"), [(0.5, 240.0), (0.9, 1500.0), (0.95, 1950.0)])
def test_percentile_interpolates_between_neighbours(p: float, expected: float) -> None:
    assert percentile(np.array([90.0, 120, 180, 300, 600, 2400]), p) == pytest.approx(expected)


def test_percentile_of_one_value_is_that_value() -> None:
    assert percentile(np.array([7.0]), 0.9) == 7.0


@given(numbers, st.sampled_from([0.0, 0.25, 0.5, 0.9, 0.95, 1.0]))
def test_percentile_is_type_7(found: list[int], p: float) -> None:
    values = np.sort(np.array(found, dtype=np.float64))
    assert percentile(values, p) == pytest.approx(float(np.quantile(values, p)), rel=1e-12)


def test_median_interval_exists_from_six_values() -> None:
    assert order_interval(ranked(5), 0.5) is None
    assert order_interval(ranked(6), 0.5) == (1.0, 6.0)


def test_median_interval_of_nine_values_spans_ranks_two_to_eight() -> None:
    assert order_interval(ranked(9), 0.5) == (2.0, 8.0)


def test_no_values_have_no_interval() -> None:
    assert order_interval(ranked(0), 0.5) is None


@settings(max_examples=60)
@given(st.integers(1, 3000), st.sampled_from([0.5, 0.9, 0.95]))
def test_order_interval_takes_the_innermost_ranks_scipy_allows(n: int, p: float) -> None:
    below = [j for j in range(1, n + 1) if stats.binom.cdf(j - 1, n, p) <= 0.025]
    above = [u for u in range(1, n + 1) if stats.binom.sf(u - 1, n, p) <= 0.025]
    expected = (float(max(below)), float(min(above))) if below and above else None
    assert order_interval(ranked(n), p) == expected


@given(st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy(sample: tuple[int, int]) -> None:
    hits, of = sample
    expected = stats.binomtest(hits, of).proportion_ci(0.95, "wilson")
    assert wilson(hits, of) == pytest.approx((expected.low, expected.high), abs=1e-7)


def test_wilson_of_nothing_is_nothing() -> None:
    assert wilson(0, 0) is None


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 20_000))
def test_poisson_interval_is_exact(events: int) -> None:
    low = stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    high = stats.chi2.ppf(0.975, 2 * events + 2) / 2
    assert garwood(events) == pytest.approx((low, high), rel=1e-8)


def test_no_event_leaves_room_for_almost_four() -> None:
    assert garwood(0) == pytest.approx((0.0, 3.6889), abs=1e-4)
