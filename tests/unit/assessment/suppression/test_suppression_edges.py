"""Where one person more or less decides: the edges of every rule."""

import pytest

from app.assessment.figures import Figure
from app.assessment.suppression import dominated, publishable_change, suppress, suppress_table
from tests.unit.assessment.suppression.cells import ADDITIVE, COUNT, MEDIAN, cell, crew, person


def withheld(*figures: Figure, k: int = 5) -> list[str | None]:
    return [each.withheld for each in suppress(figures, k)]


def test_two_hidden_teams_of_four_people_take_a_third_with_them() -> None:
    teams = [crew(2), crew(2, 2), crew(7, 4), crew(9, 11)]
    figures = [cell(ADDITIVE, people, of=name) for name, people in zip("abcd", teams, strict=True)]
    found = withheld(cell(ADDITIVE, crew(20)), *figures)
    assert found == [None, "PRIV-1", "PRIV-1", "PRIV-2", None]


def test_two_hidden_teams_of_five_people_hide_each_other() -> None:
    teams = [crew(2), crew(3, 2), crew(7, 5), crew(8, 12)]
    figures = [cell(ADDITIVE, people, of=name) for name, people in zip("abcd", teams, strict=True)]
    found = withheld(cell(ADDITIVE, crew(20)), *figures)
    assert found == [None, "PRIV-1", "PRIV-1", None, None]


def test_a_large_team_hidden_alone_hides_another() -> None:
    ruled = {**crew(8), "p0": 900.0}
    figures = [cell(ADDITIVE, ruled, of="a"), cell(ADDITIVE, crew(12, 8), of="b")]
    assert withheld(cell(ADDITIVE, crew(20)), *figures) == [None, "PRIV-3", "PRIV-2"]


def test_of_two_equal_teams_the_first_by_its_id_is_hidden() -> None:
    teams = {"z": crew(7), "y": crew(7, 7), "c": crew(3, 14), "x": crew(9, 17)}
    figures = [cell(ADDITIVE, people, of=name) for name, people in teams.items()]
    assert withheld(*figures) == [None, "PRIV-2", "PRIV-1", None]


def test_the_same_people_in_two_places_reveal_nothing_about_each_other() -> None:
    assert withheld(cell(ADDITIVE, crew(9)), cell(ADDITIVE, crew(9), of="a")) == [None, None]


def test_of_two_figures_one_person_apart_only_the_smaller_is_hidden() -> None:
    assert withheld(cell(ADDITIVE, crew(9)), cell(ADDITIVE, crew(8), of="a")) == [None, "PRIV-2"]


@pytest.mark.parametrize(
    ("differing", "rule"), [(0, None), (1, "PRIV-2"), (4, "PRIV-2"), (5, None)]
)
def test_of_two_figures_that_one_to_four_people_tell_apart_one_is_hidden(
    differing: int, rule: str | None
) -> None:
    """A person with the same part in both makes no difference."""
    more = crew(12) | crew(differing, amount=11.0)
    figures = [
        cell(ADDITIVE, more, of="a", level="policy"),
        cell(ADDITIVE, crew(12), of="b", level="team"),
    ]
    assert withheld(*figures) == [rule, None]


def test_five_responders_are_enough_for_an_account() -> None:
    assert withheld(cell(MEDIAN, crew(5), value=2.0)) == [None]


def test_a_change_of_exactly_five_people_is_shown() -> None:
    five = {person(each): 1.0 for each in range(5)}
    assert publishable_change(five, five, 5)


def test_a_figure_without_people_stays_as_it_is_and_hides_nothing() -> None:
    free = cell(COUNT, None, value=3.0)._replace(privacy_class="P0", n=3)
    few = cell(MEDIAN, crew(4), value=2.0)
    kept = suppress([cell(ADDITIVE, crew(20)), free, few], 5)
    assert (kept[1].value, kept[1].n, kept[1].withheld) == (3.0, 3, None)
    assert kept[2].withheld == "PRIV-1"


def test_a_withheld_figure_has_no_interval() -> None:
    few = cell(MEDIAN, crew(4), value=2.0)._replace(interval=(1.0, 3.0))
    one = cell(COUNT, crew(8), value=1.0)._replace(interval=(0.1, 5.6))
    kept = suppress([cell(ADDITIVE, crew(20)), few, one], 5)
    assert [(each.value, each.interval) for each in kept[1:]] == [(None, None), (None, None)]
    assert [each.withheld for each in kept[1:]] == ["PRIV-1", "PRIV-5"]


def test_a_group_of_exactly_five_can_hide_the_one_below_it() -> None:
    assert suppress_table({"a": 12, "b": 5, "c": 4}, 5) == {"a": 12, "b": None, "c": None}


def test_parts_below_one_can_dominate_too() -> None:
    assert dominated((0.9, 0.05, 0.05))
    assert dominated((60, 30, 5))  # 5 is less than a tenth of 60, though not of 30


def test_no_hours_are_published_as_0_and_a_few_minutes_as_one_hour() -> None:
    nothing, little = (cell(MEDIAN, crew(8), value=value) for value in (0.0, 0.2))
    hours = [each._replace(unit="h") for each in (nothing, little)]
    assert [each.value for each in suppress(hours, 5)] == [0.0, 1.0]
