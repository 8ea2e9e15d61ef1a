"""ONC-09, ONC-10 and C2: hours with and without a person on call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.rows import UNKNOWN_ZONE, EscalationRule, ScheduleEntry, SupportHours
from tests.factories.configuration_rows import service
from tests.factories.rows import DAY, MONDAY, options, rule
from tests.unit.assessment.oncall.rotas import on, rota, values_by_name

ONE_DAY = options(until=MONDAY + DAY)
TWO_LEVELS = (rule(1, "rota1"), rule(2, "rota2"))
OFFICE = SupportHours(None, 8 * 3_600, 18 * 3_600, frozenset({1, 2, 3, 4, 5}))


def covered(*entries: ScheduleEntry) -> tuple[float | None, ...]:
    """Covered hours, hours of gap, number of gaps over one day."""
    found = values_by_name(rota(*entries, rosters={"rota": []}), ONE_DAY)
    measures = ("schedule_covered_h", "schedule_gap_h", "schedule_gap_count")
    return tuple(found[f"schedule:rota/{measure}"] for measure in measures)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], (0, 24, 1)),
        ([on("ann", 0, 24)], (24, 0, 0)),
        ([on("ann", 0, 12), on("bob", 12, 24)], (24, 0, 0)),
        ([on("ann", 8, 18)], (10, 14, 2)),
        ([on("ann", 0, 10), on("bob", 6, 12), on("ann", 7, 8)], (12, 12, 1)),
        ([on("ann", -5, 6), on("ann", 20, 99)], (10, 14, 1)),
        ([on("ann", -5, 0), on("ann", 24, 30)], (0, 24, 1)),
        ([on("ann", 0, 12), on(None, 12, 24)], (12, 12, 1)),
        ([on("ann", 9, 9), on("ann", 10, 8)], (0, 24, 1)),
        ([on("ann", 0, 12), on("ann", 12.01, 24)], (23.99, 0, 0)),
    ],
)
def test_covered_and_uncovered_hours_and_gaps_are_counted(
    entries: list[ScheduleEntry], expected: tuple[float, ...]
) -> None:
    assert covered(*entries) == pytest.approx(expected)


def test_each_schedule_has_its_figures_and_the_window_is_in_hours() -> None:
    account = rota(on("ann", 0, 24, "rota1"), rosters={"rota1": [], "rota2": []})
    found = values_by_name(account, ONE_DAY)
    assert found["window_h"] == 24
    assert found["schedules_with_gap_count"] == 1
    assert found["schedule:rota2/schedule_gap_count"] == 1
    assert found["schedule:rota1/schedule_covered_share"] == 1


def test_hours_with_anybody_are_the_union_over_schedules() -> None:
    found = values_by_name(rota(on("ann", 0, 10, "rota1"), on("bob", 6, 12, "rota2")), ONE_DAY)
    assert found["covered_h"] == 12


def two_levels() -> dict[str, float | None]:
    """Level 1 is covered from 0 to 12 and from 14 on, level 2 from 10 to 13."""
    shifts = (on("ann", 0, 12, "rota1"), on("ann", 14, 24, "rota1"), on("bob", 10, 13, "rota2"))
    return values_by_name(rota(*shifts, rules=TWO_LEVELS), ONE_DAY)


def test_a_gap_of_level_one_is_not_a_gap_of_the_policy() -> None:
    found = two_levels()
    assert found["policy:policy/policy_l1_uncovered_h"] == 2
    assert found["policy:policy/policy_uncovered_h"] == 1
    assert found["policy:policy/policy_uncovered_count"] == 1
    assert found["policy:policy/policy_l1_uncovered_share"] == pytest.approx(2 / 24)
    assert found["policies_with_gap_count"] == 1
    assert found["l1_covered_share"] == pytest.approx(22 / 24)
    assert found["service:for policy/policy_uncovered_h"] == 1


def test_one_person_is_all_a_policy_reaches() -> None:
    # 0 to 10, 12 to 13 and 14 to 24; from 10 to 12 there are two, from 13 to 14 nobody.
    assert two_levels()["policy:policy/single_responder_h"] == 21


def test_the_same_person_on_both_levels_is_one_person_with_two_shifts() -> None:
    shifts = (on("ann", 0, 24, "rota1"), on("ann", 6, 12, "rota2"), on("bob", 12, 24, "rota2"))
    found = values_by_name(rota(*shifts, rules=TWO_LEVELS), ONE_DAY)
    assert found["policy:policy/single_responder_h"] == 12
    assert found["policy:policy/double_duty_total_h"] == found["double_duty_total_h"] == 6
    assert found["schedule:rota1/double_duty_total_h"] == 0


def test_a_policy_of_one_level_has_no_backup_to_miss() -> None:
    found = values_by_name(rota(on("ann", 0, 24, "rota1"), rules=[rule(1, "rota1")]), ONE_DAY)
    assert found["policy:policy/single_responder_h"] is None


def test_a_direct_user_covers_a_level_always_and_is_a_person() -> None:
    found = values_by_name(
        rota(on("ann", 0, 6, "rota1"), rules=[rule(1, "rota1"), rule(2, "boss")]), ONE_DAY
    )
    assert found["policy:policy/policy_l1_uncovered_h"] == 18
    assert found["policy:policy/policy_uncovered_h"] == 0
    assert found["policy:policy/single_responder_h"] == 18


@pytest.mark.parametrize(
    ("rules", "first", "anybody"),
    [
        ([rule(1, "rota9")], None, None),
        ([rule(1, "rota9", "boss")], 0, 0),
        ([rule(1, "rota1"), rule(2, "rota9")], 12, None),
        ([rule(1, "rota9"), rule(2, "boss")], None, 0),
        ([rule(1, "rota1", "rota9"), rule(2, "rota1")], None, None),
    ],
)
def test_a_schedule_that_was_not_collected_is_unknown_and_not_a_gap(
    rules: list[EscalationRule], first: float | None, anybody: float | None
) -> None:
    found = values_by_name(rota(on("ann", 0, 12, "rota1"), rules=rules), ONE_DAY)
    assert found["policy:policy/policy_l1_uncovered_h"] == first
    assert found["policy:policy/policy_uncovered_h"] == anybody
    assert found["policy:policy/single_responder_h"] is None or first is not None


def test_support_hours_are_the_hours_expected() -> None:
    services = [
        service("shop", urgency=None, hours=OFFICE),
        service("till", urgency=None, hours=OFFICE),
    ]
    account = rota(on("ann", 0, 12, "rota1"), rules=[rule(1, "rota1")], services=services)
    found = values_by_name(account)
    # Monday to Friday from 8 to 18; Monday 8 to 12 is covered.
    assert found["policy:policy/policy_expected_h"] == 50
    assert found["policy:policy/policy_l1_uncovered_h"] == 46
    assert found["policy:policy/policy_uncovered_count"] == 5


def test_one_service_without_support_hours_expects_a_responder_always() -> None:
    services = [service("shop", urgency=None, hours=OFFICE), service("till")]
    found = values_by_name(rota(rules=[rule(1, "rota1")], rosters={"rota1": []}, services=services))
    assert found["policy:policy/policy_expected_h"] == 168


@pytest.mark.parametrize(("status", "expected"), [("active", 168), ("disabled", 50)])
def test_a_disabled_service_cannot_page(status: str, expected: int) -> None:
    working = service("shop", urgency=None, hours=OFFICE, inside="high", outside="low")
    services = [working, service("till", status=status)]
    found = values_by_name(rota(rules=[rule(1, "rota1")], rosters={"rota1": []}, services=services))
    assert found["policy:policy/policy_expected_h"] == expected


def test_support_hours_over_midnight_belong_to_the_evening_and_to_their_zone() -> None:
    late = SupportHours("Europe/Berlin", 22 * 3_600, 2 * 3_600, frozenset({5}))
    account = rota(
        on("ann", 117, 120, "rota1"),
        rules=[rule(1, "rota1")],
        services=[service("shop", urgency=None, hours=late)],
    )
    found = values_by_name(account)
    # Friday 22:00 to Saturday 02:00 in Berlin is 117 to 121 hours after Monday in UTC.
    assert found["policy:policy/policy_expected_h"] == 4
    assert found["policy:policy/policy_uncovered_h"] == 1


@pytest.mark.parametrize(
    ("urgency", "inside", "outside", "expected", "uncovered"),
    [
        ("high", None, None, 168, 118),
        ("severity_based", None, None, 168, 118),
        ("low", None, None, 0, 0),
        (None, "high", "low", 50, 0),
        (None, "low", "high", 168, 118),
        (None, "severity_based", "severity_based", 168, 118),
        (None, "low", "low", 0, 0),
    ],
)
def test_somebody_is_expected_whenever_a_service_can_page_with_high_urgency(
    urgency: str | None, inside: str | None, outside: str | None, expected: int, uncovered: int
) -> None:
    days = [on("ann", 24 * day + 8, 24 * day + 18, "rota1") for day in range(5)]
    shop = service("shop", urgency=urgency, hours=OFFICE, inside=inside, outside=outside)
    found = values_by_name(rota(*days, rules=[rule(1, "rota1")], services=[shop]))
    assert found["policy:policy/policy_expected_h"] == expected
    assert found["policy:policy/policy_uncovered_h"] == uncovered
    assert found["policies_with_gap_count"] == bool(uncovered)


@pytest.mark.parametrize(("outside", "expected", "gaps"), [("low", None, None), ("high", 168, 1)])
def test_support_hours_in_a_zone_of_unknown_name_make_no_gap(
    outside: str, expected: float | None, gaps: int | None
) -> None:
    hours = OFFICE._replace(time_zone=UNKNOWN_ZONE)
    shop = service("shop", urgency=None, hours=hours, inside="high", outside=outside)
    found = values_by_name(rota(rules=[rule(1, "rota1")], rosters={"rota1": []}, services=[shop]))
    assert found["policy:policy/policy_expected_h"] == expected
    assert found["policy:policy/policy_uncovered_count"] == gaps
    assert found["policies_with_gap_count"] == (gaps or 0)


def test_shifts_that_end_a_second_early_leave_seams_and_no_gap() -> None:
    shifts = [on("ann", at, at + 6 - 1 / 3_600, "rota1") for at in range(0, 24, 6)]
    found = values_by_name(rota(*shifts, rules=[rule(1, "rota1")]), ONE_DAY)
    assert found["schedule:rota1/schedule_gap_count"] == 0
    assert found["schedule:rota1/schedule_seam_count"] == 4
    assert found["policy:policy/policy_l1_uncovered_share"] == 0
    assert found["policy:policy/policy_uncovered_count"] == 0
    assert found["policy:policy/policy_seam_count"] == 4
    assert found["schedules_with_gap_count"] == found["policies_with_gap_count"] == 0


def test_a_policy_without_service_loses_no_incident() -> None:
    found = values_by_name(rota(rules=[rule(1, "rota1")], rosters={"rota1": []}, services=[]))
    assert found["policies_with_gap_count"] == 0
    assert found["l1_covered_share"] is None
    assert found["policy:policy/policy_uncovered_h"] == 168


hours = st.tuples(st.integers(-5, 30), st.integers(-5, 30))


@given(st.lists(hours, max_size=8))
def test_coverage_is_what_a_look_at_every_hour_finds(pairs: list[tuple[int, int]]) -> None:
    taken = [any(a <= hour < b for a, b in pairs) for hour in range(24)]
    gaps = sum(not here and (hour == 0 or taken[hour - 1]) for hour, here in enumerate(taken))
    shifts = [on("ann", a, b) for a, b in pairs]
    assert covered(*shifts) == (sum(taken), 24 - sum(taken), gaps)
