"""What is true of trends in any account."""

from dataclasses import replace

from hypothesis import given

from app.assessment.account import Account
from app.assessment.metrics.trends.weeks import counts_by_week
from app.assessment.rows import Facts
from app.assessment.scopes import scopes_of
from tests.factories.account_strategies import ended_accounts, some
from tests.factories.equivalent_accounts import TWO_WEEKS
from tests.factories.rows import MONDAY, WEEK

WEEKS = replace(TWO_WEEKS, since=MONDAY - 11 * WEEK)
"""Thirteen whole weeks, the last two of which have incidents."""


@some
@given(ended_accounts())
def test_weeks_add_up_to_the_window(rows: Facts) -> None:
    (everything,) = scopes_of(seen := Account(rows, WEEKS), "account")
    assert sum(counts_by_week(seen, everything)) == len(everything.cases)
