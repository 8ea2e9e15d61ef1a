"""INC-15 and INC-16: major incidents, and whether urgency and priority say anything."""

from dataclasses import replace

import pytest

from app.assessment.metrics.incidents.weekly import weekly_majors
from app.assessment.rows import Facts, Incident
from tests.factories.configuration_rows import service
from tests.factories.rows import DAY, HOUR, MONDAY, WEEK, facts, incident, options, pseudonyms
from tests.unit.assessment.incidents.lifecycle import (
    added,
    figures,
    of_priority,
    points,
    requested,
    values,
)

PRIORITIES = pseudonyms(["P1", "P2", "P3"])


def ranked(*incidents: Incident) -> Facts:
    """An account with three priorities."""
    return replace(facts(incidents), priorities=PRIORITIES)


def test_the_two_highest_priorities_are_major_and_time_without_is_the_rest() -> None:
    account = ranked(
        of_priority("a", "P1", resolved=DAY),
        of_priority("b", "P2", at=MONDAY + 12 * HOUR, resolved=DAY),
        of_priority("c", "P3", at=MONDAY + 3 * DAY, resolved=DAY),
        of_priority("d", None, at=MONDAY + 3 * DAY, resolved=DAY),
    )
    found = values(account)
    assert found["major_count"] == 2
    assert found["majors_per_week"] == 2
    # Open from Monday 0:00 to Tuesday 12:00 of seven days.
    assert found["time_without_major_rate"] == pytest.approx(1 - 1.5 / 7)


def test_a_major_incident_counts_in_the_window_only() -> None:
    account = ranked(of_priority("a", "P1", at=MONDAY + 6 * DAY, resolved=5 * DAY))
    late = options(as_of=MONDAY + 3 * WEEK)
    assert values(account, late)["time_without_major_rate"] == pytest.approx(6 / 7)


def test_two_added_people_who_came_make_an_incident_major() -> None:
    at = MONDAY + HOUR
    both = added(incident("a", resolved=DAY), requested("ann", at, at), requested("bob", at, at))
    one = added(incident("b", resolved=DAY), requested("ann", at, at), requested("bob", at))
    twice = added(incident("c", resolved=DAY), requested("ann", at, at), requested("ann", at, at))
    assert values(ranked(both, one, twice))["major_count"] == 1


def test_an_account_without_priorities_has_no_majors_to_count() -> None:
    found = values(facts([incident("a", resolved=HOUR)]))
    assert found["major_count"] is None
    assert found["time_without_major_rate"] is None
    assert list(points(weekly_majors, facts([incident("a")]))) == []


def test_majors_week_by_week() -> None:
    account = ranked(of_priority("a", "P1"), of_priority("b", "P2", at=MONDAY + WEEK))
    found = points(weekly_majors, account, options(until=MONDAY + 3 * WEEK))
    assert [point["count"] for point in found] == [1, 1, 0]


def test_shares_and_entropy_of_priorities() -> None:
    account = ranked(
        of_priority("a", "P1"),
        of_priority("b", "P1"),
        of_priority("c", "P2"),
        of_priority("d", "P3"),
        of_priority("e", None),
        incident("low", urgency="low"),
    )
    found = figures(account)
    assert found["urgency_high_share"].value == pytest.approx(5 / 6)
    assert found["priority_share"].value == pytest.approx(4 / 6)
    by_priority = [found[f"incidents_by_priority/{key}"].value for key in ("1", "2", "3", "none")]
    assert by_priority == [2, 1, 1, 2]
    # Shares 1/2, 1/4, 1/4: 1/2 * 1 + 1/4 * 2 + 1/4 * 2 bits.
    assert found["priority_entropy_bits"].value == pytest.approx(1.5)


def test_one_priority_for_all_has_entropy_0_and_without_any_there_is_no_figure() -> None:
    assert values(ranked(of_priority("a", "P3")))["priority_entropy_bits"] == 0
    assert values(facts([incident("a")]))["priority_entropy_bits"] is None


def test_services_fixed_at_high_urgency_are_listed() -> None:
    account = replace(
        facts(), services=[service("fixed"), service("open", urgency="severity_based")]
    )
    found = values(account)
    assert found["fixed_high_urgency_services"] == 1
    assert found["service:fixed/fixed_high_urgency_services"] == 1
    assert found["service:open/fixed_high_urgency_services"] == 0
