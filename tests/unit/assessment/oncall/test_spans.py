"""Stretches of time are sets of moments: what is stated of them is true of every moment."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.spans import (
    Span,
    at_least,
    clip,
    covered_at,
    gaps,
    overlap,
    total,
    union,
    without,
)

span = st.tuples(st.integers(0, 30), st.integers(0, 30))
several = st.lists(span, max_size=8)


def moments(spans: list[Span]) -> set[int]:
    return {moment for start, end in spans for moment in range(start, end)}


@given(several, several)
def test_union_overlap_and_rest_are_those_of_sets(one: list[Span], other: list[Span]) -> None:
    a, b = union(one), union(other)
    assert moments(a) == moments(one)
    assert moments(overlap(a, b)) == moments(one) & moments(other)
    assert moments(without(a, b)) == moments(one) - moments(other)
    assert total(a) == len(moments(one))


@given(several)
def test_gaps_are_what_is_not_covered(spans: list[Span]) -> None:
    assert moments(gaps(union(spans), 5, 25)) == set(range(5, 25)) - moments(spans)
    assert moments(clip(union(spans), 5, 25)) == set(range(5, 25)) & moments(spans)


@given(several, st.integers(1, 4))
def test_at_least_counts_the_spans_open_at_each_moment(spans: list[Span], number: int) -> None:
    held = {
        moment
        for moment in range(30)
        if sum(start <= moment < end for start, end in spans) >= number
    }
    assert moments(at_least(spans, number)) == held


@given(several, st.lists(st.integers(-5, 35)))
def test_a_span_contains_its_moments(spans: list[Span], at: list[int]) -> None:
    found = covered_at(union(spans), np.array(at, dtype=np.int64))
    assert found.tolist() == [moment in moments(spans) for moment in at]


@given(several)
def test_a_union_has_no_two_stretches_that_touch(spans: list[Span]) -> None:
    found = union(spans)
    assert all(before[1] < after[0] for before, after in pairwise(found))


def test_stretches_no_further_apart_than_the_join_become_one() -> None:
    assert union([(0, 10), (70, 80)], 60) == [(0, 80)]
    assert union([(0, 10), (71, 80)], 60) == [(0, 10), (71, 80)]
