"""What is read of many at once is what is read one by one."""

from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.hours import BANDS, DAY_S, HOURS_OF_WEEK, LocalClock, band_codes
from app.assessment.interruptions.merged import first_of_stretches, merged
from app.assessment.options import HOUR, Bands
from tests.factories.rows import MONDAY, SECOND, WEEK

ZONES = ("Etc/UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
seconds = st.integers(0, 40 * 7 * DAY_S - 1)
"""Forty weeks: clocks change in them."""
instants = st.lists(seconds.map(lambda second: MONDAY + second * SECOND), max_size=30)
DAYS = (
    Bands(),
    Bands(sleep_start_s=HOUR, sleep_end_s=7 * HOUR, business_days=(1, 7)),
    Bands(sleep_start_s=23 * HOUR, sleep_end_s=9 * HOUR),
)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(ZONES), st.sampled_from(DAYS), instants)
def test_local_time_of_many_instants(zone: str, bands: Bands, at: list[int]) -> None:
    clock = LocalClock(zone, MONDAY, MONDAY + 40 * WEEK)
    assert clock.zone == ZoneInfo(zone)
    many = np.array(at, dtype=np.int64)
    local = clock.locals_s(many)
    assert local.tolist() == [clock.local_s(each) for each in at]
    assert [HOURS_OF_WEEK[cell] for cell in clock.cells(many)] == [clock.cell(each) for each in at]
    codes = band_codes(local, bands)
    assert [BANDS[code] for code in codes] == [clock.band(each, bands) for each in at]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200))), st.integers(0, 60))
def test_stretches_of_many_people(pages: list[tuple[int, int]], gap: int) -> None:
    ordered = sorted(pages)
    whose, at = (np.array([page[side] for page in ordered], dtype=np.int64) for side in (0, 1))
    firsts = first_of_stretches(whose, at, gap).tolist()
    expected = [
        (person, start)
        for person in sorted({person for person, _ in pages})
        for start in merged([when for who, when in pages if who == person], gap)
    ]
    assert [ordered[first] for first in firsts] == expected
