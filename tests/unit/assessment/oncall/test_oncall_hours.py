"""ONC-01 to ONC-05: how much people are on call, and how evenly."""

from dataclasses import replace

import pytest

from app.assessment.account import Account
from app.assessment.rows import Facts, Oncall
from tests.factories.rows import HOUR, MONDAY, options, pseudonym, rule
from tests.unit.assessment.oncall.rotas import duty, on, rota, values_by_name

# Of 168 hours ann has 48 + 60, bob 32 + 18, cat 10, dan none.
WEEK = (
    on("ann", 0, 48),
    on("bob", 48, 80),
    on("cat", 80, 90),
    on("bob", 90, 108),
    on("ann", 108, 168),
)
LISTED = {"rota": ["ann", "bob", "cat", "dan"]}


def week() -> Facts:
    return rota(*WEEK, rosters=LISTED)


def test_hours_are_the_union_of_a_persons_shifts() -> None:
    found = duty(week())
    assert found["oncall_total_h"].value == 168
    assert found["oncall_total_h"].people == {
        pseudonym("ann"): 108,
        pseudonym("bob"): 50,
        pseudonym("cat"): 10,
        pseudonym("dan"): 0,
    }
    assert found["oncall_median_h"].value == 30
    assert found["schedule:rota/oncall_total_h"].value == 168


def test_two_schedules_at_once_add_up_only_in_their_sum() -> None:
    both = rota(on("ann", 0, 24, "rota1"), on("ann", 12, 36, "rota2"), on("bob", 0, 6, "rota2"))
    found = values_by_name(both)
    assert found["oncall_total_h"] == 42
    assert found["schedule_hours_sum"] == 54


def test_a_pause_of_a_minute_belongs_to_the_duty_and_a_longer_one_does_not() -> None:
    minute = 1 / 60
    joined = values_by_name(rota(on("ann", 0, 2), on("ann", 2 + minute, 4)))
    parted = values_by_name(rota(on("ann", 0, 2), on("ann", 2 + 2 * minute, 4)))
    assert joined["oncall_total_h"] == 4
    assert parted["oncall_total_h"] == pytest.approx(4 - 2 * minute)
    assert joined["schedule:rota/schedule_covered_h"] == pytest.approx(4 - minute)


def test_shifts_are_cut_at_the_window_and_an_empty_entry_is_no_person() -> None:
    found = duty(rota(on("ann", -50, 10), on("ann", 160, 999), on(None, 20, 30)))
    assert found["oncall_total_h"].people == {pseudonym("ann"): 18}


def test_a_shift_without_bounds_lasts_as_long_as_the_window() -> None:
    endless = on("ann", 0, 1)._replace(start=-(2**63), end=2**63 - 1)
    found = values_by_name(rota(endless))
    assert found["oncall_total_h"] == 168
    assert found["longest_block_h"] == 168


def test_level_one_and_later_levels_are_counted_separately() -> None:
    levels = [rule(1, "rota1"), rule(2, "rota2", "boss")]
    found = values_by_name(
        rota(on("ann", 0, 20, "rota1"), on("ann", 10, 40, "rota2"), rules=levels)
    )
    assert found["oncall_l1_h"] == found["policy:policy/oncall_l1_h"] == 20
    assert found["oncall_l2plus_h"] == 30
    assert found["schedule:rota2/oncall_l1_h"] is None
    assert found["schedule:rota2/oncall_l2plus_h"] == 30


def test_people_named_by_a_level_are_always_on_and_have_no_hours() -> None:
    account = rota(on("ann", 0, 20), rules=[rule(1, "rota"), rule(2, "boss")])
    permanent = Oncall(
        escalation_policy_id=pseudonym("policy"),
        level=2,
        user_id=pseudonym("deputy"),
        schedule_id=None,
        start=None,
        end=None,
    )
    found = duty(account)
    assert found["always_on_people"].value == 1
    assert found["oncall_total_h"].people == {pseudonym("ann"): 20}
    listed = duty(replace(account, oncalls=[permanent]))
    assert listed["policy:policy/always_on_people"].value == 2


def test_the_share_of_time_counts_everybody_on_the_roster() -> None:
    found = duty(week())
    assert found["oncall_share_median"].value == pytest.approx(30 / 168)
    assert found["oncall_share_max"].value == pytest.approx(108 / 168)
    # A quarter of the week is 42 hours: ann and bob are over it.
    assert found["people_over_quarter"].value == 2
    assert (found["people_over_quarter_share"].value, found["people_over_quarter_share"].n) == (
        0.5,
        4,
    )


