"""What is true of changes in any account."""

from collections import Counter

import pytest
from hypothesis import given

from app.assessment.account import Account
from app.assessment.changes import attributed_incidents
from app.assessment.metrics.changes import METRICS
from app.assessment.rows import Facts
from tests.factories.account_strategies import ended_accounts, some
from tests.factories.equivalent_accounts import TWO_WEEKS, halves_and_whole
from tests.factories.rows import HOUR, MINUTE, MONDAY, pseudonym


@some
@given(ended_accounts())
def test_changes_of_two_halves_of_a_window_add_up(rows: Facts) -> None:
    halves, whole = halves_and_whole(METRICS, rows, ["changes"])
    assert halves == whole


@some
@given(ended_accounts())
def test_an_incident_is_attributed_to_at_most_one_change_of_its_service(rows: Facts) -> None:
    seen = Account(rows, TWO_WEEKS)
    blamed = attributed_incidents(seen.changes, HOUR)
    number = Counter(incident for incidents in blamed.values() for incident in incidents)
    assert set(number.values()) <= {1}
    services = {each.id: each.services for each in rows.change_events}
    starts = {each.id: each for each in rows.incidents}
    moments = {each.id: each.timestamp for each in rows.change_events}
    for change, incidents in blamed.items():
        for each in incidents:
            assert starts[each].service_id in services[change]
            assert 0 <= starts[each].created_at - moments[change] <= HOUR


@some
@given(ended_accounts())
def test_chance_is_the_share_of_moments_before_a_start(rows: Facts) -> None:
    """Against moments half a minute off each minute: all starts are whole minutes."""
    seen = Account(rows, TWO_WEEKS)
    starts = [
        case.incident.created_at
        for case in seen.cases
        if case.incident.service_id == pseudonym("p")
        and case.counts_for_dora
        and not case.handling.transient
    ]
    near = {
        minute
        for start in starts
        for minute in range((start - HOUR - MONDAY) // MINUTE, (start - MONDAY) // MINUTE)
        if minute >= 0
    }
    found = seen.changes.chance(frozenset({pseudonym("p")}), HOUR)
    assert found == pytest.approx(len(near) * MINUTE / TWO_WEEKS.window_us, rel=1e-12)
