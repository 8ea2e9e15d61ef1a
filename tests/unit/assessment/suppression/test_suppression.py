from dataclasses import replace

import pytest

from app.assessment.figures import Figure
from app.assessment.metric import Measure
from app.assessment.series import Drawn, Point, Series
from app.assessment.suppression import publishable_change, suppress, suppress_series
from tests.unit.assessment.suppression.cells import (
    ADDITIVE,
    COUNT,
    MEDIAN,
    P90,
    SENSITIVE,
    SPREAD,
    cell,
    crew,
    person,
)


def published(*figures: Figure, k: int = 5) -> list[tuple[float | None, str | None]]:
    return [(each.value, each.withheld) for each in suppress(figures, k)]


@pytest.mark.parametrize(
    ("measure", "people", "shown"),
    [
        (MEDIAN, 5, True),
        (MEDIAN, 4, False),
        (P90, 8, True),
        (P90, 7, False),
        (SPREAD, 8, True),
        (SPREAD, 7, False),
        (SENSITIVE, 10, True),
        (SENSITIVE, 9, False),
    ],
)
def test_a_figure_needs_its_minimum_of_people(measure: Measure, people: int, shown: bool) -> None:
    everybody = cell(ADDITIVE, crew(20))
    found = suppress([everybody, cell(measure, crew(people), value=1.0)], 5)[1]
    assert (found.value is not None) is shown
    assert found.withheld == (None if shown else "PRIV-1")
    assert (found.n is None) is not shown


def test_a_figure_without_its_people_is_withheld() -> None:
    everybody = cell(ADDITIVE, crew(20))
    assert published(everybody, cell(MEDIAN, None, value=3.0))[1] == (None, "PRIV-1")


def test_a_figure_of_one_person_is_dropped() -> None:
    figure = cell(MEDIAN, crew(20))._replace(privacy_class="P2")
    assert suppress([figure], 5) == []


def test_no_published_figure_has_people() -> None:
    kept = suppress(
        [cell(ADDITIVE, crew(20)), cell(COUNT, crew(6))._replace(privacy_class="P0")], 5
    )
    assert [each.people for each in kept] == [None, None]
    assert kept[1].value == 60


def test_a_figure_without_people_in_it_is_withheld_where_it_is_the_time_of_a_few() -> None:
    """The acknowledgement time of a rota of three is theirs."""
    few, enough = (cell(MEDIAN, crew(n), value=3.0)._replace(privacy_class="P0") for n in (4, 5))
    kept = suppress([cell(ADDITIVE, crew(20)), few, enough], 5)
    assert [(each.value, each.withheld) for each in kept[1:]] == [(None, "PRIV-1"), (3.0, None)]


def test_one_hidden_team_hides_the_next_smallest() -> None:
    teams = [
        cell(ADDITIVE, crew(20)),
        cell(ADDITIVE, crew(3), of="c"),
        cell(ADDITIVE, crew(7, 3), of="b"),
        cell(ADDITIVE, crew(10, 10), of="a"),
    ]
    assert published(*teams) == [(200, None), (None, "PRIV-1"), (None, "PRIV-2"), (100, None)]


def test_a_hidden_key_hides_another() -> None:
    bands = [
        cell(ADDITIVE, crew(12), key="business"),
        cell(ADDITIVE, crew(2), key="sleep"),
        cell(ADDITIVE, crew(6, 2), key="off"),
    ]
    assert published(*bands) == [(120, None), (None, "PRIV-1"), (None, "PRIV-2")]


def test_a_policy_that_is_its_team_but_for_one_is_hidden() -> None:
    """Team minus policy would be the one person more."""
    team = cell(ADDITIVE, crew(9), of="team")
    policy = cell(ADDITIVE, crew(8), of="policy", level="policy")
    whole = cell(ADDITIVE, crew(30))
    others = [
        cell(ADDITIVE, crew(21, 9), of="other"),
        cell(ADDITIVE, crew(22, 8), of="x", level="policy"),
    ]
    found = published(whole, team, policy, *others)
    assert found[2] == (None, "PRIV-2")
    assert found[0] == (300, None)


def test_a_sum_that_one_person_makes_is_hidden() -> None:
    figures = [cell(ADDITIVE, crew(20)), cell(ADDITIVE, {**crew(6), "p0": 900}, of="a")]
    assert published(*figures)[1] == (None, "PRIV-3")


def test_an_account_of_few_people_has_no_figures_over_people() -> None:
    assert published(cell(ADDITIVE, crew(4)), cell(MEDIAN, crew(4), value=2.0)) == [
        (None, "PRIV-9"),
        (None, "PRIV-9"),
    ]


def test_figures_over_people_are_coarse() -> None:
    hours = cell(ADDITIVE, crew(8), value=12.6)._replace(interval=(11.4, 13.5))
    ratio = cell(SPREAD, crew(8), value=0.33)
    trace = cell(SPREAD, crew(8), value=0.004)
    assert published(trace) == [(0.05, None)]
    few, zero, five = (cell(COUNT, crew(8), value=value) for value in (4, 0, 5))
    kept = suppress([hours, ratio, few], 5)
    assert (kept[0].value, kept[0].interval) == (13, (11, 14))
    assert kept[1].value == pytest.approx(0.35)
    assert (kept[2].value, kept[2].n, kept[2].withheld) == (None, None, "PRIV-5")
    assert published(zero) == [(0, None)]
    assert published(five) == [(5, None)]


def test_suppressing_twice_changes_nothing_more() -> None:
    once = suppress([cell(ADDITIVE, crew(20)), cell(ADDITIVE, crew(2), of="a")], 5)
    assert [each._replace(privacy_class="P0") for each in once] == suppress(
        [each._replace(privacy_class="P0") for each in once], 5
    )


def test_a_series_over_people_needs_eight_of_them() -> None:
    over = Series(
        name="over",
        metric="X",
        title="Over people",
        kind="line",
        x="x",
        y="y",
        privacy="P1",
        compute=lambda _: Drawn(()),
    )
    declared = [over, replace(over, name="free", privacy="P0")]
    points: list[Point] = [{"x": 1}]
    for people, shown in ((7, 0), (8, 1), (None, 0)):
        found = suppress_series({"over": Drawn(points, people), "free": Drawn(points)}, declared, 5)
        assert (len(found["over"].points), len(found["free"].points)) == (shown, 1)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (range(8), range(8), True),
        (range(8), range(9), False),
        (range(8), range(10), False),
        (range(8), range(11), True),
        (range(4), range(4), False),
        (range(8), range(1, 9), False),  # one left and one came: two differ
    ],
)
def test_a_change_that_is_one_persons_is_not_shown(
    before: range, after: range, shown: bool
) -> None:
    old, new = ({person(each): 1.0 for each in group} for group in (before, after))
    assert publishable_change(old, new, 5) is shown
    assert not publishable_change(None, new, 5)
