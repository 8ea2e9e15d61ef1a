"""Subtraction over more than two figures: whole minus all its shown parts, and one measure's twin
in another."""

from dataclasses import replace

import pytest

from app.assessment.catalogue import BY_ID
from app.assessment.engine import assess
from app.assessment.figures import Figure
from app.assessment.metric import Measure
from app.assessment.publish import publish
from app.assessment.series import Drawn, Point, Series
from app.assessment.suppression import suppress, suppress_series
from tests.factories.rows import DAY, HOUR, MONDAY, WEEK, facts, options, shift
from tests.unit.assessment.suppression.cells import (
    ADDITIVE,
    COUNT,
    MEDIAN,
    cell,
    crew,
    declared,
    person,
)

TOTAL = Measure("all_hours", "Hours", "h", additive=True, table="duty")
FIRST = Measure("first_hours", "Hours on level 1", "h", additive=True, table="duty")
LATER = Measure("later_hours", "Hours on level 2", "h", additive=True, table="duty")
RATE = Measure("calls_per_week", "Calls per week", "per week", follows="calls")


@pytest.fixture(autouse=True)
def measures_that_tell_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    found = declared()
    more = (*found.measures, TOTAL, FIRST, LATER, RATE)
    monkeypatch.setitem(BY_ID, "TEST-01", replace(found, measures=more))


def withheld(*figures: Figure) -> list[str | None]:
    return [each.withheld for each in suppress(figures, 5)]


def test_a_policy_hidden_in_its_team_is_not_what_the_others_leave_of_the_team() -> None:
    """Over the account the hidden policies are two of five people: enough; in the team not."""
    figures = [
        cell(ADDITIVE, crew(27)),
        cell(ADDITIVE, crew(13), of="team"),
        cell(ADDITIVE, crew(14, 13), of="other"),
        cell(ADDITIVE, crew(7), of="p1", level="policy"),
        cell(ADDITIVE, crew(5, 7), of="p2", level="policy"),
        cell(ADDITIVE, crew(1, 12), of="p3", level="policy"),
        cell(ADDITIVE, crew(4, 13), of="q1", level="policy"),
        cell(ADDITIVE, crew(10, 17), of="q2", level="policy"),
    ]
    found = withheld(*figures)
    assert found[:3] == [None, None, None]
    assert found[3:6] == [None, "PRIV-2", "PRIV-1"]


def test_what_the_whole_weeks_leave_of_the_account_is_not_one_persons() -> None:
    """The last day of the window is in no whole week, and one person was called on it."""
    week = {f"p{each}": 3.0 for each in range(8)}
    account = {**dict.fromkeys(week, 9.0), "last": 9.0}
    weeks = [cell(COUNT, week, of=f"W{each}", level="week") for each in range(3)]
    found = withheld(cell(COUNT, account), *weeks)
    assert found[0] is None
    assert found.count("PRIV-2") == 2  # one alone would be found by subtraction too


def test_hidden_parts_are_not_together_mostly_one_persons() -> None:
    """Five people in two hidden teams, but nearly all is the first one's."""
    figures = [
        cell(ADDITIVE, {**crew(20), "p0": 900.0}),
        cell(ADDITIVE, {"p0": 900.0}, of="a"),
        cell(ADDITIVE, crew(4, 1), of="b"),
        cell(ADDITIVE, crew(7, 5), of="c"),
        cell(ADDITIVE, crew(8, 12), of="d"),
    ]
    assert withheld(*figures)[1:4] == ["PRIV-1", "PRIV-1", "PRIV-2"]


def test_level_one_is_hidden_where_it_would_reveal_level_two() -> None:
    figures = [cell(TOTAL, crew(13)), cell(FIRST, crew(12)), cell(LATER, crew(1, 12))]
    assert withheld(*figures) == [None, "PRIV-2", "PRIV-1"]


def test_the_order_of_the_figures_does_not_choose_what_is_hidden() -> None:
    """Two measures of nearly the same people: the one declared later goes."""
    figures = [cell(FIRST, crew(12)), cell(LATER, {**crew(12), "p0": 11.0})]
    assert withheld(*figures) == [None, "PRIV-2"]
    assert withheld(*reversed(figures)) == ["PRIV-2", None]


