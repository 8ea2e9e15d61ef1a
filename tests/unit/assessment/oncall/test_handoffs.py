"""ONC-08 and ONC-11: changes of person, and overrides."""

import pytest

from app.assessment.rows import ScheduleEntry
from tests.factories.rows import DAY, MONDAY, options
from tests.unit.assessment.oncall.rotas import on, rota, values_by_name

MINUTE = 1 / 60
WEEK = (
    on("ann", 0, 48),
    on("bob", 48, 80),
    on("cat", 80, 90),
    on("bob", 90, 108),
    on("ann", 108, 168),
)
SWAP = on("cat", 80, 90)


def test_every_change_of_person_is_a_handoff() -> None:
    found = values_by_name(rota(*WEEK, overrides=[SWAP]))
    # Wed 00:00, Thu 08:00, Thu 18:00 and Fri 12:00; 18:00 is no longer business.
    assert found["handoffs"] == found["schedule:rota/handoffs"] == 4
    assert found["handoffs_per_week"] == 4
    assert found["handoffs_outside_business"] == 2
    assert found["handoffs_outside_business_share"] == 0.5
    assert found["handoffs_override"] == 2


def test_business_hours_are_those_of_the_schedule() -> None:
    # Wed 00:00 is 09:00 in Tokyo, Thu 08:00 is 17:00, Thu 18:00 and Fri 12:00 are nights.
    found = values_by_name(rota(*WEEK, zones={"rota": "Asia/Tokyo"}, homes={"ann": "Etc/UTC"}))
    assert found["handoffs_outside_business"] == 2
    found = values_by_name(rota(on("ann", 0, 8), on("bob", 8, 20), zones={"rota": "Asia/Tokyo"}))
    assert found["handoffs_outside_business"] == 0


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ([on("ann", 0, 8), on("bob", 8 + MINUTE, 20)], 1),
        ([on("ann", 0, 8), on("bob", 8 + 2 * MINUTE, 20)], 0),
        ([on("ann", 0, 8), on("ann", 8, 20)], 0),
        ([on("ann", 0, 8), on(None, 8, 9), on("bob", 9, 20)], 0),
        ([on("ann", 0, 9), on("bob", 8, 20)], 1),
        ([on("ann", 0, 20), on("bob", 8, 12)], 0),
        ([on("ann", 0, 8), on("bob", 0, 8), on("cat", 8, 20), on("dan", 8, 20)], 1),
        ([on("ann", 0, 20), on("bob", 0, 8), on("cat", 8, 20)], 1),
        ([on("ann", 0, 8, "rota1"), on("bob", 8, 20, "rota2")], 0),
        ([], 0),
    ],
)
def test_only_a_change_of_person_without_a_break_is_a_handoff(
    shifts: list[ScheduleEntry], expected: int
) -> None:
    rosters: dict[str, list[str]] = {"rota": [], "rota1": [], "rota2": []}
    assert values_by_name(rota(*shifts, rosters=rosters))["handoffs"] == expected


def test_a_handoff_belongs_to_the_window_that_begins_with_it() -> None:
    found = rota(on("ann", -24, 24), on("bob", 24, 72))
    before = values_by_name(found, options(until=MONDAY + DAY))
    after = options(until=MONDAY + 2 * DAY)
    assert before["handoffs"] == 0
    assert values_by_name(found, after)["handoffs"] == 1


def test_two_schedules_add_up() -> None:
    shifts = [
        on(who, at, at + 12, name) for name in ("r1", "r2") for who, at in (("a", 0), ("b", 12))
    ]
    assert values_by_name(rota(*shifts))["handoffs"] == 2


def test_override_hours_over_covered_hours() -> None:
    found = values_by_name(rota(*WEEK, overrides=[SWAP]))
    assert found["override_h"] == 10
    assert found["override_share"] == pytest.approx(10 / 168)
    assert (found["override_count"], found["overrides_per_week"]) == (1, 1)


def test_shifts_that_came_from_an_override_count_as_overrides() -> None:
    shifts = [on("ann", 0, 10), on("bob", 10, 14, override=True), on("ann", 14, 20)]
    found = values_by_name(rota(*shifts))
    assert (found["override_h"], found["override_count"]) == (4, 1)
    assert found["override_share"] == pytest.approx(4 / 20)
    assert found["handoffs_override"] == 2


def test_overrides_are_cut_at_the_window_and_counted_once_where_they_touch() -> None:
    swaps = [on("bob", -5, 3), on("bob", 3, 6), on("cat", 300, 310)]
    found = values_by_name(rota(on("bob", -5, 6), on("ann", 6, 24), overrides=swaps))
    assert (found["override_h"], found["override_count"]) == (6, 1)


def test_without_cover_there_is_no_share_of_overrides() -> None:
    found = values_by_name(rota(rosters={"rota": []}))
    assert (found["override_h"], found["override_share"]) == (0, None)
