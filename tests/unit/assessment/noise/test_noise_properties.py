"""What is true of noise in any account."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, strategies

from app.assessment.bursts import Starts, storms
from app.assessment.metrics.noise import METRICS
from app.assessment.rows import Facts
from tests.factories.account_strategies import ended_accounts, some
from tests.factories.equivalent_accounts import TWO_WEEKS
from tests.factories.rows import MONDAY, WEEK, family

ADDED = ("auto_resolved_share", "transient_share", "unattended_auto_share", "human_touched_share")


@some
@given(ended_accounts())
def test_two_halves_of_a_window_add_up(rows: Facts) -> None:
    halves = [
        family(METRICS, rows, replace(TWO_WEEKS, since=start, until=start + WEEK))
        for start in (MONDAY, MONDAY + WEEK)
    ]
    whole = family(METRICS, rows, TWO_WEEKS)
    for name in ADDED:
        parts = [(each[name].value or 0) * (each[name].n or 0) for each in halves]
        assert round(sum(parts)) == round((whole[name].value or 0) * (whole[name].n or 0))
        assert sum(each[name].n or 0 for each in halves) == whole[name].n


@given(
    strategies.lists(strategies.tuples(strategies.integers(0, 60), strategies.integers(0, 9))),
    strategies.integers(1, 4),
)
def test_an_incident_is_in_a_storm_where_any_full_window_contains_a_start_of_it(
    starts: list[tuple[int, int]], threshold: int
) -> None:
    """Against the plain definition, start by start; an incident may start several times."""
    begun = Starts(*np.array(starts, dtype=np.int64).reshape(-1, 2).T)
    window = {s: {of for at, of in starts if s <= at <= s + 6} for s, _ in starts}
    full = [s for s, inside in window.items() if len(inside) >= threshold]
    found = storms(begun, 6, threshold)
    assert set(begun.within(found).tolist()) == {of for s in full for of in window[s]}
    for storm in found:
        inside = {of for at, of in starts if storm.start <= at <= storm.end}
        assert storm.incidents == len(inside)
    assert all(a.end < b.start for a, b in pairwise(found))
