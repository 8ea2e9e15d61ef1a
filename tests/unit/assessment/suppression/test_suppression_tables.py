import pytest

from app.assessment.suppression import dominated, dominated_groups, suppress_table


def test_two_small_groups_hide_each_other() -> None:
    """3 and 2 are below 5 and are 5 people together: a reader cannot say which is which."""
    table = {"a": 12, "b": 7, "c": 3, "d": 2}
    assert suppress_table(table, 5) == {"a": 12, "b": 7, "c": None, "d": None}


def test_one_small_group_hides_the_next_smallest() -> None:
    assert suppress_table({"a": 12, "b": 7, "c": 3}, 5) == {"a": 12, "b": None, "c": None}


def test_two_hidden_groups_with_too_few_people_hide_a_third() -> None:
    assert suppress_table({"a": 12, "b": 7, "c": 1, "d": 2}, 5) == {
        "a": 12,
        "b": None,
        "c": None,
        "d": None,
    }


def test_of_two_equal_groups_the_first_by_name_is_hidden() -> None:
    assert suppress_table({"b": 6, "a": 6, "c": 4}, 5) == {"b": 6, "a": None, "c": None}


def test_an_empty_group_is_not_hidden_and_hides_nothing() -> None:
    assert suppress_table({"a": 12, "b": 0, "c": 6}, 5) == {"a": 12, "b": 0, "c": 6}
    assert suppress_table({"a": 12, "b": 0, "c": 4}, 5) == {"a": None, "b": 0, "c": None}


def test_groups_that_are_all_large_enough_stay() -> None:
    assert suppress_table({"a": 5, "b": 5}, 5) == {"a": 5, "b": 5}


def test_a_single_small_group_is_hidden_alone() -> None:
    assert suppress_table({"a": 4}, 5) == {"a": None}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((71, 10, 10, 9), True),
        ((70, 10, 10, 10), False),  # exactly 70 % is not more
        ((50, 46, 4), True),  # what the two largest leave is 4, less than a tenth of 50
        ((50, 45, 5), False),  # 5 is a tenth of 50
        ((10, 10), True),  # each of two knows the other's part
        ((0, 0), False),
        ((), False),
    ],
)
def test_a_sum_that_reveals_one_persons_part_is_dominated(
    amounts: tuple[float, ...], expected: bool
) -> None:
    assert dominated(amounts) is expected


def test_dominated_groups_are_named_in_order() -> None:
    groups = {"b": [90, 5, 5], "a": [80, 10, 10], "c": [40, 30, 30]}
    assert dominated_groups(groups, 0.7) == ["a", "b"]
    assert dominated_groups(groups, 0.85) == ["b"]
