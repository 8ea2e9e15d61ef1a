"""Levels of a policy and whom they reach (POL-01 to POL-04)."""

from dataclasses import replace
from typing import Any

import pytest

from app.assessment.figures import Figure
from app.assessment.metrics.policies import METRICS
from app.assessment.rows import Gathered, Responder
from tests.factories.configuration_rows import estate, policy, service
from tests.factories.rows import DAY, HOUR, MONDAY, WEEK, family, pseudonym, rule, shift


def found(**rows: Any) -> dict[str, Figure]:
    return family(METRICS, estate(**rows))


def value(figures: dict[str, Figure], name: str) -> float | None:
    return figures[name].value


def test_a_level_that_repeats_the_targets_of_another_is_not_unique() -> None:
    result = found(
        policies=[policy("one"), policy("twice"), policy("two"), policy("three")],
        rules=[
            rule(1, "ann", policy="one"),
            rule(1, "ann", "bob", policy="twice"),
            rule(2, "bob", "ann", policy="twice"),
            rule(1, "ann", policy="two"),
            rule(2, "ann", "bob", policy="two"),
            rule(1, "ann", policy="three"),
            rule(2, "bob", policy="three"),
            rule(3, "cid", policy="three"),
        ],
        services=[service("a", "one"), service("b", "twice"), service("c", "two")],
    )
    assert value(result, "policy:twice/levels") == 2
    assert value(result, "policy:twice/unique_levels") == 1
    assert value(result, "policy:two/unique_levels") == 2
    assert value(result, "one_level_policies") == 1
    assert value(result, "fewer_than_two_unique_levels") == 2
    assert value(result, "fewer_than_three_unique_levels") == 3
    assert result["fewer_than_two_unique_levels"].n == 4
    assert value(result, "services_below_two_levels_share") == 2 / 3


def test_a_service_has_the_figures_of_its_policy() -> None:
    result = found(
        policies=[policy()], rules=[rule(1, "ann"), rule(2, "bob")], services=[service("web")]
    )
    assert value(result, "service:web/unique_levels") == 2
    assert value(result, "service:web/reachable_people") == 2
    assert "service:web/single_person_policies" not in result


def test_people_are_those_listed_those_with_a_shift_and_direct_users_each_once() -> None:
    result = found(
        policies=[policy()],
        rules=[rule(1, "rota1"), rule(2, "rota2", "ann")],
        rosters={"rota1": ["ann", "bob"], "rota2": []},
        shifts=[
            shift("rota1", MONDAY, MONDAY + DAY, "bob"),
            shift("rota2", MONDAY, MONDAY + DAY, "cid"),
            shift("rota2", MONDAY, MONDAY + DAY, None),
            shift("rota2", MONDAY + WEEK, MONDAY + WEEK + DAY, "later"),
        ],
    )
    assert value(result, "policy:policy/reachable_people") == 3


@pytest.mark.parametrize(
    ("marked", "users", "people"),
    [
        ([], [], 3),
        (["dan"], [], 2),
        ([], ["ann", "bob"], 2),
        (["dan"], ["ann", "bob", "dan"], 2),
        (["dan"], ["ann"], 1),
        ([], ["eve"], 0),
    ],
)
def test_who_was_deleted_cannot_be_reached(
    marked: list[str], users: list[str], people: int
) -> None:
    rows = estate(
        policies=[policy()],
        rules=[rule(1, "rota1", "bob")],
        rosters={"rota1": ["ann", "dan"]},
        shifts=[shift("rota1", MONDAY, MONDAY + DAY, "dan")],
    )
    schedule = rows.schedules[0]._replace(deleted=frozenset(map(pseudonym, marked)))
    listed = [Responder(pseudonym(name), None) for name in users]
    rows = replace(rows, schedules=[schedule], responders=listed)
    result = family(METRICS, rows)
    assert value(result, "policy:policy/reachable_people") == people
    assert value(result, "single_person_policies") == (people == 1)
    assert value(result, "nobody_policies") == (people == 0)


def test_nobody_is_deleted_by_a_list_of_users_that_was_not_read_to_its_end() -> None:
    """One missing record of a thousand is one person who would look deleted."""
    rows = estate(policies=[policy()], rules=[rule(1, "rota")], rosters={"rota": ["ann", "bob"]})
    rows = replace(rows, responders=[Responder(pseudonym("ann"), None)])
    assert value(family(METRICS, rows), "policy:policy/reachable_people") == 1
    short = replace(rows, gathered=Gathered(short=frozenset({"users"})))
    assert value(family(METRICS, short), "policy:policy/reachable_people") == 2


