"""Numbers are said as a person says them, and nothing is ever rounded into a lie."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.wording import words
from app.reports.wording.declarations import key_name


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "—"),
        (0, "0 s"),
        (0.4, "0.4 s"),
        (42, "42 s"),
        (59.6, "1 min"),
        (250, "4 min 10 s"),
        (300, "5 min"),
        (3599.7, "1 h"),
        (4320, "1 h 12 min"),
        (86_399, "1 d"),
        (198_720, "2.3 d"),
        (-5, "\N{MINUS SIGN}5 s"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds: float | None, said: str) -> None:
    assert words.duration(seconds) == said


@given(st.floats(min_value=0, max_value=1e8))
def test_a_duration_never_shows_sixty_of_a_unit(seconds: float) -> None:
    said = words.duration(seconds).split()
    amounts = dict(zip(said[1::2], said[::2], strict=True))
    assert amounts.get("s", "0") != "60"
    assert amounts.get("min", "0") != "60"
    assert amounts.get("h", "0") != "24"


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (None, "—"),
        (0, "0 %"),
        (0.0001, "< 0.1 %"),
        (0.75, "75 %"),
        (0.7534, "75.3 %"),
        (0.99999, "> 99.9 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_all_or_none_only_if_it_is(ratio: float | None, said: str) -> None:
    assert words.percent(ratio) == said


def test_a_gap_of_minutes_is_not_shown_as_zero_hours() -> None:
    assert words.hours(0.25) == "15 min"
    assert words.hours(0) == "0 h"
    assert words.hours(2160) == "2,160 h"


@pytest.mark.parametrize(
    "instant",
    [
        1_741_010_529_000_000,
        "2025-03-03T14:02:09Z",
        "2025-03-03T15:02:09+01:00",
        datetime(2025, 3, 3, 14, 2, 9, tzinfo=UTC),
    ],
)
def test_every_instant_has_its_zone(instant: int | str | datetime) -> None:
    assert words.moment(instant) == "3 March 2025, 14:02 UTC"
    assert words.second(instant) == "3 March 2025, 14:02:09 UTC"
    assert words.machine_time(instant) == "2025-03-03T14:02:09Z"
    assert words.stamp(instant) == "3 Mar 2025, 14:02"
    assert words.clock(instant) == "14:02 UTC"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "less than a minute ago"),
        (59, "less than a minute ago"),
        (60, "1 min ago"),
        (3_599, "59 min ago"),
        (7_300, "2 h ago"),
        (200_000, "2 d ago"),
    ],
)
def test_an_age_is_never_shown_in_a_wrong_unit(seconds: float, said: str) -> None:
    assert words.ago(seconds) == said


def test_names_are_listed_as_a_sentence_lists_them() -> None:
    assert words.listed(()) == ""
    assert words.listed(["teams"]) == "teams"
    assert words.listed(("teams", "services", "incidents")) == "teams, services and incidents"


@pytest.mark.parametrize(
    ("key", "said"), [("1", "Priority 1"), ("none", "No priority"), ("unknown", "Unknown priority")]
)
def test_a_key_is_said_as_what_it_is_a_key_of(key: str, said: str) -> None:
    assert key_name("INC-16", "incidents_by_priority", key) == said
