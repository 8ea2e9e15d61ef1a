"""INC-01 to INC-08 against values worked out by hand."""

from dataclasses import replace

import pytest

from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    facts,
    incident,
    options,
)
from tests.unit.assessment.incidents.lifecycle import acked_after, figures, values


def test_merged_incidents_are_left_out_of_every_count() -> None:
    found = values(facts([incident("a"), incident("b", resolved=HOUR, merged=True)]))
    assert found["incident_count"] == 1
    assert (found["merged_count"], found["merged_rate"]) == (1, 0.5)
    assert found["ttr_all_mean_s"] is None


def test_incidents_per_week_follow_the_length_of_the_window() -> None:
    many = [incident(f"i{n}") for n in range(6)]
    found = figures(facts(many), options(until=MONDAY + 2 * WEEK))
    assert found["incident_count"].interval == pytest.approx((2.2019, 13.0595), abs=1e-3)
    assert found["incidents_per_week"].value == 3
    assert found["incidents_per_week"].interval == pytest.approx((1.1010, 6.5297), abs=1e-3)


def test_open_incidents_are_counted_by_status_and_age() -> None:
    found = values(
        facts(
            [
                incident("a", MONDAY),
                incident("b", MONDAY + 5 * DAY, status="acknowledged"),
                incident("c", MONDAY + 6 * DAY, status="acknowledged"),
                incident("d", MONDAY, resolved=HOUR),
                incident("e", MONDAY, resolved=WEEK + 1),
            ]
        )
    )
    assert found["open_count"] == 4
    assert found["open_by_status/triggered"] == 2
    assert found["open_by_status/acknowledged"] == 2
    assert found["open_stale_count"] == 3  # exactly one day old is not stale yet
    assert found["open_age_median_s"] == (2 + 7) / 2 * 86_400


def test_time_to_acknowledge_has_mean_median_and_percentiles() -> None:
    found = figures(acked_after(120, 300, 2400, 600, 90, 180))
    assert found["tta_mean_s"].value == 615
    assert found["tta_median_s"].value == 240
    assert found["tta_median_s"].interval == (90.0, 2400.0)
    assert found["tta_p90_s"].value == pytest.approx(1500)
    assert found["tta_p95_s"].value == pytest.approx(1950)
    assert found["tta_p95_s"].interval is None
    assert found["tta_mean_s"].n == 6


def test_a_second_acknowledgement_changes_nothing() -> None:
    once = acked_after(120, 300)
    again = facts(once.incidents, [*once.log_entries, entry("i0", "acknowledge", MONDAY + HOUR)])
    assert values(again) == values(once)


def test_never_acknowledged_incidents_lower_the_rates_and_not_the_times() -> None:
    account = acked_after(60, 60, 600)
    alone = facts([*account.incidents, incident("alone")], account.log_entries)
    found = figures(alone)
    assert found["tta_mean_s"].value == 240
    assert found["acked_count"].value == 3
    assert found["ack_rate"].value == 0.75
    assert found["ack_rate"].interval == pytest.approx((0.3006, 0.9544), abs=1e-4)
    assert found["acked_within_target_rate"].value == 0.5


def test_the_target_is_met_to_the_second() -> None:
    assert values(acked_after(300))["acked_within_target_rate"] == 1
    assert values(acked_after(301))["acked_within_target_rate"] == 0


def test_an_incident_younger_than_the_target_is_not_judged() -> None:
    young = MONDAY + WEEK - 299 * SECOND
    account = facts(
        [incident("old"), incident("young", young), incident("just", young - SECOND)],
        [entry("young", "acknowledge", young + SECOND)],
    )
    found = figures(account)["acked_within_target_rate"]
    assert (found.value, found.n) == (0, 2)


