"""INT-03, INT-04, INT-07, INT-08, INT-09: bands, months, clock hours; clocks that change."""

from dataclasses import replace

import pytest

from app.assessment.account import Account
from app.assessment.hours import Band
from app.assessment.metrics.interruptions.by_person import interruptions_by_user_band
from app.assessment.rows import UNKNOWN_ZONE, Facts, Responder, Schedule
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    WEEK,
    incident,
    options,
    pseudonym,
    shift,
)
from tests.unit.assessment.interruptions.notifications import (
    NEW_YORK,
    at,
    measured,
    page,
    paged,
    valued,
    window,
)

ANN, BOB = pseudonym("ann"), pseudonym("bob")
# 2024 in New York: clocks go from 02:00 EST to 03:00 EDT on 10 March, 07:00 UTC,
# and from 02:00 EDT to 01:00 EST on 3 November, 06:00 UTC.
SPRING = window("2024-03-04 00:00", "2024-03-18 00:00")
AUTUMN = window("2024-10-28 00:00", "2024-11-11 00:00")


@pytest.mark.parametrize(
    ("utc", "band"),
    [
        ("2024-03-08 12:30", "sleep"),  # Friday 07:30 EST
        ("2024-03-08 13:00", "business"),  # Friday 08:00 EST
        ("2024-03-08 22:59", "business"),  # Friday 17:59 EST
        ("2024-03-08 23:00", "off"),  # Friday 18:00 EST
        ("2024-03-08 02:30", "off"),  # Thursday 21:30 EST
        ("2024-03-08 03:00", "sleep"),  # Thursday 22:00 EST
        ("2024-03-09 12:59", "sleep"),  # Saturday 07:59 EST: sleep comes before the weekend
        ("2024-03-09 13:00", "off"),  # Saturday 08:00 EST
        ("2024-03-11 12:30", "business"),  # Monday 08:30 EDT
        ("2024-03-12 02:30", "sleep"),  # Monday 22:30 EDT
    ],
)
def test_bands_follow_the_clock_of_the_person_over_the_change_in_spring(
    utc: str, band: str
) -> None:
    found = paged([page("ann", at(utc))], SPRING.since, {"ann": NEW_YORK})
    assert interruptions_by_user_band(Account(found, SPRING))[ANN] == {
        "business": 0,
        "off": 0,
        "sleep": 0,
        band: 1,
    }


@pytest.mark.parametrize(
    ("utc", "band"),
    [
        ("2024-11-01 12:30", "business"),  # Friday 08:30 EDT
        ("2024-11-04 12:30", "sleep"),  # Monday 07:30 EST
        ("2024-11-04 13:30", "business"),  # Monday 08:30 EST
        ("2024-11-01 22:30", "off"),  # Friday 18:30 EDT
        ("2024-11-04 22:30", "business"),  # Monday 17:30 EST
    ],
)
def test_bands_follow_the_clock_of_the_person_over_the_change_in_autumn(
    utc: str, band: str
) -> None:
    found = valued(paged([page("ann", at(utc))], AUTUMN.since, {"ann": NEW_YORK}), AUTUMN)
    assert found[f"interruptions_by_band/{band}"] == 1
    assert sum(found[f"interruptions_by_band/{b}"] or 0 for b in ("business", "off", "sleep")) == 1


def test_an_interruption_belongs_to_the_band_of_its_first_notification() -> None:
    before_eight = MONDAY + 8 * HOUR - 1
    log = [page("ann", before_eight), page("ann", before_eight + MINUTE, by="phone")]
    found = valued(paged(log, MONDAY))
    assert found["interruptions_by_band/sleep"] == 1
    assert found["interruptions_by_band/business"] == 0


