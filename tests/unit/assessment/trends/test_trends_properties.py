"""What holds of trends in any account."""

import re
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given

from app.assessment.account import Account
from app.assessment.figures import Figure
from app.assessment.metrics.trends import METRICS
from app.assessment.metrics.trends.weeks import counts_by_week
from app.assessment.rows import Facts
from app.assessment.scopes import scopes_of
from tests.unit.assessment.account_strategies import ended_accounts, seeds, some, weeks
from tests.unit.assessment.assessment_rows import MONDAY, WEEK, listed
from tests.unit.assessment.equivalent_accounts import (
    TWO_WEEKS,
    moved,
    moved_window,
    nameless,
    shuffled,
)

WEEKS = replace(TWO_WEEKS, since=MONDAY - 11 * WEEK)
"""Thirteen whole weeks, the last two of which have incidents."""


@some
@given(ended_accounts(), seeds)
def test_the_order_of_rows_changes_nothing(rows: Facts, seed: int) -> None:
    assert listed(METRICS, shuffled(rows, seed), WEEKS) == listed(METRICS, rows, WEEKS)


@some
@given(ended_accounts(), weeks)
def test_a_shift_by_whole_weeks_changes_nothing(rows: Facts, later: int) -> None:
    by = later * WEEK
    there = listed(METRICS, moved(rows, by), moved_window(WEEKS, by))
    assert _unkeyed(there) == _unkeyed(listed(METRICS, rows, WEEKS))


def _unkeyed(figures: Iterable[Figure]) -> list[Figure]:
    """Without the names of weeks, also where one is the key."""
    return [
        replace(f, key=None if f.key is None else re.sub(r"\d{4}-W\d\d", "week", f.key))
        for f in nameless(figures)
    ]


@some
@given(ended_accounts())
def test_weeks_add_up_to_the_window(rows: Facts) -> None:
    (everything,) = scopes_of(seen := Account(rows, WEEKS), "account")
    assert sum(counts_by_week(seen, everything)) == len(everything.cases)
