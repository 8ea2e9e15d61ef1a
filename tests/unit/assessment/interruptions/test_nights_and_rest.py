"""INT-06, INT-10: disturbed nights, their runs, and the rest that was left."""

from dataclasses import replace

import numpy as np
import pytest

from app.assessment.account import Account
from app.assessment.interruptions.nights import longest_run, nights_of, weeks_with_run
from app.assessment.metrics.interruptions.by_person import (
    disturbed_nights_by_user,
    longest_disturbed_run_by_user,
)
from app.assessment.options import AssessmentOptions, Bands
from app.assessment.rows import Facts, LogEntry, Schedule
from tests.factories.rows import DAY, HOUR, MINUTE, MONDAY, WEEK, options, pseudonym, rule, shift
from tests.unit.assessment.interruptions.notifications import (
    NEW_YORK,
    at,
    measured,
    of_teams,
    page,
    paged,
    window,
)

ANN = pseudonym("ann")
TWO_WEEKS = options(until=MONDAY + 2 * WEEK)


def nights(log: list[LogEntry], question: AssessmentOptions, zone: str = "UTC") -> tuple[int, int]:
    """Disturbed nights of Ann and the longest run of them."""
    account = Account(paged(log, question.since, {"ann": zone}), question)
    return disturbed_nights_by_user(account)[ANN], longest_disturbed_run_by_user(account)[ANN]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2024-01-02 23:00", "2024-01-03 03:00", "2024-01-03 07:59"], (1, 1)),
        (["2024-01-02 23:00", "2024-01-03 23:00"], (2, 2)),
        (["2024-01-03 03:00", "2024-01-03 22:00"], (2, 2)),
        (["2024-01-03 08:00", "2024-01-03 21:59"], (0, 0)),
        (["2024-01-02 23:00", "2024-01-04 23:00", "2024-01-06 02:00"], (3, 2)),
        (["2024-01-05 23:00", "2024-01-06 23:00", "2024-01-07 23:00"], (3, 3)),
    ],
)
def test_a_night_runs_from_ten_in_the_evening_to_eight_and_is_disturbed_once(
    texts: list[str], expected: tuple[int, int]
) -> None:
    assert nights([page("ann", at(text)) for text in texts], TWO_WEEKS) == expected


@pytest.mark.parametrize(
    ("since", "until", "texts"),
    [
        (
            "2024-03-04 00:00",
            "2024-03-18 00:00",
            # Saturday 22:30 EST, Sunday 22:30 EDT, Tuesday 07:30 EDT.
            ["2024-03-10 03:30", "2024-03-11 02:30", "2024-03-12 11:30"],
        ),
        (
            "2024-10-28 00:00",
            "2024-11-11 00:00",
            # Friday 22:30 EDT; Sunday 01:30 EDT and again 01:30 EST; Monday 07:30 EST.
            ["2024-11-02 02:30", "2024-11-03 05:30", "2024-11-03 06:30", "2024-11-04 12:30"],
        ),
    ],
)
def test_a_run_of_nights_goes_on_over_a_change_of_clocks(
    since: str, until: str, texts: list[str]
) -> None:
    question = window(since, until, NEW_YORK)
    assert nights([page("ann", at(text)) for text in texts], question, NEW_YORK) == (3, 3)


def test_a_sleep_band_inside_one_day_names_the_night_after_that_day() -> None:
    late = Bands(sleep_start_s=0, sleep_end_s=6 * 3600)
    assert nights_of(np.array([5 * 3600]), late).tolist() == [0]
    assert nights_of(np.array([5 * 3600, 23 * 3600]), Bands()).tolist() == [-1, 0]


def test_runs_and_the_weeks_in_which_they_are_long() -> None:
    monday = MONDAY // DAY
    assert longest_run([]) == 0
    assert longest_run([5, 1, 2, 3, 5]) == 3
    # Friday to Monday: the third night is Sunday, the fourth Monday of the week after.
    assert weeks_with_run(range(monday + 4, monday + 8), 3) == {monday, monday + 7}
    assert weeks_with_run([monday, monday + 1, monday + 3], 3) == set()


def on_call(log: list[LogEntry], *shifts: tuple[str, int, int]) -> Facts:
    """One policy of team red over one schedule, with shifts in hours since Monday."""
    rota = Schedule(pseudonym("rota"), None, frozenset(), (pseudonym("red"),))
    found = replace(
        paged(log, MONDAY),
        schedules=[rota],
        escalation_rules=[rule(1, "rota")],
        schedule_entries=[
            shift("rota", MONDAY + start * HOUR, MONDAY + end * HOUR, who)
            for who, start, end in shifts
        ],
    )
    return of_teams(found, {"a": "red"})


def test_four_hours_of_a_night_make_it_a_night_on_call() -> None:
    log = [page("ann", MONDAY + 23 * HOUR), page("ann", MONDAY + 3 * DAY)]
    # Ann from 22 to 2 on Monday and from 23 to 2 on Tuesday: one night on call, and two disturbed.
    found = measured(on_call(log, ("ann", 22, 26), ("ann", 47, 50)), TWO_WEEKS)
    share = found["team:red/disturbed_night_share"]
    assert (share.value, share.n) == (1, 1)
    assert found["team:red/disturbed_nights_total"].value == 2
    assert found["policy:policy/disturbed_nights_total"].value == 2


