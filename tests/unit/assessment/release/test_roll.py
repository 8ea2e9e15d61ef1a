"""A value over people changes only if at least the minimum of people changed it."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest

from app.assessment.engine import Result, assess
from app.assessment.options import AssessmentOptions
from app.assessment.publish import publish
from app.assessment.release import Other, Release, Window, roll
from app.assessment.release.release import Key, key_of
from app.assessment.rows import Facts
from app.assessment.suppression.complement import LEAST_CHANGE
from tests.factories.generated_company import Size, company
from tests.factories.rows import DAY, HOUR, MONDAY, WEEK, facts, shift

SIZE = Size(people=30, teams=2, services=6, incidents=1_500, weeks=24)
WEEKS = [Window(MONDAY + at * WEEK, MONDAY + (at + 12) * WEEK) for at in (0, 4, 8, 12)]
OPTIONS = AssessmentOptions(since=MONDAY, until=MONDAY + WEEK, as_of=MONDAY + WEEK)
BLOCK = 4 * WEEK


class Engine:
    """The engine over any rows, by window."""

    def __init__(self, rows: Facts, options: AssessmentOptions = OPTIONS) -> None:
        self._rows = rows
        self._options = options
        self.run = cache(self._run)

    def _run(self, window: Window) -> Result:
        since, until = window
        return assess(self._rows, replace(self._options, since=since, until=until, as_of=until))

    def people(self, window: Window) -> dict[Key, set[bytes]]:
        """Who stands behind each cell."""
        return {key_of(each): set(each.people or {}) for each in self.run(window).figures}

    def released(self, *windows: Window) -> Release:
        """After one window after the other."""
        found: Release | None = None
        for window in windows:
            found = roll(self.run, found, window)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(company(7, SIZE))


def _values(release: Release) -> dict[Key, object]:
    return {key: (cell.figure.value, cell.figure.withheld) for key, cell in release.cells.items()}


def test_the_first_release_is_what_the_window_alone_may_publish(engine: Engine) -> None:
    alone = {
        key_of(each): (each.value, each.withheld)
        for each in publish(engine.run(WEEKS[0])).figures
        if each.privacy_class == "P1"
    }
    released = _values(engine.released(WEEKS[0]))
    assert released == alone
    assert sum(value is not None for value, _ in alone.values()) > 20


def test_a_release_survives_the_database(engine: Engine) -> None:
    found = engine.released(*WEEKS[:2])
    again = Release.from_json(found.as_json())
    assert (again.window, again.cells) == (found.window, found.cells)
    assert again.as_json() == found.as_json()


def test_the_same_window_is_never_computed_again(engine: Engine) -> None:
    first = engine.released(WEEKS[0])

    def compute(_: Window) -> Result:
        raise AssertionError("computed again")

    assert roll(compute, first, WEEKS[0]) is first


def test_who_subtracts_two_releases_learns_nothing_of_fewer_than_the_minimum(
    engine: Engine,
) -> None:
    before, after = engine.released(WEEKS[0]), engine.released(*WEEKS[:2])
    old, new = WEEKS[:2]
    edges = [
        engine.people(Window(old.since, new.since)),
        engine.people(Window(old.until, new.until)),
    ]
    moved = [
        key
        for key, cell in after.cells.items()
        if cell.window == new and key in before.cells and cell.figure.value is not None
    ]
    assert len(moved) > 10, "some figures move on"
    for key in moved:
        for people in edges:
            assert len(people.get(key, ())) not in range(1, 5), key
    stayed = [key for key, cell in after.cells.items() if cell.window == old]
    assert stayed, "some figures stay, with their window"
    for key in stayed:
        assert after.cells[key] == before.cells[key]


def test_what_was_withheld_stays_so_until_the_windows_share_no_week(engine: Engine) -> None:
    first = engine.released(WEEKS[0])
    hidden = {key for key, cell in first.cells.items() if cell.figure.withheld}
    assert hidden
    for until in (2, 3):
        later = engine.released(*WEEKS[:until])
        assert all(later.cells[key].figure.withheld for key in hidden & later.cells.keys())
    fresh = engine.released(*WEEKS).cells
    assert {fresh[key].window for key in hidden & fresh.keys()} == {WEEKS[3]}


def _rota(weeks: int, extra: Iterable[tuple[int, str]] = ()) -> Facts:
    """Twelve people, each a day in turn; and single shifts in other weeks."""
    shifts = [
        shift("rota", MONDAY + n * DAY, MONDAY + (n + 1) * DAY, f"p{n % 12:02}")
        for n in range(weeks * 7)
    ]
    shifts += [shift("rota", MONDAY + at, MONDAY + at + 9 * HOUR, person) for at, person in extra]
    return facts(schedules=["rota"], shifts=shifts)


def _hours(release: Release) -> tuple[float | None, Window]:
    (cell,) = (
        cell
        for key, cell in release.cells.items()
        if (key.measure, key.level) == ("oncall_total_h", "account")
    )
    return cell.figure.value, cell.window


def test_one_persons_shift_in_four_weeks_changes_no_figure() -> None:
    rows = _rota(12, [(13 * WEEK, "p03")])
    old, new = WEEKS[:2]
    first = roll(Engine(rows).run, None, old)
    assert _hours(first) == (12 * 168, old)
    # The weeks that leave have all twelve people; only one is in those that enter.
    assert _hours(roll(Engine(rows).run, first, new)) == (12 * 168, old)


def test_many_peoples_shifts_change_it() -> None:
    old, new = WEEKS[:2]
    rows = _rota(16)
    first = roll(Engine(rows).run, None, old)
    assert _hours(roll(Engine(rows).run, first, new)) == (12 * 168, new)


def test_a_value_that_late_records_no_longer_explain_stays() -> None:
    old, new = WEEKS[:2]
    first = roll(Engine(_rota(16)).run, None, old)
    late = Engine(_rota(16, [(5 * WEEK, "p03")]))
    assert _hours(roll(late.run, first, new)) == (12 * 168, old)


def test_a_week_that_was_published_is_published_again_as_it_was(engine: Engine) -> None:
    before, after = engine.released(WEEKS[0]), engine.released(*WEEKS[:2])
    weeks = [key for key in after.cells if key.level == "week" and key in before.cells]
    assert weeks
    shown = [key for key in weeks if before.cells[key].figure.value is not None]
    assert {key: after.cells[key].figure for key in shown} == {
        key: before.cells[key].figure for key in shown
    }


def test_other_options_show_nothing_that_differs_by_one_or_two_people(engine: Engine) -> None:
    bands = replace(OPTIONS.bands, sleep_end_s=7 * 3600)
    shifted = Engine(company(7, SIZE), replace(OPTIONS, bands=bands))
    first = engine.released(WEEKS[0])
    second = roll(shifted.run, None, WEEKS[0], [Other(first, engine.run)])
    one = {key_of(each): each.people or {} for each in engine.run(WEEKS[0]).figures}
    two = {key_of(each): each.people or {} for each in shifted.run(WEEKS[0]).figures}
    compared = 0
    for key, cell in second.cells.items():
        if cell.figure.value is None or first.cells[key].figure.value is None:
            continue
        differing = {
            person
            for person in {*one[key], *two[key]}
            if abs(one[key].get(person, 0) - two[key].get(person, 0)) > 1e-6
        }
        assert len(differing) not in range(1, LEAST_CHANGE), key
        compared += 1
    assert compared > 10


def test_other_options_withhold_what_the_first_withhold(engine: Engine) -> None:
    first = engine.released(WEEKS[0])
    again = roll(engine.run, None, WEEKS[0], [Other(first, engine.run)])
    assert _values(again).keys() == _values(first).keys()
    for key, cell in first.cells.items():
        if cell.figure.withheld:
            assert again.cells[key].figure.value is None
