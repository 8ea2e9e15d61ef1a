"""ESC-03, ESC-04 and ESC-11: pages nobody answered in time, why, and what it cost."""

import pytest

from tests.factories.rows import DAY, HOUR, MONDAY, SECOND, entry, incident
from tests.unit.assessment.escalations.escalation_accounts import (
    IncidentWithLog,
    figures,
    incident_with_log,
    of,
)
from tests.unit.assessment.escalations.steps import AT, step, timeout, trigger


def missed(name: str, at: int = AT) -> IncidentWithLog:
    return incident_with_log(name, *trigger(), *timeout(5, "bob"), step("acknowledge", 6), at=at)


def answered(name: str, at: int = AT) -> IncidentWithLog:
    return incident_with_log(name, *trigger(), step("acknowledge", 1), at=at)


def test_missed_pages_by_time_of_day() -> None:
    saturday_noon = MONDAY + 5 * DAY + 12 * HOUR
    found = figures(
        missed("day", MONDAY + 10 * HOUR),
        answered("day2", MONDAY + 11 * HOUR),
        missed("night", MONDAY + 3 * HOUR),
        answered("evening", MONDAY + 20 * HOUR),
        answered("weekend", saturday_noon),
    )
    rates = {
        band: found[f"missed_page_rate_by_band/{band}"] for band in ("business", "off", "sleep")
    }
    assert {band: (each.value, each.n) for band, each in rates.items()} == {
        "business": (0.5, 2),
        "off": (0, 2),
        "sleep": (1, 1),
    }
    assert found["missed_page_rate"].value == 0.4
    assert found["hour:1-03/missed_page_rate"].value == 1
    assert found["hour:1-20/missed_page_rate"].value == 0
    assert found["hour:2-03/missed_page_rate"].value is None


def test_escalations_are_counted_by_cause_and_not_by_incident() -> None:
    found = figures(
        incident_with_log("a", *trigger(), *timeout(5, "bob"), *timeout(15, "boss")),
        incident_with_log("b", *trigger(), step("escalate", 2, "bob")),
        incident_with_log("c", *trigger(), step("escalate", 2, "bob", agent="service")),
    )
    causes = ("timeout", "manual", "automation")
    assert [found[f"escalations_{cause}"].value for cause in causes] == [2, 1, 1]
    assert found["escalation_rate"].value == 1
    assert found["missed_page_rate"].value == pytest.approx(1 / 3)


def test_the_delay_runs_to_the_last_time_out_before_an_acknowledgement() -> None:
    found = figures(
        incident_with_log(
            "a", *trigger(), *timeout(5, "bob"), *timeout(15, "boss"), step("acknowledge", 20)
        ),
        incident_with_log("b", *trigger(), *timeout(5, "bob")),
        incident_with_log(
            "c",
            *trigger(),
            step("acknowledge", 1),
            step("unacknowledge", 31),
            *timeout(36, "bob"),
        ),
    )
    total, median = found["missed_page_delay_total_s"], found["missed_page_delay_median_s"]
    assert (total.value, total.n) == (20 * 60, 2)
    assert median.value == 10 * 60


def test_an_escalation_before_the_creation_measures_no_delay() -> None:
    early = entry("a", "escalate", AT - SECOND, agent="service", channel="timeout", to=["bob"])
    found = figures(of(incident("a", AT), early))
    assert found["missed_page_delay_total_s"].value is None
    assert found["missed_page_rate"].value == 1


def test_high_urgency_is_counted_separately() -> None:
    low = of(incident("low", AT, urgency="low"), *trigger(), *timeout(5, "bob"))
    found = figures(answered("high"), low)
    assert found["missed_page_rate"].value == 0.5
    assert found["high_urgency_missed_page_rate"].value == 0
    assert found["high_urgency_escalation_rate"].value == 0


@pytest.mark.parametrize(
    ("urgency", "turned_at", "could"),
    [("low", None, 0), ("low", 1, 1), ("low", 9, 1), ("high", 9, 0), ("high", 1, 1)],
)
def test_an_incident_of_low_urgency_cannot_be_missed(
    urgency: str, turned_at: int | None, could: int
) -> None:
    """Of high urgency at some time before its acknowledgement in the fifth minute, it can."""
    steps = [] if turned_at is None else [step("urgency_change", turned_at)]
    late = of(incident("low", AT, urgency=urgency), *trigger(), *steps, step("acknowledge", 5))
    found = figures(late, incident_with_log("missed", *trigger(), *timeout(5, "bob")))
    for name in ("missed_page_rate", "escalation_rate", "first_touch_ack_rate", "l1_ack_rate"):
        assert found[name].n == (could if name == "l1_ack_rate" else 1 + could)
    assert found["missed_page_rate"].value == 1 / (1 + could)
