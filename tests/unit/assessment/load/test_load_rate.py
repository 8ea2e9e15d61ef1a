"""LOAD-01: incidents for each hour on call on level 1."""

import pytest

from app.assessment.account import Account
from app.assessment.metrics.load import SERIES
from app.assessment.rows import Facts, Incident
from tests.factories.configuration_rows import service
from tests.factories.rows import HOUR, MONDAY, WEEK, incident, options, rule
from tests.unit.assessment.oncall.rotas import load, on, rota

LEVELS = (rule(1, "rota1"), rule(2, "rota2"))


def at(name: str, hour: float, policy: str = "policy", *, merged: bool = False) -> Incident:
    moment = MONDAY + round(hour * HOUR)
    ended = HOUR if merged else None
    return incident(name, moment, policy=policy, resolved=ended, merged=merged)


def day(*incidents: Incident) -> Facts:
    """Level 1 from 0 to 12, level 2 from 0 to 18, of one Monday."""
    shifts = (on("ann", 0, 12, "rota1"), on("bob", 0, 18, "rota2"))
    return rota(*shifts, rules=LEVELS, incidents=incidents)


def test_incidents_that_began_on_level_one_per_twelve_covered_hours() -> None:
    found = load(day(at("a", 1), at("b", 3), at("c", 13), at("d", 20)))
    # c began on level 2, d while nobody was on call: both are out, as the uncovered hours are.
    assert found["incidents_per_12h_l1"].value == 2
    assert found["incidents_per_12h_l1"].n == 2
    assert found["l1_covered_h"].value == 12
    assert found["policy:policy/incidents_per_12h_l1"].value == 2
    assert found["schedule:rota1/incidents_per_12h_l1"].value == 2
    assert found["schedule:rota2/incidents_per_12h_l1"].value is None


def test_the_interval_is_the_exact_one_of_the_count() -> None:
    # Nine events: 4.115 to 17.085 (Garwood), in 24 hours as in 12.
    found = load(
        rota(rules=[rule(1, "boss")], incidents=[at(f"i{n}", n) for n in range(9)]),
        options(until=MONDAY + 24 * HOUR),
    )["incidents_per_12h_l1"]
    assert found.value == 4.5
    assert found.interval == pytest.approx((4.115373 / 2, 17.084803 / 2), rel=1e-5)


def test_two_policies_with_one_rota_wait_for_the_same_people() -> None:
    """Twelve hours on call are twelve, however many policies page the person."""
    levels = [rule(1, "rota1", policy=name) for name in ("one", "two", "unused")]
    services = [service("shop", "one"), service("till", "two")]
    incidents = [at("a", 1, "one"), at("b", 2, "two")]
    account = rota(on("ann", 0, 12, "rota1"), rules=levels, services=services, incidents=incidents)
    found = load(account)
    assert found["l1_covered_h"].value == 12
    assert found["incidents_per_12h_l1"].value == 2
    assert found["schedule:rota1/l1_covered_h"].value == 12
    assert found["schedule:rota1/incidents_per_12h_l1"].value == 2


def test_hours_of_different_rotas_add_up_and_unused_policies_have_none() -> None:
    levels = [rule(1, f"rota{name}", policy=name) for name in ("one", "two", "unused")]
    services = [service("shop", "one"), service("till", "two")]
    account = rota(
        *(on("ann", 0, 12, f"rota{name}") for name in ("one", "two", "unused")),
        rules=levels,
        services=services,
        incidents=[at("a", 1, "one")],
    )
    found = load(account)
    assert found["l1_covered_h"].value == 24
    assert found["incidents_per_12h_l1"].value == 0.5


def test_a_policy_whose_level_one_was_not_collected_is_out() -> None:
    account = rota(rules=[rule(1, "rota9")], incidents=[at("a", 1)])
    assert load(account)["incidents_per_12h_l1"].value is None


def test_merged_incidents_are_out() -> None:
    assert load(day(at("a", 1), at("b", 2, merged=True)))["incidents_per_12h_l1"].n == 1


def test_a_week_has_its_own_hours_and_incidents() -> None:
    question = options(until=MONDAY + 2 * WEEK)
    shifts = (on("ann", 160, 180, "rota1"), on("bob", 300, 500, "rota1"))
    account = rota(*shifts, rules=LEVELS, incidents=[at("a", 165), at("b", 170), at("c", 310)])
    found = load(account, question)
    assert found["week:2024-W01/l1_covered_h"].value == 8
    assert found["week:2024-W01/incidents_per_12h_l1"].value == 1.5
    assert found["week:2024-W02/l1_covered_h"].value == 12 + 36
    assert found["week:2024-W02/incidents_per_12h_l1"].value == 0.5
    (chart,) = (each for each in SERIES if each.name == "weekly_load")
    assert chart.compute(Account(account, question)).points == [
        {"start_us": MONDAY, "incidents": 1, "per_12h": 1.5},
        {"start_us": MONDAY + WEEK, "incidents": 2, "per_12h": 0.5},
    ]
