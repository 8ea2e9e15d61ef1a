"""Intervals of shares, and of what lies between two of them."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from app.assessment.statistics import clopper_pearson, newcombe, wilson

samples = st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None)
@given(samples)
@example((0, 9))
@example((9, 9))
def test_wilson_agrees_with_scipy(sample: tuple[int, int]) -> None:
    hits, of = sample
    expected = stats.binomtest(hits, of).proportion_ci(0.95, "wilson")
    assert wilson(hits, of) == pytest.approx((expected.low, expected.high), abs=1e-7)


@pytest.mark.parametrize("of", range(1, 40))
def test_all_or_nothing_reaches_the_end_exactly(of: int) -> None:
    none, every = wilson(0, of), wilson(of, of)
    assert none is not None
    assert every is not None
    assert none[0] == 0.0
    assert every[1] == 1.0


def test_of_nothing_there_is_no_interval() -> None:
    assert wilson(0, 0) is None
    assert clopper_pearson(0, 0) is None
    assert newcombe(0, 0, 1, 2) is None
    assert newcombe(1, 2, 0, 0) is None


@settings(deadline=None)
@given(samples)
@example((0, 1))
@example((1, 1))
@example((1, 20_000))
@example((19_999, 20_000))
@example((500_000, 1_000_000))
def test_clopper_pearson_agrees_with_scipy(sample: tuple[int, int]) -> None:
    hits, of = sample
    low = stats.beta.ppf(0.025, hits, of - hits + 1) if hits else 0.0
    high = stats.beta.ppf(0.975, hits + 1, of - hits) if hits < of else 1.0
    assert clopper_pearson(hits, of) == pytest.approx((low, high), rel=1e-9)


# Newcombe 1998, table II, example (a): 56 of 70 against 48 of 80, method 10: 0.0524 to 0.3339.
def test_newcombe_gives_the_interval_of_its_paper() -> None:
    assert newcombe(48, 80, 56, 70) == pytest.approx((0.0524, 0.3339), abs=5e-5)


# Same table, example (h): 10 of 10 against 0 of 10: 0.6075 to 1.
def test_newcombe_of_none_and_all() -> None:
    assert newcombe(0, 10, 10, 10) == pytest.approx((0.6075, 1.0), abs=5e-5)


@given(samples, samples)
def test_newcombe_turns_round_with_its_samples(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    low, high = newcombe(*first, *second) or (math.nan, math.nan)
    assert newcombe(*second, *first) == pytest.approx((-high, -low), abs=1e-12)


@given(samples, samples)
def test_an_interval_contains_its_share(first: tuple[int, int], second: tuple[int, int]) -> None:
    share1, share2 = first[0] / first[1], second[0] / second[1]
    for interval, share in (
        (wilson(*first), share1),
        (clopper_pearson(*first), share1),
        (newcombe(*first, *second), share2 - share1),
    ):
        assert interval is not None
        assert interval[0] - 1e-12 <= share <= interval[1] + 1e-12
        assert interval[0] >= -1
        assert interval[1] <= 1
