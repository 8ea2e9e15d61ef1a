"""LOAD-03: shifts with more incidents than one person handles well."""

from itertools import pairwise

import pytest

from app.assessment.metrics.load.heavy_shifts import slices
from app.assessment.rows import Facts
from tests.factories.rows import HOUR, pseudonym, rule
from tests.unit.assessment.load.test_load_rate import at
from tests.unit.assessment.oncall.rotas import load, on, rota


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (5, [5]),
        (12, [12]),
        (17.9, [17.9]),
        (18, [12, 6]),
        (24, [12, 12]),
        (29, [12, 17]),
        (30, [12, 12, 6]),
        (168, [12] * 14),
    ],
)
def test_a_block_is_cut_from_its_start_and_a_short_rest_joins_the_slice_before(
    hours: float, expected: list[float]
) -> None:
    cut = slices((1_000, 1_000 + round(hours * HOUR)))
    assert [(end - start) / HOUR for start, end in cut] == pytest.approx(expected)
    assert cut[0][0] == 1_000
    assert all(a[1] == b[0] for a, b in pairwise(cut))


def thirty_hours() -> Facts:
    """Slices of 12, 12 and 6 hours with 3 incidents within ten minutes, 6 hours apart, none."""
    storm = [at(f"s{n}", 1 + n / 12) for n in range(3)]
    steady = [at(f"t{n}", 12 + n) for n in range(6)]
    return rota(on("ann", 0, 30, "rota1"), rules=[rule(1, "rota1")], incidents=[*storm, *steady])


def test_shifts_with_over_two_and_over_five_incidents() -> None:
    found = load(thirty_hours())
    assert found["shifts_over_2_share"].value == pytest.approx(2 / 3)
    assert found["shifts_over_5_share"].value == pytest.approx(1 / 3)
    assert found["shifts_over_2_share"].n == 3
    assert found["shifts_over_2_share"].people == {pseudonym("ann"): 3}


def test_a_storm_counts_once_in_the_second_view() -> None:
    found = load(thirty_hours())
    assert found["shifts_over_2_storms_once_share"].value == pytest.approx(1 / 3)
    assert found["shifts_over_5_storms_once_share"].value == pytest.approx(1 / 3)


def test_two_and_five_incidents_are_not_too_many() -> None:
    few = [at(f"i{n}", n) for n in range(2)] + [at(f"j{n}", 12 + n) for n in range(5)]
    account = rota(on("ann", 0, 24, "rota1"), rules=[rule(1, "rota1")], incidents=few)
    found = load(account)
    assert found["shifts_over_2_share"].value == 0.5
    assert found["shifts_over_5_share"].value == 0


def test_a_new_person_begins_a_new_slice() -> None:
    shifts = (on("ann", 0, 5, "rota1"), on("bob", 5, 12, "rota1"))
    four = [at(f"i{n}", 3.5 + n / 2) for n in range(6)]
    account = rota(*shifts, rules=[rule(1, "rota1")], incidents=four)
    # ann has those at 3.5, 4 and 4.5, bob those at 5, 5.5 and 6.
    assert load(account)["policy:policy/shifts_over_2_share"].value == 1


def test_each_policy_sees_its_own_incidents_and_the_schedule_all() -> None:
    levels = [rule(1, "rota1", policy="one"), rule(1, "rota1", policy="two")]
    incidents = [at("a", 1, "one"), at("b", 2, "one"), at("c", 3, "two")]
    found = load(rota(on("ann", 0, 12, "rota1"), rules=levels, incidents=incidents))
    assert found["policy:one/shifts_over_2_share"].value == 0
    assert found["schedule:rota1/shifts_over_2_share"].value == 1
    assert found["shifts_over_2_share"].value == 1


def test_without_a_shift_on_level_one_there_is_no_share() -> None:
    found = load(rota(on("ann", 0, 12, "rota2"), rules=[rule(1, "boss"), rule(2, "rota2")]))
    assert found["shifts_over_2_share"].value is None
    assert found["schedule:rota2/shifts_over_2_share"].value is None
