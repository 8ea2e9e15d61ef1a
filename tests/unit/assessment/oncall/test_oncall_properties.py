"""What is true of the duty of any account."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.figures import Figure
from app.assessment.rows import Facts, ScheduleEntry
from tests.factories.account_strategies import seeds
from tests.factories.rows import DAY, HOUR, MONDAY, WEEK, options, rule
from tests.unit.assessment.oncall.rotas import duty, on, rota

TWO_WEEKS = options(until=MONDAY + 2 * WEEK)
PEOPLE = ("ann", "bob", "cat", None)
LISTED = {"rota1": ["ann", "bob", "eve"], "rota2": ["cat"]}


def drawn(seed: int, *, whole_hours: bool = True) -> Facts:
    """Two schedules with overlaps, gaps and overrides, some of it beyond the window."""
    chance = random.Random(seed)  # noqa: S311
    shifts: list[ScheduleEntry] = []
    for schedule in LISTED:
        at = -20.0
        while at < 700:
            length = chance.choice([4, 12, 24, 30, 100])
            moved = chance.choice([0, 0, 0, 1 / 60, -2, 5])
            at += moved if not whole_hours else round(moved)
            person = chance.choice(PEOPLE)
            override = person is not None and chance.random() < 0.1
            shifts.append(on(person, at, at + length, schedule, override=override))
            at += length
    return rota(*shifts, rosters=LISTED, rules=[rule(1, "rota1"), rule(2, "rota2")])


ADDED = (
    "oncall_total_h",
    "schedule_hours_sum",
    "sleep_total_h",
    "weekend_total_h",
    "covered_h",
    "override_h",
    "double_duty_total_h",
    "handoffs",
    "schedule:rota1/schedule_covered_h",
    "schedule:rota2/schedule_gap_h",
    "policy:policy/policy_l1_uncovered_h",
    "policy:policy/policy_uncovered_h",
    "policy:policy/single_responder_h",
)


def amount(found: dict[str, Figure], measure: str) -> float:
    return found[measure].value or 0


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 13 * 24))
def test_hours_of_two_windows_add_up_to_those_of_both(seed: int, hours: int) -> None:
    found = drawn(seed)
    middle = MONDAY + hours * HOUR
    before = duty(found, replace(TWO_WEEKS, until=middle))
    after = duty(found, replace(TWO_WEEKS, since=middle))
    whole = duty(found, TWO_WEEKS)
    for measure in ADDED:
        both = amount(before, measure) + amount(after, measure)
        assert both == pytest.approx(amount(whole, measure)), measure


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_covered_and_uncovered_hours_are_the_window(seed: int) -> None:
    found = duty(drawn(seed, whole_hours=False), TWO_WEEKS)
    for schedule in LISTED:
        covered = amount(found, f"schedule:{schedule}/schedule_covered_h")
        gap = amount(found, f"schedule:{schedule}/schedule_gap_h")
        assert covered + gap == pytest.approx(2 * WEEK / HOUR)
    first = amount(found, "policy:policy/policy_l1_uncovered_h")
    assert first == pytest.approx(amount(found, "schedule:rota1/schedule_gap_h"))
    assert amount(found, "policy:policy/policy_uncovered_h") <= first


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_nobody_is_on_call_longer_than_the_window_or_than_the_sum_of_schedules(seed: int) -> None:
    found = duty(drawn(seed), TWO_WEEKS)
    union, added = found["oncall_total_h"].people, found["schedule_hours_sum"].people
    assert union is not None
    assert added is not None
    for person, hours in union.items():
        assert 0 <= hours <= min(2 * WEEK / HOUR, added[person] + 1e-9)
    assert amount(found, "longest_block_h") <= max(union.values())
    assert amount(found, "covered_h") <= DAY / HOUR * 14
