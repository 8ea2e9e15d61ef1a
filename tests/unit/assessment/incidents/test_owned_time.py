"""INC-10 to INC-12: what comes back, and when nobody has it."""

from dataclasses import replace

import pytest

from tests.factories.configuration_rows import service
from tests.factories.rows import DAY, HOUR, MINUTE, MONDAY, entry, facts, incident, options
from tests.unit.assessment.incidents.lifecycle import figures, values


def test_resolved_twice_is_reopened() -> None:
    log = [entry("a", "resolve", MONDAY + at * HOUR) for at in (1, 2)]
    log.append(entry("b", "resolve", MONDAY + HOUR))
    found = figures(
        facts([incident("a", resolved=2 * HOUR), incident("b", resolved=HOUR), incident("c")], log)
    )
    assert found["reopened_count"].value == 1
    assert (found["reopen_rate"].value, found["reopen_rate"].n) == (0.5, 2)


def test_withdrawn_acknowledgements_are_counted_by_cause() -> None:
    log = [
        *(entry(name, "acknowledge", MONDAY + MINUTE) for name in "abcd"),
        entry("a", "unacknowledge", MONDAY + HOUR, agent="service", channel="timeout"),
        entry("a", "unacknowledge", MONDAY + 2 * HOUR, agent="service", channel="timeout"),
        entry("b", "unacknowledge", MONDAY + HOUR),
        entry("d", "unacknowledge", MONDAY + HOUR),
    ]
    incidents = [incident(name) for name in "abc"] + [incident("d", service="untimed")]
    account = replace(
        facts(incidents, log),
        services=[service("service", ack_timeout=1800), service("untimed", ack_timeout=0)],
    )
    found = figures(account)
    assert found["ack_timeout_incidents"].value == 3
    assert found["unacked_incidents/timeout"].value == 1
    assert found["unacked_incidents/human"].value == 2
    rate = found["ack_timeout_rate"]
    assert rate.value == pytest.approx(2 / 3)
    assert rate.n == 3
    assert found["service:untimed/ack_timeout_rate"].value is None


@pytest.mark.parametrize(
    ("until", "at", "between", "lost"),
    [
        (None, 240, None, 0),
        (None, 240, "acknowledge", 1),
        (240, 240, None, 0),
        (240, 241, None, 0),
        (240, 90, None, 1),
        (240, 240, "acknowledge", 0),
    ],
)
def test_the_end_of_a_snooze_is_no_lost_acknowledgement(
    until: int | None, at: int, between: str | None, lost: int
) -> None:
    ends = None if until is None else MONDAY + until * MINUTE
    log = [
        entry("a", "acknowledge", MONDAY + 2 * MINUTE),
        entry("a", "snooze", MONDAY + 5 * MINUTE)._replace(until=ends),
        entry("a", "unacknowledge", MONDAY + at * MINUTE, agent="service", channel="timeout"),
        entry("a", "acknowledge", MONDAY + 242 * MINUTE, number=2),
    ]
    if between is not None:
        log.append(entry("a", between, MONDAY + 60 * MINUTE, number=1))
    found = values(facts([incident("a", resolved=250 * MINUTE)], log))
    assert found["ack_timeout_incidents"] == lost
    assert found["unowned_s_total"] == (2 + 242 - at) * 60


def test_time_is_unowned_until_a_person_acknowledges_and_after_it_lapsed() -> None:
    log = [
        entry("a", "acknowledge", MONDAY + MINUTE),
        entry("a", "unacknowledge", MONDAY + 31 * MINUTE, agent="service", channel="timeout"),
        entry("a", "acknowledge", MONDAY + 40 * MINUTE),
        entry("b", "acknowledge", MONDAY + 5 * MINUTE, agent="service", channel="api"),
    ]
    account = facts([incident("a", resolved=HOUR), incident("b", resolved=HOUR)], log)
    found = values(account)
    assert found["unowned_s_total"] == (1 + 9) * 60 + 3600
    assert found["owned_s_total"] == (30 + 20) * 60
    assert found["unowned_share"] == pytest.approx(70 / 120)
    assert found["unowned_median_s"] == (600 + 3600) / 2
    assert found["unowned_p90_s"] == pytest.approx(600 + 0.9 * 3000)


def test_an_open_incident_is_unowned_up_to_the_snapshot() -> None:
    found = values(facts([incident("a", MONDAY + 6 * DAY)]))
    assert found["unowned_s_total"] == 86_400
    assert found["unowned_share"] == 1


def test_contradictory_times_count_as_neither_owned_nor_unowned() -> None:
    account = facts(
        [
            incident("early", resolved=-MINUTE),
            incident("before", resolved=HOUR),
            incident("untimed", status="resolved"),
            incident("fine", resolved=MINUTE),
        ],
        [entry("before", "acknowledge", MONDAY - MINUTE)],
    )
    found = figures(account)
    assert (found["unowned_s_total"].value, found["unowned_s_total"].n) == (60, 1)


def test_without_incidents_no_time_is_unowned() -> None:
    found = values(facts(), options())
    assert [found[name] for name in ("unowned_s_total", "owned_s_total", "unowned_share")] == [
        None,
        None,
        None,
    ]
