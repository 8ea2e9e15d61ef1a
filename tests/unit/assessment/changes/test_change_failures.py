"""Changes that incidents are blamed on, against chance."""

from dataclasses import replace

import pytest

from app.assessment.account import Account
from app.assessment.changes import attributed_incidents
from app.assessment.metrics.changes import METRICS
from app.assessment.rows import Facts
from app.assessment.statistics import wilson
from tests.factories.resolved_incidents import Handled, account, handled
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    change,
    family,
    incident,
    options,
    pseudonym,
    pseudonyms,
)

END = MONDAY + WEEK
TEN = MONDAY + 10 * HOUR
TUESDAY = MONDAY + DAY
CHANGES = [
    change("earlier", TEN, "p"),
    change("blamed", TEN + 30 * MINUTE, "p"),
    change("other", TUESDAY, "q"),
    change("both", TUESDAY + DAY, "p", "q"),
    change("young", END - 30 * MINUTE, "p"),
]
CASES = [
    handled("a", TEN + HOUR, 2 * HOUR, "person", service="p"),
    handled("b", TEN + 90 * MINUTE, HOUR, "person", service="p"),
    handled("late", TEN + 90 * MINUTE + SECOND, HOUR, "person", service="p"),
    handled("transient", TUESDAY + MINUTE, MINUTE, service="q"),
    handled("minor", TUESDAY + MINUTE, HOUR, "person", service="q", urgency="low"),
    handled("stranger", TUESDAY + DAY + MINUTE, HOUR, "person", service="r"),
    handled("d", END - 20 * MINUTE, service="p"),
    Handled(incident("merged", TUESDAY + 2, resolved=1, merged=True, service="q"), []),
]
"""``a`` and ``b`` start 30 and 60 minutes after ``blamed``; the snapshot is the window's end."""


def test_a_change_fails_once_however_many_incidents_follow() -> None:
    found = family(METRICS, account(CASES, CHANGES))
    assert found["changes"].value == 5
    assert found["eligible_changes"].value == 4
    assert found["failed_change_count"].value == 1
    assert found["change_failure_rate"].value == 1 / 4
    assert found["incidents_per_change"].value == 2 / 4


def test_an_incident_is_attributed_to_the_latest_change() -> None:
    seen = Account(account(CASES, CHANGES), options())
    assert attributed_incidents(seen.changes, HOUR) == {pseudonym("blamed"): pseudonyms("ab")}


def test_of_changes_at_one_moment_the_same_one_is_attributed_in_any_order_of_rows() -> None:
    pair = [change("one", TEN, "p"), change("two", TEN, "p", "q")]
    cases = [handled("a", TEN, HOUR, "person", service="p")]
    for changes in (pair, pair[::-1]):
        seen = Account(account(cases, changes), options())
        assert attributed_incidents(seen.changes, HOUR) == {pseudonym("two"): pseudonyms("a")}


def test_a_change_without_its_complete_aftermath_is_not_counted() -> None:
    """``young`` and its incident ``d`` count where the snapshot is half an hour later."""
    rows = account(CASES, CHANGES)
    later = options(as_of=END + 30 * MINUTE)
    assert family(METRICS, rows, later)["change_failure_rate"].value == 2 / 5
    assert family(METRICS, rows, later)["incidents_per_change"].value == 3 / 5


def test_the_rate_is_given_for_each_time_a_change_is_suspected() -> None:
    """In half an hour: a, and d of ``young``, which is eligible then; later ones: ``blamed``."""
    found = family(METRICS, account(CASES, CHANGES))
    rates = [found[f"change_failure_rate_within/{s}"].value for s in (1800, 3600, 14400, 86400)]
    assert rates == [2 / 5, 1 / 4, 1 / 4, 1 / 4]


def test_transient_incidents_count_where_the_options_say_so() -> None:
    question = replace(options(), exclude_transient=False)
    assert family(METRICS, account(CASES, CHANGES), question)["change_failure_rate"].value == 2 / 4


def test_a_service_is_judged_by_its_own_changes_and_incidents() -> None:
    found = family(METRICS, account(CASES, CHANGES))
    assert found["service:p/change_failure_rate"].value == 1 / 3
    assert found["service:q/change_failure_rate"].value == 0
    assert found["service:q/eligible_changes"].value == 2
    assert found["service:r/change_failure_rate"].value is None


def test_a_change_of_two_services_fails_for_the_one_that_breaks() -> None:
    cases = [
        handled("a", TEN + MINUTE, HOUR, "person", service="p"),
        handled("b", TUESDAY, HOUR, "person", service="q"),
    ]
    found = family(METRICS, account(cases, [change("both", TEN, "p", "q")]))
    assert found["change_failure_rate"].value == 1
    assert found["service:p/change_failure_rate"].value == 1
    assert found["service:q/change_failure_rate"].value == 0


def chances(*minutes: int) -> Facts:
    cases = [handled(f"p{at}", MONDAY + at * MINUTE, DAY, "person", service="p") for at in minutes]
    return account([*cases, handled("t", TUESDAY, MINUTE, service="p")])


def test_the_chance_of_a_service_is_the_time_before_its_incidents() -> None:
    """0:00-0:30 of a start at 0:30, cut by the window; 9:00-10:30 of 10:00 and 10:30 together."""
    found = family(METRICS, chances(30, 600, 630))
    assert found["service:p/chance_rate"].value == pytest.approx(2 / 168, rel=1e-12)
    assert found["service:p/chance_rate"].n == 3


def test_the_excess_is_what_lies_beyond_the_chance_of_each_change() -> None:
    """Two changes of p, whose chance is 1 h of 168; one of q, which has no incident."""
    changes = [
        change("a", TEN, "p"),
        change("b", TUESDAY, "p"),
        change("c", TUESDAY, "q"),
    ]
    cases = [handled("x", TEN + MINUTE, HOUR, "person", service="p")]
    found = family(METRICS, account(cases, changes))
    chance = 2 / 3 / 168
    assert found["chance_rate"].value == pytest.approx(chance, rel=1e-12)
    excess = found["change_failure_excess"]
    assert excess.value == pytest.approx(1 / 3 - chance, rel=1e-12)
    interval = wilson(1, 3)
    assert interval is not None
    assert excess.interval == pytest.approx([each - chance for each in interval])
    assert found["service:p/change_failure_excess"].value == pytest.approx(1 / 2 - 1 / 168)


def test_a_change_of_two_services_is_at_risk_from_either() -> None:
    """10:00-11:00 before the one and 10:30-11:30 before the other: 90 minutes."""
    cases = [
        handled("a", TEN + HOUR, HOUR, "person", service="p"),
        handled("b", TEN + 90 * MINUTE, HOUR, "person", service="q"),
    ]
    found = family(METRICS, account(cases, [change("both", TUESDAY, "p", "q")]))
    assert found["chance_rate"].value == pytest.approx(1.5 / 168, rel=1e-12)


def test_without_changes_there_is_no_rate() -> None:
    found = family(METRICS, account(CASES))
    assert found["changes"].value == 0
    for name in ("change_failure_rate", "incidents_per_change", "chance_rate", "rework_share"):
        assert found[name].value is None
    assert found["change_failure_excess"].value is None