def test_overlapping_shifts_count_once_and_split_ones_add_up() -> None:
    noon = [page("ann", MONDAY + DAY + 12 * HOUR)]
    twice = on_call(noon, ("ann", 22, 25), ("ann", 22, 25))
    split = on_call(noon, ("ann", 22, 24), ("ann", 29, 31))
    assert measured(twice, TWO_WEEKS)["policy:policy/disturbed_night_share"].n == 0
    assert measured(split, TWO_WEEKS)["policy:policy/disturbed_night_share"].n == 1


def test_the_spread_is_over_everybody_on_call_at_night_also_the_undisturbed() -> None:
    log = [page("ann", MONDAY + day * DAY + 23 * HOUR) for day in range(4)]
    shifts = [(who, 0, 5 * 24) for who in ("ann", "bob", "cat")]
    found = measured(on_call(log, *shifts), TWO_WEEKS)
    assert found["team:red/disturbed_nights_median"].value == 0
    # Of 0, 0, 4 the 90th percentile lies 0.8 of the way from the second to the third.
    assert found["team:red/disturbed_nights_p90"].value == pytest.approx(3.2)
    assert found["team:red/disturbed_run_max"].value == 4
    assert found["team:red/disturbed_run_weeks"].value == 1
    # On call from Monday 0:00 for five days: the morning of Monday (8 h), four nights, and the
    # last one only from 22:00 to 24:00 on Friday.
    share = found["team:red/disturbed_night_share"]
    assert share.value == pytest.approx(4 / 15)
    assert share.n == 15
    assert share.people == {pseudonym(who): 5 for who in ("ann", "bob", "cat")}


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([23], (0, 1)),  # 11 h before, 13 h after
        ([22.5, 30], (1, 1)),  # 10.5 h, 7.5 h, 6 h
        ([23, 30], (0, 1)),  # 11 h, 7 h, 5 h: exactly 11 is enough
        ([22.9, 30, 31], (1, 1)),
        ([18, 26], (1, 1)),  # 6 h, 8 h, 10 h: an evening call cuts rest too
        ([13, 14], (0, 0)),  # no interruption at night
        ([3], (0, 0)),  # belongs to the day that began on Sunday noon, before the window
    ],
)
def test_days_from_noon_to_noon_without_eleven_hours_of_rest(
    hours: list[float], expected: tuple[int, int]
) -> None:
    log = [page("ann", MONDAY + round(hour * HOUR)) for hour in hours]
    found = measured(on_call(log), TWO_WEEKS)
    days = found["team:red/interrupted_rest_days"]
    assert days.value == expected[0]
    assert days.n == expected[1]


def test_the_share_of_days_without_rest_is_over_days_with_a_broken_night() -> None:
    log = [page("ann", MONDAY + hour * HOUR + MINUTE) for hour in (22, 30, 48 + 1)]
    # Monday's day: 10 h 1 min, 8 h, 5 h 59 min. Tuesday's: 13 h 1 min and 10 h 59 min.
    found = measured(on_call(log), TWO_WEEKS)
    assert found["team:red/interrupted_rest_share"].value == 0.5
    assert found["team:red/interrupted_rest_days"].people == {ANN: 1}
    assert found["team:red/interrupted_rest_share"].people == {ANN: 2}


def test_days_without_rest_are_reported_per_person_with_a_shift_and_month() -> None:
    log = [page(who, MONDAY + hour * HOUR + MINUTE) for who in ("ann", "dan") for hour in (22, 30)]
    # Ann has one such day and Bob none; Dan has no shift. Two people for 14 of 30.4375 days.
    found = measured(on_call(log, ("ann", 0, 24), ("bob", 24, 48)), TWO_WEEKS)
    for place in ("", "team:red/"):
        result = found[f"{place}interrupted_rest_per_person_month"]
        assert result.value == pytest.approx(30.4375 / 28)
        assert result.people == {ANN: 1, pseudonym("bob"): 0}
    assert found["interrupted_rest_days"].value == 2
    alone = measured(on_call(log), TWO_WEEKS)["interrupted_rest_per_person_month"]
    assert (alone.value, alone.people) == (None, {})


def test_disturbed_nights_are_also_reported_for_the_account() -> None:
    log = [page("ann", MONDAY + day * DAY + 23 * HOUR) for day in range(5, 9)]
    # Saturday to Tuesday: the third night is Monday's, in the second week.
    found = measured(on_call(log, ("ann", 0, 24)), TWO_WEEKS)
    assert found["disturbed_run_max"].value == 4
    assert found["disturbed_run_weeks"].value == 1


def test_nights_and_rest_are_reported_for_groups_and_never_without_their_people() -> None:
    found = measured(on_call([page("ann", MONDAY)], ("ann", 0, 24)), TWO_WEEKS)
    for figure in found.values():
        if figure.id in ("INT-06", "INT-10"):
            assert figure.privacy_class == "P1"
            assert figure.people is not None
