"""Properties of POL for every account."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.assessment.metrics.policies import METRICS
from app.assessment.rows import Facts
from tests.factories.configuration_rows import estate, policy, service
from tests.factories.rows import (
    DAY,
    HOUR,
    MONDAY,
    WEEK,
    entry,
    family,
    incident,
    options,
    rule,
    shift,
)

PEOPLE = st.sampled_from(["ann", "bob", "cid", None])
ROTAS = st.sampled_from(["rota1", "rota2", "rota3"])
TARGETS = st.lists(st.sampled_from(["rota1", "rota2", "rota3", "rota4", "ann"]), min_size=1)
SHIFTS = st.lists(
    st.tuples(ROTAS, st.integers(-24, 14 * 24), st.integers(1, 72), PEOPLE), max_size=12
)
LEVELS = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), TARGETS, st.integers(1, 60)), min_size=1, max_size=6
)
DELEGATED = st.lists(
    st.tuples(st.integers(0, 14 * 24 - 1), st.integers(0, 3), st.sampled_from(["a", "b"])),
    max_size=6,
)


@st.composite
def accounts(draw: st.DrawFn) -> Facts:
    levels = draw(LEVELS)
    shifts = draw(SHIFTS)
    raised = draw(DELEGATED)
    return estate(
        policies=[policy("a", draw(st.sampled_from([None, 0, 2]))), policy("b", 1)],
        rules=[
            rule(n, *targets, policy=name, delay=delay)
            for n, (name, targets, delay) in enumerate(levels, start=1)
        ],
        services=[service("x", "a"), service("y", "b"), service("z", "a", last=None)],
        rosters={"rota1": ["ann"], "rota2": ["ann", "bob"], "rota3": []},
        shifts=[
            shift(rota, MONDAY + at * HOUR, MONDAY + (at + lasts) * HOUR, person)
            for rota, at, lasts, person in shifts
        ],
        incidents=[
            incident(f"i{n}", MONDAY + at * HOUR, service="x", policy=name, resolved=n * HOUR)
            for n, (at, _, name) in enumerate(raised)
        ],
        log_entries=[
            entry(f"i{n}", "delegate", MONDAY + at * HOUR, number=step)
            for n, (at, steps, _) in enumerate(raised)
            for step in range(steps)
        ],
    )


WHOLE = options(MONDAY + 2 * WEEK, MONDAY + 8 * WEEK)


@given(accounts(), st.integers(1, 13))
def test_the_parts_of_a_window_add_up_to_it(rows: Facts, days: int) -> None:
    middle = MONDAY + days * DAY
    whole = family(METRICS, rows, WHOLE)
    parts = [
        family(METRICS, rows, replace(WHOLE, until=middle)),
        family(METRICS, rows, replace(WHOLE, since=middle)),
    ]
    assert (whole["delegations"].value or 0) == sum(p["delegations"].value or 0 for p in parts)
    for name in ("a", "b"):
        hours = f"policy:{name}/same_person_simultaneous_h"
        if whole[hours].value is not None:
            assert whole[hours].value == sum(part[hours].value or 0 for part in parts)
