"""What holds of noise in any account."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, strategies

from app.assessment.bursts import storms
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


@given(strategies.lists(strategies.integers(0, 100)), strategies.integers(1, 4))
def test_a_start_is_in_a_storm_where_any_full_window_contains_it(
    starts: list[int], threshold: int
) -> None:
    """Against the plain definition, start by start."""
    full = [s for s in starts if sum(s <= other <= s + 6 for other in starts) >= threshold]
    inside = sum(any(s <= each <= s + 6 for s in full) for each in starts)
    found = storms(starts, 6, threshold)
    assert sum(storm.incidents for storm in found) == inside
    assert all(a.end < b.start for a, b in pairwise(found))