def _bands_of_ann_and_bob(
    people: dict[str, str | None], zone: str = "Asia/Tokyo"
) -> dict[bytes, dict[Band, int]]:
    """Both are called at noon, 21:00 in Tokyo; Ann has a shift on a schedule of ``zone``."""
    noon = MONDAY + 12 * HOUR
    found = replace(
        paged([page("ann", noon), page("bob", noon)], MONDAY, people),
        schedules=[Schedule(pseudonym("rota"), zone, frozenset(), ())],
        schedule_entries=[shift("rota", MONDAY, MONDAY + DAY, "ann")],
    )
    return interruptions_by_user_band(Account(found, options()))


def test_a_user_without_zone_lives_by_the_account() -> None:
    bands = _bands_of_ann_and_bob({"ann": None, "bob": None})
    assert bands[ANN]["business"] == bands[BOB]["business"] == 1


def test_where_users_were_not_read_a_person_lives_by_the_schedule_and_else_by_the_account() -> None:
    bands = _bands_of_ann_and_bob({})
    assert bands[ANN]["off"] == bands[BOB]["business"] == 1


@pytest.mark.parametrize(
    ("people", "zone"), [({"ann": UNKNOWN_ZONE}, "Asia/Tokyo"), ({}, UNKNOWN_ZONE)]
)
def test_nothing_is_computed_from_a_zone_of_unknown_name(
    people: dict[str, str | None], zone: str
) -> None:
    assert _bands_of_ann_and_bob(people, zone)[ANN] == {"business": 0, "off": 0, "sleep": 0}
    log = [page("ann", MONDAY + 12 * HOUR), page("ann", MONDAY + HOUR), page("bob", MONDAY + HOUR)]
    found = replace(
        paged(log, MONDAY, people),
        schedules=[Schedule(pseudonym("rota"), zone, frozenset(), ())],
        schedule_entries=[shift("rota", MONDAY, MONDAY + DAY, name) for name in ("ann", "bob")],
        responders=[Responder(ANN, UNKNOWN_ZONE), Responder(BOB, "Etc/UTC")],
    )
    figures = measured(found)
    assert (figures["sleep_share"].value, figures["sleep_share"].n) == (1, 1)
    assert figures["interruptions_total"].value == 3
    assert figures["out_of_hours_people/rota"].value == 1
    assert figures["disturbed_nights_total"].value == 1


def test_shares_out_of_hours_stand_beside_those_of_the_clock() -> None:
    times = [2 * HOUR, 9 * HOUR, 10 * HOUR, 19 * HOUR, 23 * HOUR]
    found = measured(paged([page("ann", MONDAY + t) for t in times], MONDAY))
    assert (found["non_business_share"].value, found["non_business_share"].n) == (0.6, 5)
    assert found["sleep_share"].value == 0.4
    assert found["clock_share/non_business"].value == pytest.approx(118 / 168, rel=1e-12)
    assert found["clock_share/sleep"].value == pytest.approx(70 / 168, rel=1e-12)


def test_per_person_and_month_only_who_has_a_shift_counts_also_if_never_interrupted() -> None:
    until = MONDAY + round(30.4375 * DAY)  # one month
    nights = [page("ann", MONDAY + day * DAY + 3 * HOUR) for day in range(8)]
    log = [*nights, *(page("cat", MONDAY + day * DAY) for day in range(20))]
    rota = Schedule(pseudonym("rota"), None, frozenset(), ())
    found = replace(
        paged(log, MONDAY),
        schedules=[rota],
        schedule_entries=[shift("rota", MONDAY, MONDAY + DAY, who) for who in ("ann", "bob")],
    )
    result = measured(found, options(until=until))
    # Ann 8 a month, Bob 0; Cat was called and has no shift.
    assert result["out_of_hours_per_month_median"].value == pytest.approx(4)
    assert result["out_of_hours_per_month_p90"].value == pytest.approx(7.2)
    assert result["out_of_hours_over_7_share"].value == 0.5
    assert result["out_of_hours_over_19_share"].value == 0
    assert result["out_of_hours_people/rota"].value == 2


