"""Weeks that stand out from ordinary variation are named, and ordinary ones are not."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.statistics import ChangePoint, Xmr, change_point, xmr


def limits(values: Sequence[float]) -> Xmr:
    found = xmr(values)
    assert found is not None
    return found


def change(values: Sequence[float], permutations: int = 999) -> ChangePoint:
    found = change_point(values, seed=1, permutations=permutations)
    assert found is not None
    return found


weeks = st.lists(st.integers(0, 100), min_size=12, max_size=40)


def test_limits_are_266_moving_ranges_from_the_mean() -> None:
    # Ranges 2, 2, …: mean 11, mean moving range 2.
    found = limits([10, 12] * 4)
    assert (found.mean, found.mean_moving_range) == (11, 2)
    assert (found.upper, found.lower) == pytest.approx((16.32, 5.68))
    assert found.signals == ()


def test_seven_weeks_have_limits_only_with_a_lower_minimum() -> None:
    assert xmr([1] * 7) is None
    assert xmr([1] * 8) is not None
    assert xmr([1, 3, 2], minimum=3) is not None
    assert xmr([1], minimum=1) is None
    assert xmr([], minimum=0) is None


def test_the_lower_limit_is_never_below_nothing() -> None:
    found = limits([0, 9] * 5)
    assert found.lower == 0
    assert found.signals == ()


def test_a_week_outside_the_limits_is_a_signal() -> None:
    # Mean 12, ranges 0 … 0, 20, 20: mean 40/9; limits 0.18 and 23.8; nine in a row are below.
    high = limits([10, 10, 10, 10, 30, 10, 10, 10, 10, 10])
    assert high.mean == 12
    assert high.upper == pytest.approx(12 + 2.66 * 40 / 9)
    assert high.signals == (4,)
    low = limits([90, 90, 90, 90, 10, 90, 90, 90, 90, 90])
    assert low.signals == (4,)


def test_eight_in_a_row_on_one_side_are_a_signal_and_seven_are_not() -> None:
    eight = limits([9, 11, *[9, 8, 9, 8, 9, 8, 9, 8], *[11, 12, 11, 12, 11, 12, 11]])
    assert eight.signals == (2, 3, 4, 5, 6, 7, 8, 9)
    seven = limits([9, 11, *[9, 8, 9, 8, 9, 8, 9], *[11, 12, 11, 12, 11, 12, 11]])
    assert seven.signals == ()


def test_a_week_at_the_mean_ends_a_run() -> None:
    below, above = [4, 3, 4, 3], [6, 7, 6, 7]
    unbroken = limits([*below, *below, *above, *above])
    assert unbroken.mean == 5
    assert unbroken.signals == tuple(range(16))
    broken = limits([*below, 5, *below, *above, 5, *above])
    assert broken.signals == ()


@pytest.mark.parametrize("value", [0.0, 0.1, 0.7, 3.3])
@pytest.mark.parametrize("n", [8, 9, 11, 30])
def test_weeks_that_are_all_alike_give_no_signal(value: float, n: int) -> None:
    found = limits([value] * n)
    assert found.signals == ()


@given(weeks)
def test_signals_are_what_the_rule_names(values: list[int]) -> None:
    found = limits(values)
    mean = found.mean
    named = {i for i, x in enumerate(values) if x > found.upper + 1e-9 or x < found.lower - 1e-9}
    for begin in range(len(values) - 7):
        eight = values[begin : begin + 8]
        if all(x - mean > 1e-9 for x in eight) or all(mean - x > 1e-9 for x in eight):
            named.update(range(begin, begin + 8))
    assert set(found.signals) == named
    assert list(found.signals) == sorted(found.signals)
    assert 0 <= found.lower <= mean <= found.upper


def test_a_level_that_doubled_in_the_seventh_week() -> None:
    values = [10, 11, 9, 10, 11, 9, 20, 21, 19, 20, 21, 19]
    found = change(values)
    assert (found.index, found.direction) == (6, "up")
    assert found.p < 0.05
    fallen = change(values[::-1])
    assert (fallen.index, fallen.direction) == (6, "down")


def test_weeks_that_go_up_and_down_have_no_clear_change() -> None:
    found = change([10, 12, 9, 11] * 4)
    assert found.p > 0.5


def test_eleven_weeks_are_too_few_and_equal_ones_never_change() -> None:
    assert change_point([1] * 5 + [9] * 6, seed=1) is None
    assert change_point([1] * 6 + [9] * 6, seed=1) is not None
    assert change_point([4] * 20, seed=1) is None


def test_of_equal_sums_the_earliest_counts() -> None:
    # Centred -1, 1, -1, 1, …: every odd sum is -1.
    found = change([1, 3] * 6)
    assert (found.index, found.direction) == (1, "up")


def test_the_real_series_counts_among_the_shuffled() -> None:
    found = change([0] * 20 + [50] * 20, permutations=99)
    assert found.p == 1 / 100


def test_the_same_seed_gives_the_same_p() -> None:
    values = [3, 5, 2, 8, 1, 9, 4, 7, 6, 9, 8, 9]
    assert change_point(values, seed=4) == change_point(values, seed=4)
    assert len({change_point(values, seed=seed) for seed in range(5)}) > 1


@settings(max_examples=40, deadline=None)
@given(weeks.filter(lambda values: len(set(values)) > 1))
def test_the_week_is_where_the_cumulative_sum_is_farthest(values: list[int]) -> None:
    found = change(values, permutations=19)
    # Times n, so that all sums are whole numbers.
    n, total = len(values), sum(values)
    sums = [n * sum(values[:k]) - k * total for k in range(1, n)]
    largest = max(map(abs, sums))
    assert found.index == next(k for k, s in enumerate(sums, 1) if abs(s) == largest)
    assert (found.direction == "up") == (sums[found.index - 1] < 0)
    assert 1 / 20 <= found.p <= 1
