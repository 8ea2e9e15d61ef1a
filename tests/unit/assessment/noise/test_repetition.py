"""Alerts per incident, stale incidents, services that repeat themselves."""

import pytest

from app.assessment.metrics.noise import METRICS
from tests.factories.resolved_incidents import Handled, account, handled
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    facts,
    family,
    incident,
    pseudonym,
)


def test_alerts_are_those_of_services_that_have_any() -> None:
    rows = [
        incident("a", service="p", alerts=1),
        incident("b", service="p", alerts=2),
        incident("c", service="p", alerts=3),
        incident("d", service="p", alerts=None),
        incident("e", service="q", alerts=0),
        incident("f", service="q", alerts=0),
    ]
    found = family(METRICS, facts(rows))
    assert found["alerts_per_incident_median"].value == 2
    assert found["alerts_per_incident_p90"].value == pytest.approx(2.8)
    assert found["alerts_per_incident_median"].n == 3
    assert found["service:q/alerts_per_incident_median"].value is None


def silent(name: str, at: int, *heard: int) -> Handled:
    return Handled(incident(name, at), [entry(name, "annotate", each) for each in heard])


def test_an_incident_is_stale_a_day_after_anything_was_heard_of_it() -> None:
    end = MONDAY + WEEK
    rows = [
        silent("stale", MONDAY, MONDAY + DAY),
        silent("never heard of", MONDAY),
        silent("a day ago", MONDAY, end - DAY),
        silent("young", end - 23 * HOUR),
        handled("over", MONDAY, HOUR),
    ]
    found = family(METRICS, account(rows))
    assert found["stale_count"].value == 2
    assert found["high_urgency_stale_count"].value == 2


def every(hours: int, service: str, *seconds: int) -> list[Handled]:
    return [
        handled(f"{service}{n}", MONDAY + n * hours * HOUR, each * SECOND, service=service)
        for n, each in enumerate(seconds)
    ]


def test_a_repeater_never_rests_and_is_mostly_transient() -> None:
    cases = [
        *every(10, "p", 100, 100, 1_000),
        *every(24, "q", 100, 100, 100),
        *every(10, "r", 100, 1_000),
        *every(10, "s", 100),
    ]
    found = family(METRICS, account(cases))
    p = pseudonym("p").hex()
    assert found["repeater_count"].value == 1
    assert found[f"repeaters/{p}"].value == 2 / 3
    assert found[f"repeater_gap_median_s/{p}"].value == 36_000
    assert not [name for name in found if name.startswith("repeaters/") and p not in name]


def test_a_median_of_gaps_is_not_a_mean() -> None:
    """One rest of four days among gaps of an hour."""
    hours = (0, 1, 2, 100)
    cases = [handled(f"p{at}", MONDAY + at * HOUR, MINUTE, service="p") for at in hours]
    assert family(METRICS, account(cases))["repeater_count"].value == 1