def test_without_known_schedules_everybody_notified_counts_and_the_key_states_it() -> None:
    log = [page("ann", MONDAY + day * DAY) for day in range(5)]
    found = valued(paged(log, MONDAY))
    # Five nights in seven days: 5 x 30.4375 / 7 a month.
    assert found["out_of_hours_per_month_median"] == pytest.approx(5 * 30.4375 / 7)
    assert found["out_of_hours_over_19_share"] == 1
    assert found["out_of_hours_people/notified"] == 1


def test_an_hour_with_a_storm_is_one_interrupted_hour() -> None:
    log = [page("ann", MONDAY + 2 * minute * MINUTE) for minute in range(30)]
    log += [page("bob", MONDAY + 5 * MINUTE), page("bob", MONDAY + HOUR)]
    figure = measured(paged(log, MONDAY))["week:2024-W01/interrupted_hours"]
    assert (figure.value, figure.unit) == (2, "h")
    assert figure.people == {ANN: 1, BOB: 2}


def test_an_hour_that_the_clock_shows_twice_is_two_hours() -> None:
    question = window("2024-10-28 00:00", "2024-11-11 00:00", NEW_YORK)
    log = [page("ann", at("2024-11-03 05:30")), page("ann", at("2024-11-03 06:30"))]
    found = valued(paged(log, question.since), question)
    assert found["week:2024-W44/interrupted_hours"] == 2
    assert found["interruptions_by_hour/7-01"] == 2


def test_incidents_and_interruptions_per_hour_of_the_week() -> None:
    eight = MONDAY + 8 * HOUR
    starts = [eight, eight + HOUR - 1, eight + WEEK, eight + HOUR]
    found = paged([page("ann", eight)], MONDAY)
    found = replace(found, incidents=[incident("abcd"[i], at=t) for i, t in enumerate(starts)])
    result = measured(found, options(until=MONDAY + 2 * WEEK))
    # Three incidents from 8 to 9 on two Mondays, one from 9 to 10.
    assert result["incidents_by_hour/1-08"].value == 3
    assert result["incidents_per_hour/1-08"].value == 1.5
    assert result["incidents_per_hour/1-09"].value == 0.5
    assert result["interruptions_per_hour/1-08"].value == 0.5
    assert result["interruptions_by_hour/1-08"].people == {ANN: 1}
    assert result["incidents_by_hour/7-23"].value == 0
    assert sum(name.startswith("incidents_by_hour/") for name in result) == 168


def test_a_service_reports_hours_with_five_incidents_and_a_team_all_with_any() -> None:
    starts = [MONDAY + 8 * HOUR] * 5 + [MONDAY + 9 * HOUR] * 4
    incidents = [
        incident(f"i{number}", at=start)._replace(teams=(pseudonym("red"),))
        for number, start in enumerate(starts)
    ]
    result = measured(Facts(incidents), options(until=MONDAY + 2 * WEEK))
    places = ("service:service", "team:red")
    reported = {name: f.value for name, f in result.items() if name.startswith(places)}
    reported = {name: value for name, value in reported.items() if "incidents_per_hour" in name}
    assert reported == {
        "service:service/incidents_per_hour/1-08": 2.5,
        "team:red/incidents_per_hour/1-08": 2.5,
        "team:red/incidents_per_hour/1-09": 2,
    }


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2024-03-04 00:00", "2024-03-11 00:00", {"7-01": 1, "7-03": 1}),
        ("2024-10-28 00:00", "2024-11-04 00:00", {"7-01": 2, "7-02": 1}),
        ("2024-10-28 00:30", "2024-10-28 02:15", {"1-00": 0.5, "1-01": 1, "1-02": 0.25}),
    ],
)
def test_a_change_of_clocks_makes_hours_fewer_or_more(
    since: str, until: str, hours: dict[str, float]
) -> None:
    question = window(since, until, NEW_YORK)
    found = Account(paged([], question.since), question).interruptions.hours_of_week
    assert {cell: found[cell] for cell in hours} == hours
    assert sum(found.values()) * HOUR == question.window_us
    assert ("7-02" in found) == ("7-02" in hours)
