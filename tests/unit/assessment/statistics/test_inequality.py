"""How unevenly duty falls is one number for the team, the same for any order of people."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.statistics import (
    bootstrap_interval,
    bus_factor,
    gini,
    gini_corrected,
    herfindahl,
    lorenz,
    top_share,
)

hours = st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any)


def pairwise(values: list[int]) -> float:
    """Half the relative mean difference of all pairs: Gini without ranks."""
    apart = np.abs(np.subtract.outer(values, values)).sum()
    return float(apart / (2 * len(values) * sum(values)))


def test_four_people_with_unequal_weeks() -> None:
    # 2 * (1 * 24 + 2 * 24 + 3 * 48 + 4 * 72) / (4 * 168) - 5/4 = 1008 / 672 - 1.25
    assert gini([72, 24, 48, 24]) == pytest.approx(0.25)
    assert gini_corrected([72, 24, 48, 24]) == pytest.approx(1 / 3)


@pytest.mark.parametrize("measure", [gini, gini_corrected, herfindahl, bus_factor, top_share])
@pytest.mark.parametrize("values", [[], [0.0], [0.0, 0.0, 0.0]])
def test_where_nobody_was_on_duty_there_is_nothing_to_share(
    measure: object, values: list[float]
) -> None:
    assert callable(measure)
    assert measure(values) is None
    assert lorenz(values) == []


def test_one_person_alone_is_equal_but_can_not_be_corrected() -> None:
    assert gini([5]) == 0
    assert gini_corrected([5]) is None


@given(hours)
def test_gini_is_half_the_relative_mean_difference(values: list[int]) -> None:
    found = gini(values)
    assert found == pytest.approx(pairwise(values), abs=1e-12)
    assert found is not None
    assert 0 <= found < 1


@given(hours)
def test_the_order_of_people_changes_nothing(values: list[int]) -> None:
    turned = values[::-1]
    for measure in (gini, gini_corrected, herfindahl, bus_factor, top_share, lorenz):
        assert measure(values) == measure(turned)
    assert bootstrap_interval(values, gini, 1, 50) == bootstrap_interval(turned, gini, 1, 50)


def test_equal_hours_that_floats_cannot_represent_are_equal() -> None:
    assert gini([0.1] * 7) == pytest.approx(0, abs=1e-15)
    assert (gini([0.1] * 7) or 0) >= 0


def test_lorenz_starts_at_nothing_and_ends_at_everything() -> None:
    assert lorenz([6, 1, 3]) == [
        (0, 0),
        (pytest.approx(1 / 3), pytest.approx(0.1)),
        (pytest.approx(2 / 3), pytest.approx(0.4)),
        (1, 1),
    ]


@given(hours)
def test_gini_is_the_area_between_the_diagonal_and_the_lorenz_curve(values: list[int]) -> None:
    people, reached = zip(*lorenz(values), strict=True)
    under = float(np.trapezoid(reached, people))
    assert 1 - 2 * under == pytest.approx(gini(values), abs=1e-12)
    assert (people[0], reached[0], people[-1], reached[-1]) == (0, 0, 1, 1)


def test_squared_shares_of_a_policy_with_half_of_six_services() -> None:
    expected = 0.25 + 3 / 36
    assert herfindahl([3, 1, 1, 1]) == pytest.approx(expected)
    assert herfindahl([1 / 6, 0.5, 1 / 6, 1 / 6]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5, 5], 1),
        ([5, 4, 1], 1),
        ([4, 3, 3], 2),
        ([1, 1, 1, 1, 1], 3),
        ([7], 1),
        ([0.1] * 10, 5),
        ([0.1] * 6, 3),
    ],
)
def test_the_bus_factor_is_the_fewest_people_with_half_of_the_hours(
    values: list[float], expected: int
) -> None:
    assert bus_factor(values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([9, 1], 0.9),
        ([5, 1, 1, 1, 1, 1], 0.5),
        ([*[1] * 8, 4, 8], 0.6),
        ([1] * 15, 0.2),
        ([1] * 14, 1 / 7),
    ],
)
def test_the_top_fifth_is_rounded_down_but_never_nobody(
    values: list[float], expected: float
) -> None:
    assert top_share(values) == pytest.approx(expected)


def test_another_fraction_of_the_top() -> None:
    # 0.29 * 100 is 28.999999999999996 in floats, and still 29 people.
    assert top_share([1] * 100, 0.29) == pytest.approx(0.29)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = [10, 20, 20, 30, 90, 0, 15, 40]
    assert bootstrap_interval(values, gini, 7) == bootstrap_interval(values, gini, 7)
    assert bootstrap_interval(values, gini, 7) != bootstrap_interval(values, gini, 8)


@settings(max_examples=20, deadline=None)
@given(hours.filter(lambda values: len(values) > 1), st.integers(0, 2**32))
def test_resampling_all_at_once_is_resampling_one_by_one(values: list[int], seed: int) -> None:
    for measure in (gini, gini_corrected):
        at_once = bootstrap_interval(values, measure, seed, 60)
        one_by_one = bootstrap_interval(values, lambda row, m=measure: m(row), seed, 60)  # type: ignore[misc]
        assert at_once == pytest.approx(one_by_one, abs=1e-12)


def test_the_interval_of_a_mean_is_close_to_that_of_the_normal_distribution() -> None:
    values = np.arange(400.0)
    low, high = bootstrap_interval(values, lambda row: float(row.mean()), 3) or (0.0, 0.0)
    half = 1.96 * float(values.std()) / 20
    assert (low, high) == pytest.approx((199.5 - half, 199.5 + half), abs=1.5)


def test_two_people_of_whom_one_works_are_resampled_to_nothing_a_quarter_of_the_time() -> None:
    # The rest is (0, 1) or (1, 1): Gini 1/2 or 0.
    assert bootstrap_interval([0, 1], gini, 5) == (0, 0.5)


def test_nobody_and_one_person_have_no_interval() -> None:
    assert bootstrap_interval([], gini, 5) is None
    assert bootstrap_interval([3], gini, 5) is None
    assert bootstrap_interval([0, 0], gini, 5) is None


def test_many_people_are_resampled_in_batches_of_the_same_stream() -> None:
    values = np.arange(1.0, 30_001)
    low, high = bootstrap_interval(values, gini, 5, 100) or (0.0, 0.0)
    assert low < 1 / 3 < high
    assert high - low < 0.01
