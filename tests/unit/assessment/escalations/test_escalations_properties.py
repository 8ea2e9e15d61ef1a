"""What is true of escalations in any account."""

import pytest
from hypothesis import given

from app.assessment.account import Account
from app.assessment.metrics.escalations import METRICS
from app.assessment.rows import Facts
from tests.factories.account_strategies import accounts, some
from tests.factories.equivalent_accounts import TWO_WEEKS, halves_and_whole
from tests.factories.rows import listed

ADDED = (
    "escalations_timeout",
    "escalations_manual",
    "escalations_automation",
    "reassignments",
    "ping_pong_incidents",
    "repeat_count",
    "exhausted_incidents",
    "exhausted_major_incidents",
    "missed_page_delay_total_s",
)


@some
@given(accounts())
def test_two_halves_of_a_window_add_up(rows: Facts) -> None:
    halves, whole = halves_and_whole(METRICS, rows, ADDED)
    assert set(whole) == set(ADDED)
    assert halves == pytest.approx(whole)


@some
@given(accounts())
def test_paths_levels_and_outcomes_share_out_every_incident(rows: Facts) -> None:
    found = [f for f in listed(METRICS, rows, TWO_WEEKS) if f.level == "account"]
    (scope,) = {f.n for f in found if f.measure == "never_acked_rate"}

    def sum_of(measure: str) -> float:
        return sum(f.value or 0 for f in found if f.measure == measure and f.key != "total")

    assert sum_of("path_count") == scope
    assert sum_of("incidents_by_max_level") == scope
    assert sum_of("ack_by_level") + sum_of("never_acked") == scope


@some
@given(accounts())
def test_a_path_names_no_person(rows: Facts) -> None:
    words = {
        *("timeout", "manual", "automation", "repeat", "reassign", "direct", "delegate"),
        *("exhausted", "ack", "unack", "user_resolved", "auto_resolved", "open"),
        *("L1", "L2", "L3"),
    }
    for case in Account(rows, TWO_WEEKS).cases:
        assert set(case.path.tokens) <= words
        assert 1 <= case.path.max_level <= case.path.levels == 3
