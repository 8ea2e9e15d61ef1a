"""Figures over people have windows of whole blocks of four weeks, on one grid."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.assessment.release import Window, first_window, window_at
from app.core.clock import from_microseconds, to_microseconds

BERLIN = ZoneInfo("Europe/Berlin")


def _at(text: str, zone: ZoneInfo = BERLIN) -> int:
    return to_microseconds(datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC))


def _days(window: Window | None) -> tuple[str, str] | None:
    if window is None:
        return None
    since, until = (from_microseconds(at).astimezone(BERLIN) for at in window)
    return f"{since:%Y-%m-%d %H:%M}", f"{until:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("since", "until", "window"),
    [
        ("2026-09-01 15:00", "2026-11-30 15:00", ("2026-09-07 00:00", "2026-11-30 00:00")),
        ("2026-10-31 09:00", "2026-11-30 09:00", ("2026-11-02 00:00", "2026-11-30 00:00")),
        ("2026-11-03 00:00", "2026-11-30 00:00", None),
        # The clocks change on 25 October: a week is 169 hours.
        ("2026-10-05 00:00", "2026-11-02 00:00", ("2026-10-05 00:00", "2026-11-02 00:00")),
        ("2026-01-01 00:00", "2026-12-01 00:00", ("2026-09-07 00:00", "2026-11-30 00:00")),
    ],
    ids=["90 days", "30 days", "27 days", "over the change of clocks", "a year"],
)
def test_the_first_window_is_up_to_twelve_whole_weeks(
    since: str, until: str, window: tuple[str, str] | None
) -> None:
    assert _days(first_window(_at(since), _at(until), BERLIN)) == window


@pytest.mark.parametrize(
    ("later", "until"),
    [
        (timedelta(hours=1), "2026-11-30 00:00"),
        (timedelta(weeks=4, hours=-1), "2026-11-30 00:00"),
        (timedelta(weeks=4), "2026-12-28 00:00"),
        (timedelta(weeks=13), "2027-02-22 00:00"),
    ],
)
def test_it_moves_on_by_four_weeks(later: timedelta, until: str) -> None:
    first = first_window(_at("2026-09-01 15:00"), _at("2026-11-30 00:00"), BERLIN)
    assert first is not None
    local = datetime(2026, 11, 30) + later  # noqa: DTZ001 - local days, as the grid has them
    found = _days(window_at(first, _at(local.isoformat()), BERLIN))
    assert found is not None
    assert found[1] == until


def test_a_window_never_moves_back() -> None:
    first = first_window(_at("2026-09-01 15:00"), _at("2026-11-30 00:00"), BERLIN)
    assert first is not None
    assert window_at(first, first.since, BERLIN) == first
