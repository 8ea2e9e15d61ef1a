"""ONC-06, ONC-07 and ONC-15: how long a duty lasts, and the rest after it."""

import pytest

from app.assessment.rows import Facts
from tests.factories.rows import HOUR, MONDAY, WEEK, options, pseudonym
from tests.unit.assessment.oncall.rotas import duty, on, rota, values_by_name


def week() -> Facts:
    return rota(
        on("ann", 0, 48),
        on("bob", 48, 80),
        on("cat", 80, 90),
        on("bob", 90, 108),
        on("ann", 108, 168),
        rosters={"rota": ["ann", "bob", "cat", "dan"]},
    )


def test_the_longest_block_is_that_of_one_person_without_a_break() -> None:
    found = duty(week())
    assert found["longest_block_h"].value == 60
    assert found["longest_block_h"].people == {
        pseudonym("ann"): 60,
        pseudonym("bob"): 32,
        pseudonym("cat"): 10,
    }


def test_blocks_join_over_schedules() -> None:
    assert (
        values_by_name(rota(on("ann", 0, 10, "rota1"), on("ann", 9, 30, "rota2")))[
            "longest_block_h"
        ]
        == 30
    )


def test_blocks_over_one_and_two_weeks_are_counted_apart() -> None:
    month = options(until=MONDAY + 4 * WEEK)
    shifts = (on("ann", 0, 168), on("bob", 168, 337), on("cat", 0, 337, "rota2"))
    found = values_by_name(rota(*shifts), month)
    # 168 hours are exactly seven days, 337 hours an hour over fourteen.
    assert (found["people_over_7d_block"], found["people_over_14d_block"]) == (2, 1)


@pytest.mark.parametrize(
    ("monday", "week_h", "over"),
    [
        (8, 169, 0),  # Clocks go back: the same wall time a week on is 169 hours later.
        (8, 170, 1),
        (9, 168, 0),
        (9, 169, 1),
    ],
)
def test_a_week_in_which_clocks_change_is_not_longer_than_a_week(
    monday: int, week_h: int, over: int
) -> None:
    # 2024-10-28, Monday, is 43 weeks after 2024-01-01; clocks in Chicago change on 3 November.
    since = MONDAY + (35 + monday) * WEEK
    start = (since - MONDAY) // HOUR + 14
    shifts = on("ann", start, start + week_h)
    question = options(since=since, until=since + 3 * WEEK)
    found = values_by_name(rota(shifts, zones={"rota": "America/Chicago"}), question)
    assert found["longest_block_h"] == week_h
    assert found["people_over_7d_block"] == over


def test_rests_shorter_than_eleven_hours() -> None:
    found = duty(week())
    # bob rests 10 hours while cat is on, ann 60 hours.
    assert found["rest_violations"].value == 1
    assert found["rest_violations"].people == {
        pseudonym("ann"): 0,
        pseudonym("bob"): 1,
        pseudonym("cat"): 0,
    }
    assert found["min_rest_h"].value == 10
    assert found["rest_violations_per_4_weeks"].value == pytest.approx(4)
    # Three people for 7 days are 21 / 30.4375 months.
    assert found["rest_violations_per_person_month"].value == pytest.approx(30.4375 / 21)


def test_a_rest_of_exactly_eleven_hours_is_long_enough() -> None:
    found = values_by_name(rota(on("ann", 0, 8), on("ann", 19, 27)))
    assert (found["rest_violations"], found["min_rest_h"]) == (0, 11)


def test_a_minute_between_shifts_is_no_rest_at_all() -> None:
    found = values_by_name(rota(on("ann", 0, 8), on("ann", 8 + 1 / 60, 20)))
    assert (found["rest_violations"], found["min_rest_h"]) == (0, None)


def test_another_schedule_shortens_the_rest() -> None:
    found = values_by_name(
        rota(on("ann", 0, 8, "rota1"), on("ann", 24, 32, "rota1"), on("ann", 18, 20, "r"))
    )
    # 8 to 18 and 20 to 24.
    assert (found["rest_violations"], found["min_rest_h"]) == (2, 4)


def test_without_any_shift_rest_is_not_known() -> None:
    found = values_by_name(rota(rosters={"rota": ["ann"]}))
    assert (found["rest_violations"], found["longest_block_h"]) == (None, None)


def test_the_pattern_of_a_schedule() -> None:
    found = values_by_name(week())
    # Blocks 48, 60, 32, 18, 10; between them 60 and 10 hours; from start to start 108 and 42.
    assert found["schedule:rota/block_median_h"] == 32
    assert found["schedule:rota/between_blocks_median_d"] == pytest.approx(35 / 24)
    assert found["schedule:rota/rotation_median_d"] == pytest.approx(75 / 24)


def test_one_block_each_has_no_period() -> None:
    found = values_by_name(rota(on("ann", 0, 24), on("bob", 24, 48)))
    assert found["schedule:rota/block_median_h"] == 24
    assert found["schedule:rota/rotation_median_d"] is None
