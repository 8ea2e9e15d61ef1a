"""How long things last when some of them have not ended: hand-made curves, and scipy's."""

import math
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from app.assessment.statistics import Survival, Values, kaplan_meier

TIMES = [240, 1800, 3600, 7200, 14400, 43200]
ENDED = [True, True, True, True, False, False]

spells = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=50)


def curve_of(found: list[tuple[int, bool]]) -> Survival:
    return kaplan_meier([time for time, _ in found], [ended for _, ended in found])


def scipys(found: list[tuple[int, bool]]) -> Any:
    ended = [time for time, seen in found if seen]
    going = [time for time, seen in found if not seen]
    return stats.ecdf(stats.CensoredData(uncensored=ended, right=going)).sf


def test_the_curve_of_six_incidents_of_which_two_are_open() -> None:
    curve = kaplan_meier(TIMES, ENDED)
    assert curve.times.dtype == curve.survival.dtype == np.float64
    assert curve.times.tolist() == [240, 1800, 3600, 7200]
    assert curve.survival.tolist() == pytest.approx([5 / 6, 4 / 6, 3 / 6, 2 / 6])
    assert curve.at_risk.tolist() == [6, 5, 4, 3]
    assert curve.events.tolist() == [1, 1, 1, 1]
    assert (curve.n, curve.longest) == (6, 43200.0)
    assert curve.median == 3600.0


# 240 * 1 + 1560 * 5/6 + 1800 * 4/6 + 3600 * 3/6 + 7200 * 2/6.
def test_restricted_mean_of_four_hours() -> None:
    assert kaplan_meier(TIMES, ENDED).rmst(14400) == pytest.approx(6940.0, rel=1e-12)


# Areas ahead of the events: 6700, 5400, 4200, 2400. Variance: 6700**2 / (6 * 5)
# + 5400**2 / (5 * 4) + 4200**2 / (4 * 3) + 2400**2 / (3 * 2) = 5384333.3; 1.959964 deviations.
def test_interval_of_a_restricted_mean() -> None:
    half = 1.959964 * math.sqrt(16155000 / 3 - 2000 / 3)
    interval = kaplan_meier(TIMES, ENDED).rmst_interval(14400)
    assert interval == pytest.approx((6940 - half, 6940 + half), rel=1e-9)


def test_interval_of_a_restricted_mean_stays_between_nothing_and_the_horizon() -> None:
    assert kaplan_meier([0, 10], [True, True]).rmst_interval(10) == (0.0, 10.0)


def test_restricted_mean_ends_with_the_longest_follow_up() -> None:
    curve = kaplan_meier([1, 3], [True, False])
    assert curve.horizon(100) == 3.0
    assert curve.horizon(2) == 2.0
    assert curve.rmst(100) == pytest.approx(1 + 2 * 0.5)
    assert curve.rmst(2) == pytest.approx(1 + 1 * 0.5)


def test_a_curve_that_stays_above_one_half_has_no_median() -> None:
    curve = kaplan_meier([1, 2, 3], [True, False, False])
    assert curve.median is None
    assert curve.median_interval() is None


# 49 of 98 ended one after the other: the product of 49 fractions is one half.
def test_a_median_is_not_missed_by_the_last_digit() -> None:
    curve = kaplan_meier(range(98), [time < 49 for time in range(98)])
    assert curve.median == 48.0


def test_share_still_going_at_a_time() -> None:
    curve = kaplan_meier(TIMES, ENDED)
    assert curve.at(0) == 1.0
    assert curve.at(239) == 1.0
    assert curve.at(240) == pytest.approx(5 / 6)
    assert curve.curve([1800, 43200, 43201]) == [
        pytest.approx(4 / 6),
        pytest.approx(2 / 6),
        None,
    ]


