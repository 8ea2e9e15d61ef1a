"""Equivalent accounts have equal figures: rows in another order, everything weeks later."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis.strategies import DataObject, SearchStrategy, data

from app.assessment.catalogue import FAMILIES
from app.assessment.figures import Figure
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts
from tests.factories.account_strategies import accounts, ended_accounts, seeds, some, weeks
from tests.factories.equivalent_accounts import TWO_WEEKS, now_and_later, shuffled
from tests.factories.rows import MONDAY, WEEK, drawings, listed

THIRTEEN_WEEKS = replace(TWO_WEEKS, since=MONDAY - 11 * WEEK)
"""The last two of which have incidents: figures by week need eight or more."""
_BY_FAMILY = pytest.mark.parametrize(
    ("family", "rows_of"),
    [
        ("INC", accounts()),
        ("ESC", accounts()),
        ("NOI", ended_accounts()),
        ("DOR", ended_accounts()),
        ("TRD", ended_accounts()),
    ],
)


@_BY_FAMILY
@some
@given(data(), seeds)
def test_the_order_of_rows_changes_nothing(
    family: str, rows_of: SearchStrategy[Facts], drawn: DataObject, seed: int
) -> None:
    rows = drawn.draw(rows_of)
    mixed, question = shuffled(rows, seed), _question(family)
    found = FAMILIES[family]
    assert listed(found.metrics, mixed, question) == listed(found.metrics, rows, question)
    assert drawings(found.series, mixed, question) == drawings(found.series, rows, question)


@_BY_FAMILY
@some
@given(data(), weeks)
def test_a_shift_by_whole_weeks_changes_nothing(
    family: str, rows_of: SearchStrategy[Facts], drawn: DataObject, later: int
) -> None:
    rows = drawn.draw(rows_of)
    now, then = now_and_later(FAMILIES[family].metrics, rows, _question(family), later)
    assert _unkeyed(then) == _unkeyed(now)


def _question(family: str) -> AssessmentOptions:
    return THIRTEEN_WEEKS if family == "TRD" else TWO_WEEKS


def _unkeyed(figures: Iterable[Figure]) -> list[Figure]:
    """Without the names of weeks where one is the key."""
    return [
        replace(f, key=None if f.key is None else re.sub(r"\d{4}-W\d\d", "week", f.key))
        for f in figures
    ]
