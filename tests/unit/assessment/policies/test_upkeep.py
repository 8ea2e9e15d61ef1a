"""Empty levels, unused and unowned configuration, delegations (POL-07, -08, -10, -11)."""

from typing import Any

import pytest

from app.assessment.figures import Figure
from app.assessment.metrics.policies import METRICS
from app.assessment.rows import SupportHours
from tests.factories.configuration_rows import estate, policy, service
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    WEEK,
    entry,
    family,
    incident,
    rule,
    shift,
)

OFFICE = SupportHours("Etc/UTC", 9 * 3_600, 17 * 3_600, frozenset({1, 2, 3, 4, 5}))


def found(**rows: Any) -> dict[str, Figure]:
    return family(METRICS, estate(**rows))


def test_a_level_without_anybody_is_empty_and_one_with_a_gap_is_uncovered() -> None:
    # 1 % of 168 h is 100.8 min: 100 min is still covered, 101 min is not.
    result = found(
        policies=[policy("a"), policy("b")],
        rules=[
            rule(1, "rota-none", policy="a"),
            rule(2, "rota-100", policy="a"),
            rule(3, "rota-101", policy="a"),
            rule(4, "rota-none", "ann", policy="a"),
            rule(1, "rota-100", policy="b"),
        ],
        rosters={"rota-none": ["ann"], "rota-100": [], "rota-101": []},
        shifts=[
            shift("rota-none", MONDAY, MONDAY + WEEK, None),
            shift("rota-100", MONDAY + 100 * MINUTE, MONDAY + WEEK, "bob"),
            shift("rota-101", MONDAY, MONDAY + WEEK - 101 * MINUTE, "bob"),
        ],
    )
    assert [result[f"policy:a/empty_levels/L{n}"].value for n in (1, 2, 3, 4)] == [1, 0, 0, 0]
    assert [result[f"policy:a/uncovered_levels/L{n}"].value for n in (1, 2, 3, 4)] == [1, 0, 1, 0]
    assert result["policy:a/level_uncovered_share/L1"].value == 1
    assert result["policy:a/level_uncovered_share/L3"].value == pytest.approx(101 / (168 * 60))
    assert result["policies_with_empty_level"].value == 1
    assert result["policies_with_uncovered_level"].value == 1


def test_a_rota_of_office_hours_covers_services_of_office_hours() -> None:
    days = [MONDAY + n * DAY for n in range(5)]
    rows: dict[str, Any] = {
        "policies": [policy()],
        "rules": [rule(1, "rota1")],
        "rosters": {"rota1": []},
        "shifts": [shift("rota1", day + 9 * HOUR, day + 17 * HOUR, "ann") for day in days],
    }
    office = service("web", urgency=None, hours=OFFICE)
    result = found(services=[office], **rows)
    assert result["policy:policy/level_uncovered_share/L1"].value == 0
    result = found(services=[office, service("all")], **rows)
    assert result["policy:policy/level_uncovered_share/L1"].value == pytest.approx(128 / 168)


def test_configuration_without_a_reference_is_unused() -> None:
    border = MONDAY + WEEK - 180 * DAY
    result = found(
        policies=[policy("used"), policy("off"), policy("free")],
        rules=[rule(1, "rota1", policy="free")],
        rosters={"rota1": [], "rota2": []},
        services=[
            service("a", "used"),
            service("b", "off", status="disabled"),
            service("c", "used", last=border - 1),
            service("d", "used", last=border),
            service("e", "used", last=None),
            service("f", "used", last=None, created=border),
            service("g", "used", last=border - 1),
        ],
        incidents=[incident("i", service="g")],
    )
    assert result["unused_policies"].value == 1
    assert result["policy:free/unused_policies"].value == 1
    assert result["policy:off/unused_policies"].value == 0
    assert result["unused_policies_share"].value == 1 / 3
    assert result["unused_schedules"].value == 1
    assert result["unused_schedules_share"].value == 0.5
    assert result["disabled_services"].value == 1
    assert result["silent_services"].value == 2  # c and e
    assert result["unused_services_share"].value == 3 / 7


def test_an_empty_account_has_no_shares() -> None:
    result = found()
    for name in ("unused_policies", "unused_schedules", "unused_services_share", "delegations"):
        assert result[name].value is None


@pytest.mark.parametrize(
    ("abilities", "teams", "known"),
    [
        (["teams"], [], True),
        (["sso"], ["red"], False),
        ([], ["red"], True),
        ([], [], False),
    ],
)
def test_ownership_is_known_only_where_there_are_teams(
    abilities: list[str], teams: list[str], known: bool
) -> None:
    result = found(
        policies=[policy("a", teams=["red"]), policy("b")],
        services=[
            service("x", teams=["red"]),
            service("y"),
            service("z"),
            service("gone", status="disabled"),
        ],
        abilities=abilities,
        teams=teams,
    )
    assert result["unowned_services"].value == (2 if known else None)
    assert result["unowned_services_share"].value == (2 / 3 if known else None)
    assert result["unowned_policies_share"].value == (0.5 if known else None)


def test_an_incident_delegated_twice_and_back_home_went_in_a_circle() -> None:
    result = found(
        policies=[policy("home"), policy("away")],
        services=[service("web", "home")],
        incidents=[
            incident("circle", service="web", policy="home"),
            incident("moved", service="web", policy="away"),
            incident("chain", service="web", policy="away"),
            incident("still", service="web", policy="home"),
            incident("lost", service="deleted", policy="home"),
        ],
        log_entries=[
            entry(name, "delegate", MONDAY + n, number=n)
            for name, number in (("circle", 2), ("moved", 1), ("chain", 2), ("lost", 2))
            for n in range(number)
        ],
    )
    assert result["delegations"].value == 7
    assert result["delegated_incidents"].value == 4
    assert result["delegation_loops"].value == 1
    assert result["delegation_loops"].n == 2


def test_without_delegation_there_is_no_loop_and_without_a_log_it_is_unknown() -> None:
    seen = incident("a", policy="home")
    quiet = found(incidents=[seen], log_entries=[entry("a", "trigger", MONDAY)])
    assert quiet["delegation_loops"].value == 0
    assert found(incidents=[seen])["delegation_loops"].value is None
