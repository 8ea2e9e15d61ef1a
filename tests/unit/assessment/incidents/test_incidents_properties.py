"""What is true of incidents in any account."""

import pytest
from hypothesis import given

from app.assessment.account import Account
from app.assessment.metrics.incidents import METRICS
from app.assessment.rows import Facts
from tests.factories.account_strategies import accounts, some
from tests.factories.equivalent_accounts import TWO_WEEKS, halves_and_whole
from tests.factories.rows import listed

ADDED = (
    "incident_count",
    "merged_count",
    "open_count",
    "open_stale_count",
    "acked_count",
    "reopened_count",
    "ack_timeout_incidents",
    "unowned_s_total",
    "owned_s_total",
    "engaged_h",
    "major_count",
)


@some
@given(accounts())
def test_two_halves_of_a_window_add_up(rows: Facts) -> None:
    halves, whole = halves_and_whole(METRICS, rows, ADDED)
    assert set(whole) == set(ADDED)
    assert halves == pytest.approx(whole)


@some
@given(accounts())
def test_shares_lie_between_0_and_1_and_inside_their_intervals(rows: Facts) -> None:
    for figure in listed(METRICS, rows, TWO_WEEKS):
        if figure.unit == "ratio" and figure.value is not None:
            assert 0 <= figure.value <= 1, figure.measure
        if figure.interval is not None and figure.value is not None:
            low, high = figure.interval
            assert low <= figure.value <= high, figure.measure


@some
@given(accounts())
def test_open_time_is_owned_or_unowned_and_nothing_else(rows: Facts) -> None:
    for case in Account(rows, TWO_WEEKS).cases:
        if case.ownership.measured:
            spent = case.ownership.owned_us + case.ownership.unowned_us
            assert spent == case.open_us <= case.end - case.incident.created_at
            assert min(case.ownership.owned_us, case.ownership.unowned_us) >= 0
