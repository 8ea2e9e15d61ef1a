"""ONC-09: when somebody was on call, and when nobody was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.oncall import coverage
from app.assessment.rows import ScheduleEntry
from tests.unit.assessment.assessment_rows import (
    DAY,
    HOUR,
    MONDAY,
    facts,
    figures,
    options,
    pseudonym,
    shift,
)

ONE_DAY = options(until=MONDAY + DAY)


def covered(*entries: ScheduleEntry) -> tuple[float, float, float]:
    """Covered hours, hours of gap, number of gaps over one day."""
    found = figures(facts(schedules=["rota"], shifts=entries), ONE_DAY)
    key = pseudonym("rota").hex()
    measures = ("schedule_covered_h", "schedule_gap_h", "schedule_gap_count")
    hours, gap, count = (found[f"{measure}/{key}"].value for measure in measures)
    assert hours is not None
    assert gap is not None
    assert count is not None
    return hours, gap, count


def on(start: float, end: float, person: str | None = "ann") -> ScheduleEntry:
    return shift("rota", MONDAY + round(start * HOUR), MONDAY + round(end * HOUR), person)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], (0, 24, 1)),
        ([on(0, 24)], (24, 0, 0)),
        ([on(0, 12), on(12, 24, "bob")], (24, 0, 0)),
        ([on(8, 18)], (10, 14, 2)),
        ([on(0, 10), on(6, 12, "bob"), on(7, 8)], (12, 12, 1)),
        ([on(-5, 6), on(20, 99)], (10, 14, 1)),
        ([on(-5, 0), on(24, 30)], (0, 24, 1)),
        ([on(0, 12), on(12, 24, None)], (12, 12, 1)),
        ([on(9, 9), on(10, 8)], (0, 24, 1)),
        ([on(0, 12), on(12.01, 24)], (23.99, 0.01, 1)),
    ],
)
def test_hours_and_gaps(entries: list[ScheduleEntry], expected: tuple[float, ...]) -> None:
    assert covered(*entries) == pytest.approx(expected)


def test_each_schedule_is_told_apart_and_the_window_is_told_in_hours() -> None:
    account = facts(
        schedules=["rota1", "rota2"], shifts=[shift("rota1", MONDAY, MONDAY + DAY, "a")]
    )
    found = figures(account, ONE_DAY)
    assert found["window_h"].value == 24
    assert found["schedules_with_gap_count"].value == 1
    one = found[f"schedule_gap_count/{pseudonym('rota2').hex()}"]
    assert (one.value, one.scope["level"]) == (1, "schedule")


hours = st.tuples(st.integers(-5, 30), st.integers(-5, 30))


@given(st.lists(hours, max_size=8))
def test_coverage_is_what_a_look_at_every_hour_finds(pairs: list[tuple[int, int]]) -> None:
    held = [any(a <= hour < b for a, b in pairs) for hour in range(24)]
    found = coverage([on(a, b) for a, b in pairs], ONE_DAY)
    gaps = sum(not here and (hour == 0 or held[hour - 1]) for hour, here in enumerate(held))
    assert found.covered_us == sum(held) * HOUR
    assert len(found.gaps) == gaps