@pytest.mark.parametrize(
    ("people", "rule"),
    [
        (crew(6), None),
        ({**crew(6), "p0": 900.0}, "PRIV-3"),
        (dict.fromkeys(crew(6), 0.5), "PRIV-5"),
        (crew(4), "PRIV-1"),
    ],
)
def test_a_rate_is_withheld_with_the_sum_that_it_reveals(
    people: dict[str, float], rule: str | None
) -> None:
    everybody = cell(ADDITIVE, crew(20))
    assert withheld(everybody, cell(COUNT, people), cell(RATE, people))[1:] == [rule, rule]


def test_the_figure_of_another_place_is_not_withheld_with_it() -> None:
    figures = [cell(COUNT, {**crew(6), "p0": 900.0}, of="a"), cell(RATE, crew(6), of="b")]
    assert withheld(cell(ADDITIVE, crew(20)), *figures)[1:] == ["PRIV-3", None]


@pytest.mark.parametrize(("people", "result"), [(7, False), (8, True)])
def test_a_median_of_few_people_comes_without_its_interval(people: int, result: bool) -> None:
    """Of six values the interval is the least and the most of them."""
    figure = cell(MEDIAN, crew(people), value=6.0)._replace(interval=(3.0, 8.0))
    (found,) = suppress([figure], 5)
    assert found.value == 6.0
    assert (found.interval is not None) is result


CHART = Series(
    name="h",
    metric="X",
    title="Hours",
    kind="bars",
    x="x",
    y="hours",
    privacy="P1",
    compute=lambda _: Drawn(()),
    follows="calls",
)


def drawn(*parts: dict[str, float], people: int = 12) -> Drawn:
    points: list[Point] = [{"x": 1, "hours": 12.6}, {"x": 2, "hours": 0.2}]
    shares = [{person(name): amount for name, amount in part.items()} for part in parts]
    return Drawn(points, people, shares)


def test_hours_and_shares_of_a_series_are_as_coarse_as_figures() -> None:
    found = suppress_series({"h": drawn()}, [CHART], 5)["h"]
    assert [point["hours"] for point in found.points] == [13, 1]
    shares: list[Point] = [{"x": 0.1, "hours_share": 0.0923}, {"x": 0.2, "hours_share": 0.0}]
    lorenz = replace(CHART, y="hours_share")
    found = suppress_series({"h": Drawn(shares, 12)}, [lorenz], 5)["h"]
    assert [point["hours_share"] for point in found.points] == [0.1, 0.0]


@pytest.mark.parametrize(
    ("part", "shown"),
    [(crew(8), True), (crew(7), False), ({**crew(8), "p0": 900.0}, False), ({"p0": 0.0}, True)],
)
def test_no_bar_of_a_series_is_one_persons(part: dict[str, float], shown: bool) -> None:
    found = suppress_series({"h": drawn(crew(12), part)}, [CHART], 5)["h"]
    assert bool(found.points) is shown


@pytest.mark.parametrize(("people", "shown"), [(9, False), (10, True)])
def test_a_series_about_nights_needs_ten_people(people: int, shown: bool) -> None:
    found = suppress_series({"h": drawn(people=people)}, [replace(CHART, sensitive=True)], 5)
    assert bool(found["h"].points) is shown


def test_a_series_does_not_show_the_weeks_that_figures_withhold() -> None:
    week = cell(COUNT, crew(9), of="W1", level="week")._replace(people=None)
    for rule, shown in ((None, True), ("PRIV-2", False)):
        found = suppress_series({"h": drawn()}, [CHART], 5, [week._replace(withheld=rule)])
        assert bool(found["h"].points) is shown


def test_below_a_week_no_figure_over_people_is_published() -> None:
    free = cell(COUNT, None, value=3.0)._replace(privacy_class="P0")
    found = suppress([cell(ADDITIVE, crew(20)), free], 5, off=True)
    assert [(each.value, each.withheld) for each in found] == [(None, "PRIV-4"), (3.0, None)]
    assert not suppress_series({"h": drawn()}, [CHART], 5, off=True)["h"].points


@pytest.mark.parametrize(("length", "hours"), [(WEEK - HOUR, None), (WEEK, 168)])
def test_an_assessment_over_people_is_of_a_week_at_least(length: int, hours: int | None) -> None:
    shifts = [shift("rota", MONDAY + n * DAY, MONDAY + (n + 1) * DAY, f"p{n}") for n in range(7)]
    rows = facts(schedules=["rota"], shifts=shifts)
    found = publish(assess(rows, options(MONDAY + length))).figures
    (total,) = (f for f in found if f.measure == "oncall_total_h" and f.level == "account")
    assert (total.value, total.withheld) == (hours, None if hours else "PRIV-4")
