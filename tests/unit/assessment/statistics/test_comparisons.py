"""Two samples are compared by ranks; many comparisons at once are corrected for their number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.assessment.statistics import cliffs_delta, holm, mann_whitney_p

sample = st.lists(st.integers(0, 30), min_size=1, max_size=40)
chances = st.lists(st.floats(0, 1), max_size=30)


def test_an_empty_sample_can_not_be_compared() -> None:
    nothing: list[int] = []
    for one, other in ((nothing, [1]), ([1], nothing), (nothing, nothing)):
        assert cliffs_delta(one, other) is None
        assert mann_whitney_p(one, other) is None


@given(sample, sample)
def test_cliffs_delta_counts_all_pairs(baseline: list[int], followup: list[int]) -> None:
    signs = [(f > b) - (f < b) for b in baseline for f in followup]
    found = cliffs_delta(baseline, followup)
    assert found == pytest.approx(sum(signs) / len(signs))
    assert found is not None
    assert -1 <= found <= 1


@given(sample, sample)
def test_changing_places_changes_the_sign_and_not_the_p(one: list[int], other: list[int]) -> None:
    assert cliffs_delta(one, other) == -(cliffs_delta(other, one) or 0)
    assert mann_whitney_p(one, other) == mann_whitney_p(other, one)
    assert mann_whitney_p(one[::-1], other) == mann_whitney_p(one, other)


@given(sample, sample)
def test_mann_whitney_agrees_with_scipy(one: list[int], other: list[int]) -> None:
    distinct = len({*one, *other}) == len(one) + len(other)
    method = "exact" if distinct and max(len(one), len(other)) <= 8 else "asymptotic"
    # All values equal is 0 / 0 there and no difference here.
    expected = 1.0
    if len({*one, *other}) > 1:
        expected = stats.mannwhitneyu(one, other, method=method).pvalue
    assert mann_whitney_p(one, other) == pytest.approx(expected, rel=1e-9)


@given(st.lists(st.integers(0, 999), min_size=2, max_size=16, unique=True), st.data())
def test_few_distinct_values_are_counted_out(values: list[int], data: st.DataObject) -> None:
    cut = data.draw(st.integers(max(1, len(values) - 8), min(8, len(values) - 1)))
    one, other = values[:cut], values[cut:]
    expected = stats.mannwhitneyu(one, other, method="exact").pvalue
    assert mann_whitney_p(one, other) == pytest.approx(expected, rel=1e-12)


def test_holm_by_hand() -> None:
    # Ascending 0.01, 0.02, 0.03, 0.4 times 4, 3, 2, 1; the third may not fall below the second.
    assert holm([0.03, 0.4, 0.01, 0.02]) == pytest.approx([0.06, 0.4, 0.04, 0.06])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([0.01]) == [0.01]
    assert holm([]) == []


@given(chances)
def test_holm_never_lowers_a_p_and_keeps_their_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(before <= after <= 1 for before, after in zip(p_values, adjusted, strict=True))
    ranked = [after for _, after in sorted(zip(p_values, adjusted, strict=True))]
    assert ranked == sorted(ranked)
    assert holm(p_values[::-1]) == adjusted[::-1]


@given(chances.filter(bool), st.floats(0, 1))
def test_holm_rejects_what_its_step_down_rule_rejects(p_values: list[float], alpha: float) -> None:
    rejected = set()
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        if (len(p_values) - rank) * p_values[index] > alpha:
            break
        rejected.add(index)
    found = {i for i, p in enumerate(holm(p_values)) if p <= alpha}
    assert found == rejected or alpha == 1