def test_one_person_two_people_and_nobody_are_distinguished() -> None:
    names = ["nobody", "single", "pair", "many"]
    result = found(
        policies=[policy(name) for name in names],
        rules=[rule(1, f"rota-{name}", policy=name) for name in names],
        rosters={
            "rota-nobody": [],
            "rota-single": ["ann"],
            "rota-pair": ["ann", "bob"],
            "rota-many": ["ann", "bob", "cid"],
        },
        services=[
            service("web", "single"),
            service("app", "many"),
            service("old", "single", status="disabled"),
            service("pay", "pair"),
            service("log", "gone"),
        ],
    )
    assert value(result, "nobody_policies") == 1
    assert value(result, "single_person_policies") == 1
    assert value(result, "two_person_policies") == 1
    share = result["services_on_single_person_policy_share"]
    assert share.value == 1 / 3  # web, of web, app and pay
    assert share.n == 3
    assert share.exact
    assert share.interval is None
    below = result["services_below_three_people_share"]
    assert (below.value, below.n) == (2 / 3, 3)  # web and pay


def test_a_schedule_that_was_not_collected_makes_people_unknown_not_few() -> None:
    result = found(policies=[policy()], rules=[rule(1, "rota1"), rule(2, "ann")])
    assert value(result, "policy:policy/reachable_people") is None
    assert value(result, "policy:policy/same_person_simultaneous_h") is None
    assert value(result, "policy:policy/level_uncovered_share/L1") is None
    assert value(result, "policy:policy/empty_levels/L1") is None
    assert value(result, "single_person_policies") is None
    assert value(result, "services_on_single_person_policy_share") is None


def test_a_policy_without_collected_levels_is_not_judged() -> None:
    result = found(policies=[policy(loops=None)])
    for name in ("levels", "reachable_people", "shortest_timeout_min", "minutes_to_exhaust"):
        assert value(result, f"policy:policy/{name}") is None
    for name in ("one_level_policies", "nobody_policies", "short_timeouts", "no_repeat"):
        assert value(result, name) is None
        assert result[name].n == 0


def test_direct_users_are_counted_by_level() -> None:
    result = found(
        policies=[policy("first"), policy("last"), policy("only"), policy("none")],
        rules=[
            rule(1, "ann", policy="first"),
            rule(2, "rota1", policy="first"),
            rule(1, "rota1", policy="last"),
            rule(2, "rota1", "ann", policy="last"),
            rule(1, "ann", policy="only"),
            rule(1, "rota1", policy="none"),
        ],
        rosters={"rota1": ["bob"]},
        services=[service("a", "only"), service("b", "last"), service("c", "gone")],
    )
    assert value(result, "services_on_direct_user_first_share") == 0.5
    assert value(result, "policies_with_direct_user") == 3
    assert value(result, "policies_with_direct_user_first") == 2
    assert value(result, "policies_only_users") == 1
    assert value(result, "policy:last/policies_with_direct_user_first") == 0


def test_the_same_person_on_two_levels_is_found_by_roster_and_by_hours() -> None:
    # Ann is on level 1 on the first day and on level 2 from noon on: 12 h at once. Bob is on both
    # rosters and never at once. Cid, a direct user of level 3, has one hour on level 1.
    result = found(
        policies=[policy()],
        rules=[rule(1, "rota1"), rule(2, "rota2"), rule(3, "cid")],
        rosters={"rota1": ["ann", "bob"], "rota2": ["ann", "bob"]},
        shifts=[
            shift("rota1", MONDAY, MONDAY + DAY, "ann"),
            shift("rota2", MONDAY + 12 * HOUR, MONDAY + 2 * DAY, "ann"),
            shift("rota1", MONDAY + 3 * DAY, MONDAY + 4 * DAY, "bob"),
            shift("rota2", MONDAY + 4 * DAY, MONDAY + 5 * DAY, "bob"),
            shift("rota1", MONDAY + 12 * HOUR, MONDAY + 13 * HOUR, "cid"),
            shift("rota1", MONDAY + 5 * DAY, MONDAY + 5 * DAY + HOUR, "cid"),
        ],
    )
    assert value(result, "policies_with_same_person") == 1
    assert value(result, "policy:policy/same_person_several_levels") == 3
    assert value(result, "policy:policy/same_person_simultaneous_h") == 13
    assert value(result, "policy:policy/same_person_simultaneous_share") == 13 / 168
