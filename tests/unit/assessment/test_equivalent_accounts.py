"""Equivalent accounts have equal figures: rows in another order, everything weeks later."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, strategies
from hypothesis.strategies import DataObject, SearchStrategy, data

from app.assessment.catalogue import FAMILIES
from app.assessment.figures import Figure
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts
from tests.factories.account_strategies import accounts, ended_accounts, seeds, some, weeks
from tests.factories.equivalent_accounts import TWO_WEEKS, now_and_later, shuffled
from tests.factories.rows import MONDAY, WEEK, drawings, listed
from tests.unit.assessment.interruptions import test_interruptions_properties as interruptions
from tests.unit.assessment.load import test_load_properties as load
from tests.unit.assessment.oncall import test_oncall_properties as oncall
from tests.unit.assessment.policies import test_policies_properties as policies
from tests.unit.assessment.quality import test_quality_properties as quality
from tests.unit.assessment.services import test_services_properties as services

THIRTEEN_WEEKS = replace(TWO_WEEKS, since=MONDAY - 11 * WEEK)
"""The last two of which have incidents: figures by week need eight or more."""
_SIZES = strategies.integers(0, 40)
_BY_FAMILY = pytest.mark.parametrize(
    ("family", "rows_of", "question"),
    [
        ("INC", accounts(), TWO_WEEKS),
        ("ESC", accounts(), TWO_WEEKS),
        ("NOI", ended_accounts(), TWO_WEEKS),
        ("DOR", ended_accounts(), TWO_WEEKS),
        ("TRD", ended_accounts(), THIRTEEN_WEEKS),
        ("INT", strategies.builds(interruptions.drawn, seeds, _SIZES), interruptions.THREE_WEEKS),
        ("LOAD", strategies.builds(load.drawn, seeds, _SIZES), load.TWO_WEEKS),
        (
            "ONC",
            strategies.builds(oncall.drawn, seeds, whole_hours=strategies.booleans()),
            oncall.TWO_WEEKS,
        ),
        ("DQ", strategies.builds(quality.drawn, seeds), quality.TWO_WEEKS),
        ("SVC", services.accounts(), services.WHOLE),
        ("POL", policies.accounts(), policies.WHOLE),
    ],
)


@_BY_FAMILY
@some
@given(data(), seeds)
def test_the_order_of_rows_changes_nothing(
    family: str,
    rows_of: SearchStrategy[Facts],
    question: AssessmentOptions,
    drawn: DataObject,
    seed: int,
) -> None:
    rows, found = drawn.draw(rows_of), FAMILIES[family]
    mixed = shuffled(rows, seed)
    assert listed(found.metrics, mixed, question) == listed(found.metrics, rows, question)
    assert drawings(found.series, mixed, question) == drawings(found.series, rows, question)


@_BY_FAMILY
@some
@given(data(), weeks)
def test_a_shift_by_whole_weeks_changes_nothing(
    family: str,
    rows_of: SearchStrategy[Facts],
    question: AssessmentOptions,
    drawn: DataObject,
    later: int,
) -> None:
    now, then = now_and_later(FAMILIES[family].metrics, drawn.draw(rows_of), question, later)
    assert _unkeyed(then) == _unkeyed(now)


def _unkeyed(figures: Iterable[Figure]) -> list[Figure]:
    """Without the names of weeks where one is the key."""
    return [
        f._replace(key=None if f.key is None else re.sub(r"\d{4}-W\d\d", "week", f.key))
        for f in figures
    ]
