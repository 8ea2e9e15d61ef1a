"""Verdicts: medians, shares, rates, facts and figures over people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.assessment.catalogue import BY_MEASURE
from app.assessment.comparison.changes import Change, adjusted, comparisons_made
from app.assessment.comparison.measures import COMPARED, MEDIANS, Better, Compared
from app.assessment.comparison.verdict import (
    NOT_COMPARABLE,
    Outcome,
    Word,
    apart,
    fact_test,
    median_test,
    people_test,
    rate_test,
    share_test,
    word,
)
from app.assessment.figures import Figure, durations, share
from app.assessment.metric import HIGH_URGENCY
from app.assessment.scopes import LEVELS
from tests.unit.assessment.findings.finding_figures import figure

LOW = Compared("", "fact", "low", "")
HIGH = Compared("", "fact", "high", "")
SECOND = 1_000_000


def median_figure(sample: list[int]) -> Figure:
    """Of durations in microseconds."""
    (value,) = durations("tta", sample, ["median"])
    return figure("tta_median_s", value.value, value.interval, n=value.n)


def share_figure(hits: int, of: int) -> Figure:
    value = share("ack_rate", hits, of)
    return figure("ack_rate", value.value, value.interval, n=of)


def medians(before: list[int], after: list[int]) -> Outcome:
    return median_test(before, after, median_figure(before), median_figure(after))


def test_a_median_changed_if_the_samples_and_the_intervals_are_apart() -> None:
    # Six against six: order intervals are from least to most; all pairs fall, delta is -1.
    before, after = [n * SECOND for n in range(61, 67)], [n * SECOND for n in range(1, 7)]
    found = medians(before, after)
    assert (found.effect, found.changed, found.rises) == (-1, True, False)
    assert word(found, LOW) == "better"
    assert word(medians(after, before), LOW) == "worse"
    assert word(medians(before, before), LOW) == "no clear change"


def test_a_median_changed_by_the_rank_sum_test_alone() -> None:
    # Interleaved with a shift of a fifth: delta 0.19, too small for the first way; many pairs.
    before = [n * SECOND for n in range(1000)]
    after = [(n + 100) * SECOND for n in range(1000)]
    found = medians(before, after)
    p = stats.mannwhitneyu(before, after, method="asymptotic").pvalue
    assert found.effect == pytest.approx(0.19, abs=0.001)
    assert found.p == pytest.approx(p, rel=1e-6)
    assert p < 0.01
    assert found.changed
    assert found.level < 0.01


def test_a_median_of_few_that_overlap_did_not_change() -> None:
    before, after = (
        [n * SECOND for n in (1, 2, 3, 4, 5, 9)],
        [n * SECOND for n in (3, 4, 5, 6, 7, 8)],
    )
    found = medians(before, after)
    # Of 36 pairs the follow-up is larger in 24 and smaller in 9.
    assert found.effect == pytest.approx(15 / 36)
    assert abs(found.effect or 0) >= 0.33
    assert not found.changed
    assert median_test([], after, median_figure(after), median_figure(after)) == NOT_COMPARABLE


@pytest.mark.parametrize(
    ("before", "after", "changed", "rises"),
    [
        # Newcombe's table: 56 of 70 against 48 of 80, difference -0.2 from -0.3339 to -0.0524.
        ((56, 70), (48, 80), True, False),
        ((48, 80), (56, 70), True, True),
        # 9 of 10 against 3 of 10: -0.6 from -0.8104 to -0.1705.
        ((9, 10), (3, 10), True, False),
        ((6, 10), (5, 10), False, False),
    ],
)
def test_a_share_changed_if_newcombes_interval_excludes_nought(
    before: tuple[int, int], after: tuple[int, int], changed: bool, rises: bool
) -> None:
    found = share_test(share_figure(*before), share_figure(*after))
    assert (found.changed, found.rises) == (changed, rises)
    assert found.effect == pytest.approx(after[0] / after[1] - before[0] / before[1])
    low, high = found.interval or (0, 0)
    assert (low > 0 or high < 0) == changed


def test_the_interval_of_a_share_is_newcombes() -> None:
    found = share_test(share_figure(56, 70), share_figure(48, 80))
    assert found.interval == pytest.approx((-0.3339, -0.0524), abs=5e-5)


def test_a_share_of_nothing_is_not_comparable() -> None:
    nothing = figure("ack_rate", None, n=0)
    assert share_test(nothing, share_figure(1, 2)) == NOT_COMPARABLE
    assert word(share_test(share_figure(1, 2), nothing), LOW) == "not comparable"


@pytest.mark.parametrize(
    ("before", "after", "changed", "rises"),
    [
        (20, 40, True, True),  # 2, from 1.14 to 3.61
        (40, 20, True, False),
        (20, 30, False, True),  # 1.5, from 0.82 to 2.78
        (0, 6, True, True),  # all of six: at least 0.54 of the events
        (0, 5, False, True),  # all of five: at least 0.478
        (0, 0, False, False),
    ],
)
def test_a_count_changed_if_the_interval_of_the_ratio_excludes_one(
    before: int, after: int, changed: bool, rises: bool
) -> None:
    found = rate_test(figure("incident_count", before), figure("incident_count", after), (7.0, 7.0))
    assert (found.changed, found.rises) == (changed, rises)
    if before:
        split = stats.binomtest(after, before + after).proportion_ci(method="exact")
        limits = (split.low / (1 - split.low), split.high / (1 - split.high))
        assert found.effect == pytest.approx(after / before)
        assert found.interval == pytest.approx(limits, rel=1e-6)


def test_a_fact_changed_if_it_is_another() -> None:
    one, two = figure("schedules_with_gap_count", 2), figure("schedules_with_gap_count", 1)
    assert word(fact_test(one, two), LOW) == "better"
    assert word(fact_test(one, two), HIGH) == "worse"
    assert word(fact_test(one, one), LOW) == "no clear change"
    assert word(fact_test(one, figure("schedules_with_gap_count", None)), LOW) == "not comparable"


def test_a_figure_over_people_changed_if_the_intervals_are_apart() -> None:
    def over(value: float | None, interval: tuple[float, float] | None) -> Figure:
        return figure("gini_roster_corrected", value, interval)

    one, two = over(0.4, (0.35, 0.45)), over(0.2, (0.1, 0.3))
    assert word(people_test(one, two), LOW) == "better"
    assert word(people_test(two, one), LOW) == "worse"
    assert word(people_test(one, over(0.2, (0.1, 0.35))), LOW) == "no clear change"
    assert word(people_test(one, over(0.2, None)), LOW) == "no clear change"
    assert word(people_test(one, over(None, None)), LOW) == "not comparable"


def test_intervals_that_touch_are_not_apart() -> None:
    assert not apart((0, 1), (1, 2))
    assert apart((0, 1), (1.1, 2))
    assert apart((1.1, 2), (0, 1))
    assert not apart(None, (0, 1))


def changes(p_values: list[float], room: str = "noise", level: float = 0.05) -> list[Change]:
    compared = Compared("incident_count", "rate", "low", room)
    one = figure("incident_count", 1)
    return [
        Change(
            metric="INC-01",
            compared=compared,
            baseline=one,
            followup=one,
            test=Outcome(effect=2.0, interval=(1.1, 3), p=p, changed=True, rises=True, level=level),
            verdict="worse",
        )
        for p in p_values
    ]


def test_twenty_comparisons_are_left_alone_and_twenty_one_are_corrected() -> None:
    twenty = changes([0.04] * 20)
    assert adjusted(twenty) == twenty
    # The least of 21 is multiplied by 21: 0.04 -> 0.84; 0.002 -> 0.042 stands.
    more = adjusted(changes([0.04] * 20 + [0.002]))
    assert [each.verdict for each in more] == ["no clear change"] * 20 + ["worse"]
    assert more[-1].test.p == pytest.approx(0.042)
    assert more[0].test.p == pytest.approx(0.8)  # the second least is multiplied by 20


def test_the_correction_is_made_within_a_dimension() -> None:
    noise, response = changes([0.04] * 20), changes([0.04], "response")
    result: list[Word] = [each.verdict for each in adjusted(noise + response)]
    assert result == ["no clear change"] * 20 + ["worse"]


def test_a_measure_that_was_not_compared_does_not_count() -> None:
    one = figure("ack_rate", None)
    none = [
        Change(
            metric="",
            compared=Compared("", "share", "low", "noise"),
            baseline=one,
            followup=one,
            test=NOT_COMPARABLE,
            verdict=word(NOT_COMPARABLE, LOW),
        )
    ] * 5
    found = changes([0.04] * 20) + none
    assert comparisons_made(found) == 20
    assert adjusted(found) == found
    corrected = adjusted(changes([0.04] * 21) + none)
    assert [each.verdict for each in corrected[-5:]] == ["not comparable"] * 5


def test_a_median_that_changed_by_its_ranks_must_stay_below_a_hundredth() -> None:
    many = changes([0.5] * 19 + [0.0009, 0.0009], level=0.0099)
    # 0.0009 times 21 is 0.0189: below a twentieth, but not below a hundredth.
    assert {each.verdict for each in adjusted(many)} == {"no clear change"}


def test_all_that_is_compared_is_declared_for_the_account() -> None:
    assert len({each.measure for each in COMPARED}) == len(COMPARED)
    for each in COMPARED:
        metric = BY_MEASURE[each.measure.removeprefix(HIGH_URGENCY)]
        levels = metric.split if each.measure.startswith(HIGH_URGENCY) else metric.levels
        assert "account" in {LEVELS[letter] for letter in levels}, each.measure
        over_people = (metric.measure(each.measure).privacy or metric.privacy) != "P0"
        assert (each.kind == "people") == over_people
        assert (each.durations is not None) == (each in MEDIANS)


COUNTS = st.integers(0, 300)
SHARES = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda each: (each[0], sum(each)))
DURATIONS = st.lists(st.integers(0, 50).map(lambda n: n * SECOND), max_size=40)
OPPOSITE: dict[Word, Word] = {
    "better": "worse",
    "worse": "better",
    "no clear change": "no clear change",
    "not comparable": "not comparable",
}


@given(st.sampled_from(["low", "high"]), COUNTS, COUNTS)
def test_swapping_baseline_and_follow_up_swaps_better_and_worse_of_counts(
    better: Better, before: int, after: int
) -> None:
    one, two = figure("incident_count", before), figure("incident_count", after)
    side = Compared("", "rate", better, "")
    there = word(rate_test(one, two, (7.0, 7.0)), side)
    back = word(rate_test(two, one, (7.0, 7.0)), side)
    assert back == OPPOSITE[there]


@given(st.sampled_from(["low", "high"]), SHARES, SHARES)
def test_swapping_swaps_better_and_worse_of_shares(
    better: Better, before: tuple[int, int], after: tuple[int, int]
) -> None:
    one, two, side = share_figure(*before), share_figure(*after), Compared("", "share", better, "")
    assert word(share_test(two, one), side) == OPPOSITE[word(share_test(one, two), side)]


@given(st.sampled_from(["low", "high"]), DURATIONS, DURATIONS)
def test_swapping_swaps_better_and_worse_of_medians(
    better: Better, before: list[int], after: list[int]
) -> None:
    side = Compared("", "median", better, "")
    assert word(medians(after, before), side) == OPPOSITE[word(medians(before, after), side)]


@given(st.floats(0, 1), st.floats(0, 1))
def test_swapping_swaps_better_and_worse_of_facts(before: float, after: float) -> None:
    one, two = figure("l1_covered_share", before), figure("l1_covered_share", after)
    assert word(fact_test(two, one), HIGH) == OPPOSITE[word(fact_test(one, two), HIGH)]
    assert word(people_test(two, one), HIGH) == OPPOSITE[word(people_test(one, two), HIGH)]


def test_the_intervals_of_the_samples_are_those_of_the_figures() -> None:
    sample = [n * SECOND for n in range(1, 8)]
    result = median_figure(sample)
    # Of seven, 0.0078 lies beyond the least, and 0.0625 beyond the second.
    assert (result.value, result.interval) == (4, (1, 7))