def test_time_to_resolve_and_the_dora_scope_without_low_urgency() -> None:
    seconds = {"a": 1800, "b": 7200, "c": 18_000, "d": 240, "e": 3600}
    found = values(
        facts(
            incident(name, resolved=s * SECOND, urgency="low" if name == "c" else "high")
            for name, s in seconds.items()
        )
    )
    assert found["ttr_all_mean_s"] == 6168
    assert found["ttr_all_median_s"] == 3600
    assert found["ttr_all_p90_s"] == pytest.approx(7200 + 0.6 * 10_800)
    assert found["ttr_dora_mean_s"] == 3210
    assert found["ttr_dora_median_s"] == 2700
    assert found["ttr_dora_p90_s"] == pytest.approx(6120)
    assert found["high_urgency_ttr_all_median_s"] == 2700
    assert found["high_urgency_incident_count"] == 4


def test_an_urgency_pagerduty_added_later_is_not_taken_for_low() -> None:
    found = values(facts([incident("a", resolved=HOUR, urgency="other")]))
    assert found["ttr_dora_mean_s"] == 3600
    assert found["high_urgency_incident_count"] == 0


def test_impossible_durations_leave_the_time_and_stay_in_the_counts() -> None:
    account = facts(
        [
            incident("early", resolved=-30 * SECOND),
            incident("fine", resolved=HOUR),
            incident("before"),
        ],
        [
            entry("early", "acknowledge", MONDAY + 90 * SECOND),
            entry("before", "acknowledge", MONDAY - SECOND),
            entry("before", "acknowledge", MONDAY + MINUTE),
        ],
    )
    found = figures(account)
    assert found["incident_count"].value == 3
    assert found["acked_count"].value == 2
    assert found["tta_mean_s"].value == 90
    assert found["ttr_all_mean_s"].value == 3600
    assert (found["acked_within_target_rate"].value, found["acked_within_target_rate"].n) == (
        0.5,
        2,
    )


def test_an_acknowledgement_at_creation_took_no_time() -> None:
    found = values(acked_after(0))
    assert found["tta_median_s"] == 0


def test_unknown_log_entries_are_ignored() -> None:
    account = acked_after(60)
    strange = entry("i0", "view", MONDAY + MINUTE, agent="service")
    other = strange._replace(id=b"2" * 16, type="other")
    with_them = values(facts(account.incidents, [*account.log_entries, strange, other]))
    assert with_them == values(account)


def test_the_merged_share_is_of_all_incidents_of_the_window() -> None:
    gone = [incident(f"m{n}", resolved=HOUR, merged=True) for n in range(3)]
    found = figures(facts([incident("a"), *gone]))
    assert (found["merged_rate"].value, found["merged_rate"].n) == (0.75, 4)


def test_a_longer_target_is_met_by_more() -> None:
    question = replace(options(), ack_target_s=600)
    account = acked_after(60, 600, 601)
    assert values(account, question)["acked_within_target_rate"] == pytest.approx(2 / 3)


def test_every_scope_counts_its_own_incidents() -> None:
    account = facts(
        [
            incident("a", teams=["red", "blue"], service="shop", policy="days"),
            incident("b", MONDAY + 9 * HOUR, teams=["red"], service="till", policy="days"),
            incident("c", MONDAY + WEEK, teams=["blue"], service="till", policy="nights"),
        ],
        [entry("b", "acknowledge", MONDAY + 9 * HOUR + MINUTE)],
    )
    found = values(account, options(until=MONDAY + 2 * WEEK))
    assert found["incident_count"] == 3
    assert [found[f"team:{each}/incident_count"] for each in ("red", "blue")] == [2, 2]
    assert [found[f"service:{each}/incident_count"] for each in ("shop", "till")] == [1, 2]
    assert [found[f"policy:{each}/incident_count"] for each in ("days", "nights")] == [2, 1]
    assert [found[f"{week}/incident_count"] for week in ("week:2024-W01", "week:2024-W02")] == [
        2,
        1,
    ]
    assert found["hour:1-09/acked_within_target_rate"] == 1
    assert found["hour:1-00/acked_within_target_rate"] == 0
    assert found["hour:2-00/acked_within_target_rate"] is None