def test_without_observations_there_is_no_estimate() -> None:
    curve = kaplan_meier([], [])
    assert (curve.n, curve.longest) == (0, 0.0)
    assert curve.median is None
    assert curve.median_interval() is None
    assert curve.rmst(10) is None
    assert curve.rmst_interval(10) is None
    assert curve.at(0) is None


def test_without_an_end_there_is_no_median() -> None:
    curve = kaplan_meier([4, 8], [False, False])
    assert curve.median is None
    assert curve.rmst(6) == 6.0
    assert curve.rmst_interval(6) is None
    assert curve.at(8) == 1.0
    assert curve.at(9) is None


def test_times_and_events_belong_together() -> None:
    with pytest.raises(ValueError, match=r"^as many times as events$"):
        kaplan_meier([1, 2], [True])


@settings(deadline=None)
@given(spells)
def test_curve_agrees_with_scipy(found: list[tuple[int, bool]]) -> None:
    curve, there = curve_of(found), scipys(found)
    seen = np.unique([time for time, ended in found if ended])
    assert curve.times.tolist() == seen.tolist()
    assert curve.survival == pytest.approx(there.evaluate(seen), abs=1e-12)


@settings(deadline=None)
@given(spells)
@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
def test_median_interval_inverts_scipys_log_log_limits(found: list[tuple[int, bool]]) -> None:
    curve, there = curve_of(found), scipys(found)
    with np.errstate(all="ignore"):
        limits = there.confidence_interval(0.95, method="log-log")
    low = first_half(limits.low.quantiles, limits.low.probabilities)
    high = first_half(limits.high.quantiles, limits.high.probabilities)
    expected = None if low is None or high is None else (low, high)
    assert curve.median_interval() == expected


def first_half(times: Values, shares: Values) -> float | None:
    reached = [t for t, share in zip(times, shares, strict=True) if share <= 0.5]
    return float(reached[0]) if reached else None


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.integers(1, 60))
def test_of_what_all_ended_the_restricted_mean_is_the_mean(found: list[int], tau: int) -> None:
    cut = np.minimum(np.array(found, dtype=np.float64), min(tau, max(found)))
    curve = kaplan_meier(found, [True] * len(found))
    assert curve.rmst(tau) == pytest.approx(float(cut.mean()), abs=1e-9)
    half = 1.959964 * float(cut.std()) / math.sqrt(len(found))
    interval = curve.rmst_interval(tau)
    if half > 1e-9:
        expected = (max(0.0, cut.mean() - half), min(curve.horizon(tau), cut.mean() + half))
        assert interval == pytest.approx(expected, abs=1e-9)
    else:
        assert interval is None


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_of_what_all_ended_the_curve_is_the_share_that_lasted_longer(found: list[int]) -> None:
    curve = kaplan_meier(found, [True] * len(found))
    expected = [sum(value > t for value in found) / len(found) for t in range(62)]
    assert curve.curve(range(62)) == pytest.approx(expected, abs=1e-12)
    assert curve.median == sorted(found)[(len(found) - 1) // 2]


@given(spells, st.randoms(use_true_random=False), st.integers(1, 50))
def test_order_does_not_matter(found: list[tuple[int, bool]], source: Random, tau: int) -> None:
    mixed = list(found)
    source.shuffle(mixed)
    one, other = curve_of(found), curve_of(mixed)
    assert one.survival.tolist() == other.survival.tolist()
    assert one.rmst_interval(tau) == other.rmst_interval(tau)


@given(spells, st.integers(1, 60))
def test_an_interval_contains_its_estimate(found: list[tuple[int, bool]], tau: int) -> None:
    curve = curve_of(found)
    mean, around = curve.rmst(tau), curve.rmst_interval(tau)
    assert mean is not None
    assert 0 <= mean <= curve.horizon(tau) + 1e-9
    assert around is None or around[0] - 1e-9 <= mean <= around[1] + 1e-9
    middle = curve.median_interval()
    assert middle is None or middle[0] <= (curve.median or 0.0) <= middle[1]
