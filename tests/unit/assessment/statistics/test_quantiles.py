"""Percentiles and their intervals are those of the textbooks."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from app.assessment.statistics import Values, order_interval, percentile

numbers = st.lists(st.integers(0, 10**9), min_size=1, max_size=60)
levels = st.sampled_from([0.05, 0.1, 0.5, 0.9, 0.95])


def ranked(n: int) -> Values:
    """1, 2, … n: a value is its own rank."""
    return np.arange(1, n + 1, dtype=np.float64)


@given(numbers, st.sampled_from([0.0, 0.25, 0.5, 0.9, 0.95, 1.0]))
def test_percentile_is_type_7(found: list[int], p: float) -> None:
    values = np.sort(np.array(found, dtype=np.float64))
    assert percentile(values, p) == pytest.approx(float(np.quantile(values, p)), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), levels)
@example(5, 0.5)
@example(6, 0.5)
@example(35, 0.9)
@example(36, 0.9)
def test_order_interval_takes_the_innermost_ranks_scipy_allows(n: int, p: float) -> None:
    ranks = ranked(n)
    below = ranks[stats.binom.cdf(ranks - 1, n, p) <= 0.025]
    above = ranks[stats.binom.sf(ranks - 1, n, p) <= 0.025]
    expected = (below.max(), above.min()) if len(below) and len(above) else None
    assert order_interval(ranked(n), p) == expected


@pytest.mark.parametrize("p", [0.5, 0.9, 0.95])
def test_a_million_values_have_the_same_ranks_as_scipy_finds(p: float) -> None:
    n = 1_000_000
    low, high = order_interval(ranked(n), p) or (0.0, 0.0)
    assert stats.binom.cdf(low - 1, n, p) <= 0.025 < stats.binom.cdf(low, n, p)
    assert stats.binom.sf(high - 1, n, p) <= 0.025 < stats.binom.sf(high - 2, n, p)


@given(numbers, levels)
def test_an_interval_contains_its_percentile(found: list[int], p: float) -> None:
    values = np.sort(np.array(found, dtype=np.float64))
    low, high = order_interval(values, p) or (-np.inf, np.inf)
    assert low <= percentile(values, p) <= high
