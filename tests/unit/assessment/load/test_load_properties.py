"""What is true of the load of any account."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.metrics.load.heavy_shifts import LEAST_US, SLICE_US, slices
from app.assessment.rows import Facts
from tests.factories.account_strategies import seeds, some
from tests.factories.rows import (
    HOUR,
    MINUTE,
    MONDAY,
    WEEK,
    entry,
    incident,
    options,
    pseudonym,
    rule,
)
from tests.unit.assessment.interruptions.notifications import page
from tests.unit.assessment.oncall.rotas import load, on, rota

TWO_WEEKS = options(until=MONDAY + 2 * WEEK)
PEOPLE = ("ann", "bob", "cat")


def drawn(seed: int, size: int) -> Facts:
    chance = random.Random(seed)  # noqa: S311
    names = [f"i{number}" for number in range(size)]
    starts = [MONDAY + chance.randrange(2 * WEEK // MINUTE) * MINUTE for _ in names]
    log = []
    for name, start in zip(names, starts, strict=True):
        log.append(page(chance.choice(PEOPLE), start + MINUTE, name))
        who = pseudonym(chance.choice(PEOPLE))
        log.append(entry(name, "acknowledge", start + 5 * MINUTE)._replace(agent_id=who))
    shifts = [
        on(chance.choice((*PEOPLE, None)), 20 * turn, 20 * turn + chance.choice([8, 20]), name)
        for turn in range(17)
        for name in ("rota1", "rota2")
    ]
    incidents = [incident(n, at) for n, at in zip(names, starts, strict=True)]
    levels = [rule(1, "rota1"), rule(2, "rota2")]
    rosters: dict[str, list[str]] = {"rota1": [], "rota2": []}
    return rota(*shifts, rosters=rosters, rules=levels, incidents=incidents, log=log)


@some
@given(seeds, st.integers(0, 60))
def test_weeks_add_up_to_the_window(seed: int, size: int) -> None:
    found = load(drawn(seed, size), TWO_WEEKS)
    weeks = [f"week:2024-W0{number}" for number in (1, 2)]
    covered = sum(found[f"{week}/l1_covered_h"].value or 0 for week in weeks)
    assert covered == pytest.approx(found["l1_covered_h"].value)
    events = sum(found[f"{week}/incidents_per_12h_l1"].n or 0 for week in weeks)
    assert events == found["incidents_per_12h_l1"].n


@some
@given(seeds, st.integers(0, 60))
def test_a_storm_counted_once_makes_no_shift_heavier(seed: int, size: int) -> None:
    found = load(drawn(seed, size), TWO_WEEKS)
    for bound in (2, 5):
        all_of_them = found[f"shifts_over_{bound}_share"].value or 0
        assert (found[f"shifts_over_{bound}_storms_once_share"].value or 0) <= all_of_them
    assert (found["shifts_over_5_share"].value or 0) <= (found["shifts_over_2_share"].value or 0)


@given(st.integers(1, 200 * HOUR))
def test_slices_are_the_block_and_none_is_short_unless_the_block_is(length: int) -> None:
    cut = slices((0, length))
    assert (cut[0][0], cut[-1][1]) == (0, length)
    sizes = [end - start for start, end in cut]
    assert sizes[:-1] == [SLICE_US] * (len(cut) - 1)
    assert sizes[-1] >= min(LEAST_US, length)
    assert sizes[-1] < SLICE_US + LEAST_US