def test_exactly_a_quarter_of_the_time_is_not_over_it() -> None:
    assert values_by_name(rota(on("ann", 0, 42)))["people_over_quarter"] == 0
    assert values_by_name(rota(on("ann", 0, 42.01)))["people_over_quarter"] == 1


def test_gini_over_the_roster_and_over_people_with_a_shift() -> None:
    found = values_by_name(week())
    # 0, 10, 50, 108: 2 * (2*10 + 3*50 + 4*108) / (4 * 168) - 5/4.
    assert found["gini_roster"] == pytest.approx(2 * 602 / (4 * 168) - 5 / 4)
    assert found["gini_roster_corrected"] == pytest.approx((2 * 602 / (4 * 168) - 5 / 4) * 4 / 3)
    # 10, 50, 108: 2 * (10 + 2*50 + 3*108) / (3 * 168) - 4/3.
    assert found["gini_active"] == pytest.approx(2 * 434 / (3 * 168) - 4 / 3)


def test_a_gini_of_eight_people_has_an_interval_that_shrinks_with_the_correction() -> None:
    names = ("a", "b", "c", "d", "e", "f", "g", "h")
    turns = [on(name, 20 * i, 20 * i + 2 + 2 * i) for i, name in enumerate(names)]
    found = duty(rota(*turns))
    corrected, plain = found["gini_roster_corrected"].interval, found["gini_roster"].interval
    assert corrected is not None
    assert corrected[0] < (found["gini_roster_corrected"].value or 0) < corrected[1]
    assert plain == pytest.approx((corrected[0] * 7 / 8, corrected[1] * 7 / 8))
    assert duty(week())["gini_roster"].interval is None


def test_the_largest_share_and_how_many_equal_shares_it_is() -> None:
    found = values_by_name(week())
    assert found["max_share"] == pytest.approx(108 / 168)
    assert found["max_to_equal_share"] == pytest.approx(4 * 108 / 168)
    assert values_by_name(rota(rosters=LISTED))["max_share"] is None


def test_sleep_and_weekend_hours_of_the_week() -> None:
    found = duty(week())
    # ann: 8 + 10 + 2 and 10 + 10 + 2; bob: 8 + 10 and 10; cat works from 8 to 18.
    assert found["sleep_total_h"].people == {
        pseudonym("ann"): 42,
        pseudonym("bob"): 28,
        pseudonym("cat"): 0,
        pseudonym("dan"): 0,
    }
    assert found["sleep_total_h"].value == 70
    assert found["weekend_total_h"].value == 48
    assert found["oncall_sleep_share"].value == pytest.approx(70 / 168)
    assert found["oncall_weekend_share"].value == pytest.approx(48 / 168)
    # 0, 0, 28, 42 and 0, 0, 0, 48, each corrected by 4/3.
    assert found["sleep_gini"].value == pytest.approx((2 * 252 / (4 * 70) - 5 / 4) * 4 / 3)
    assert found["weekend_gini"].value == pytest.approx(1)


def test_a_night_is_that_of_the_person_then_of_the_schedule_then_of_the_account() -> None:
    # 13:00 to 23:00 UTC is the night of Tokyo.
    night = (on("ann", 13, 23),)
    assert values_by_name(rota(*night))["sleep_total_h"] == 1
    assert values_by_name(rota(*night, zones={"rota": "Asia/Tokyo"}))["sleep_total_h"] == 10
    at_home = rota(*night, zones={"rota": "Asia/Tokyo"}, homes={"ann": "Etc/UTC"})
    assert values_by_name(at_home)["sleep_total_h"] == 1


def test_nobody_on_any_roster_is_no_data_and_not_zero() -> None:
    found = values_by_name(rota(rosters={"rota": []}))
    for measure in ("oncall_total_h", "oncall_median_h", "people_over_quarter", "gini_roster"):
        assert found[measure] is None, measure
    assert found["schedule:rota/schedule_covered_h"] == 0


def test_a_team_has_the_people_of_its_schedules_only() -> None:
    found = values_by_name(
        rota(on("ann", 0, 10, "rota1"), on("bob", 0, 6, "rota2"), teams={"rota1": "red"})
    )
    assert found["team:red/oncall_total_h"] == 10
    assert found["oncall_total_h"] == 16


def test_rosters_and_hours_are_made_once_for_each_set_of_schedules() -> None:
    account = Account(week(), options(until=MONDAY + 168 * HOUR))
    schedules = frozenset({pseudonym("rota")})
    assert account.crews.of(schedules) is account.crews.of(set(schedules))
