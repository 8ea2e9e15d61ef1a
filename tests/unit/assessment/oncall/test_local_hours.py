"""Hours of the night are elapsed hours, by the rules of each zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.hours import BandTime, LocalClock, Part
from app.assessment.options import Bands
from tests.factories.rows import DAY, HOUR, MINUTE, SECOND

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "America/Santiago",
    "Africa/Cairo",
    "Etc/UTC",
)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def clock(zone: str, since: int, until: int) -> LocalClock:
    return LocalClock(zone, since, until)


def elapsed(zone: str, start: str, end: str, part: Part, bands: Bands | None = None) -> float:
    """Hours of a part of the week between two moments in UTC."""
    low, high = at(start), at(end)
    found = BandTime(clock(zone, low, high), bands or Bands(), low, high)
    return found.elapsed([(low, high)], part) / HOUR


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours"),
    [
        ("Europe/Berlin", "2024-03-30 21:00", "2024-03-31 06:00", 9),
        ("Europe/Berlin", "2024-10-26 20:00", "2024-10-27 07:00", 11),
        ("Europe/Berlin", "2024-01-05 21:00", "2024-01-06 07:00", 10),
        ("Australia/Lord_Howe", "2024-04-06 11:00", "2024-04-06 21:30", 10.5),
        ("Australia/Lord_Howe", "2024-10-05 11:30", "2024-10-05 21:00", 9.5),
        ("Australia/Sydney", "2024-10-05 12:00", "2024-10-05 21:00", 9),
        ("Asia/Tokyo", "2024-03-30 13:00", "2024-03-30 23:00", 10),
    ],
)
def test_a_night_from_22_to_8_lasts_as_long_as_the_clocks_make_it(
    zone: str, start: str, end: str, hours: float
) -> None:
    wider = at(start) - DAY, at(end) + DAY
    night = BandTime(clock(zone, *wider), Bands(), *wider).elapsed([wider], "sleep") / HOUR
    assert elapsed(zone, start, end, "sleep") == hours
    # A day more on either side adds 24 h with the 10 h of one ordinary night.
    assert night == hours + 20
    assert elapsed(zone, start, end, "business") == elapsed(zone, start, end, "off") == 0


def test_a_sunday_on_which_clocks_go_forward_has_23_hours() -> None:
    assert elapsed("Europe/Berlin", "2024-03-30 23:00", "2024-03-31 22:00", "weekend") == 23
    assert elapsed("Europe/Berlin", "2024-03-30 22:00", "2024-03-31 23:00", "weekend") == 24


def test_a_week_has_70_hours_of_sleep_50_of_business_and_48_others() -> None:
    week = ("2024-01-01 00:00", "2024-01-08 00:00")
    parts: tuple[Part, ...] = ("sleep", "business", "off", "weekend")
    assert [elapsed("Etc/UTC", *week, part) for part in parts] == [70, 50, 48, 48]


def test_a_band_that_ends_in_a_skipped_hour_ends_at_the_jump() -> None:
    bands = Bands(sleep_end_s=9_000)
    night = ("2024-03-30 21:00", "2024-03-31 06:00")
    # 22:00 to 02:00, and 03:00 follows at once.
    assert elapsed("Europe/Berlin", *night, "sleep", bands) == 4


def test_a_band_that_ends_in_an_hour_that_comes_twice_ends_twice() -> None:
    bands = Bands(sleep_end_s=9_000)
    night = ("2024-10-26 20:00", "2024-10-27 07:00")
    # 22:00 to 02:30, and again 02:00 to 02:30.
    assert elapsed("Europe/Berlin", *night, "sleep", bands) == 5


def test_weeks_begin_on_local_mondays_and_may_have_167_hours() -> None:
    berlin = clock("Europe/Berlin", at("2024-03-20"), at("2024-04-10"))
    weeks = berlin.weeks(at("2024-03-20"), at("2024-04-10"))
    assert [(week.name, (week.end - week.start) / HOUR) for week in weeks] == [
        ("2024-W13", 167),
        ("2024-W14", 168),
    ]
    assert weeks[0].start == at("2024-03-24 23:00")


def test_a_week_that_the_window_cuts_by_a_moment_is_left_out() -> None:
    since = at("2024-01-01") + 1
    assert clock("Etc/UTC", since, since + 8 * DAY).weeks(since, since + 8 * DAY) == []


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.integers(0, 366 * 24 * 60),
    st.integers(1, 3 * 24 * 60),
    st.sampled_from([Bands(), Bands(sleep_end_s=9_000, business_start_s=12_600)]),
)
def test_bands_add_up_to_what_a_look_at_every_minute_finds(
    zone: str, start: int, minutes: int, bands: Bands
) -> None:
    low = at("2024-01-01") + start * MINUTE
    high = low + minutes * MINUTE
    found = BandTime(clock(zone, low, high), bands, low, high)
    seen = {"sleep": 0, "business": 0, "off": 0, "weekend": 0}
    for minute in range(minutes):
        moment = datetime.fromtimestamp((low + minute * MINUTE) // SECOND, ZoneInfo(zone))
        second = moment.hour * 3_600 + moment.minute * 60
        weekday = moment.isoweekday()
        if second >= bands.sleep_start_s or second < bands.sleep_end_s:
            seen["sleep"] += 1
        elif weekday <= 5 and bands.business_start_s <= second < bands.business_end_s:
            seen["business"] += 1
        else:
            seen["off"] += 1
        seen["weekend"] += weekday >= 6
    parts: tuple[Part, ...] = ("sleep", "business", "off", "weekend")
    assert {p: found.elapsed([(low, high)], p) for p in parts} == {
        p: seen[p] * MINUTE for p in parts
    }


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 366 * 24 * 60))
def test_local_time_is_that_of_the_zone_and_converts_back(zone: str, minute: int) -> None:
    moment = at("2024-01-01") + minute * MINUTE
    local = clock(zone, at("2024-01-01"), at("2025-01-01"))
    seen = datetime.fromtimestamp(moment // SECOND, ZoneInfo(zone))
    wall = (seen.replace(tzinfo=UTC, fold=0) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        seconds=1
    )
    assert local.local_s(moment) == wall
    back = local.instant(wall)
    assert back == moment if seen.fold == 0 else local.local_s(back) == wall
    assert back <= moment
