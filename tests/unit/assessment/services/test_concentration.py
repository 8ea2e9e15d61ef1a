"""Where incidents and services gather (SVC-01, SVC-06)."""

import pytest

from app.assessment.account import Account
from app.assessment.metrics.services import METRICS
from app.assessment.metrics.services.concentration import pareto_curve
from app.assessment.rows import Facts, Incident
from tests.factories.configuration_rows import estate, policy, service
from tests.factories.rows import MONDAY, family, incident, options, pseudonym


def burst(service: str, number: int, policy: str = "policy", team: str = "red") -> list[Incident]:
    return [
        incident(f"{service}{n}", MONDAY + n, service=service, policy=policy, teams=[team])
        for n in range(number)
    ]


def uneven() -> Facts:
    """8, 4, 3, 1 and 0 incidents; the third service is deleted, one incident was merged away."""
    return estate(
        services=[service("a"), service("b", "other"), service("d"), service("e", teams=["red"])],
        policies=[policy(), policy("other")],
        incidents=[
            *burst("a", 8),
            *burst("b", 4, "other", "blue"),
            *burst("c", 3),
            *burst("d", 1),
            incident("merged", service="e", merged=True, status="resolved", resolved=1),
        ],
        teams=["red", "blue"],
    )


def test_each_service_has_its_share_and_a_deleted_one_keeps_its_own() -> None:
    result = family(METRICS, uneven())
    share = {
        name: result[f"service_incident_share/{pseudonym(name).hex()}"].value for name in "abcd"
    }
    assert share == {"a": 8 / 16, "b": 4 / 16, "c": 3 / 16, "d": 1 / 16}
    assert f"service_incident_share/{pseudonym('e').hex()}" not in result
    assert result["top_service_share"].value == 0.5
    assert result["top_service_share"].n == 16
    # 8 + 4 = 12 are 75 %, 8 + 4 + 3 = 15 are 94 %.
    assert result["services_making_80_percent"].value == 3
    assert result["services_counted"].value == 5
    assert result["top_decile_service_share"].value == 0.5


def test_eighty_percent_itself_is_enough() -> None:
    rows = estate(incidents=[*burst("a", 8), *burst("b", 2)])
    assert family(METRICS, rows)["services_making_80_percent"].value == 1


def test_the_top_tenth_is_rounded_down() -> None:
    names = [f"s{n:02}" for n in range(29)]
    rows = estate(
        services=[service(name) for name in names],
        incidents=[*burst("s00", 5), *burst("s01", 3), *burst("s02", 2)],
    )
    assert family(METRICS, rows)["top_decile_service_share"].value == 0.8


def test_a_team_has_its_own_pareto_of_its_own_incidents() -> None:
    result = family(METRICS, uneven())
    assert result["team:blue/top_service_share"].value == 1
    assert result["team:red/top_service_share"].value == 8 / 12
    assert result["team:red/services_counted"].value == 4  # a, c, d with incidents and e, its own
    assert result["team:red/top_policy_share"].n == 1
    assert result["team:blue/top_policy_share"].value is None


def test_concentration_of_services_and_of_incidents() -> None:
    result = family(METRICS, uneven())
    assert result["top_policy_share"].value == 3 / 4
    assert result["policy_hhi"].value == pytest.approx(9 / 16 + 1 / 16)
    assert result["top_policy_incident_share"].value == 12 / 16
    assert result["policy_incident_hhi"].value == pytest.approx((12 / 16) ** 2 + (4 / 16) ** 2)


def test_disabled_services_and_services_without_a_policy_do_not_concentrate() -> None:
    rows = estate(
        services=[
            service("a", "one"),
            service("b", "two"),
            service("c", "two", status="disabled"),
            service("d", None),
        ]
    )
    result = family(METRICS, rows)
    assert result["top_policy_share"].value == 0.5
    assert result["top_policy_share"].n == 2


def test_nothing_has_no_share() -> None:
    result = family(METRICS, estate())
    for name in ("top_service_share", "services_making_80_percent", "top_policy_share"):
        assert result[name].value is None
    assert pareto_curve.compute(Account(estate(), options())).points == []


def test_the_curve_climbs_to_all_incidents() -> None:
    points = pareto_curve.compute(Account(uneven(), options())).points
    assert [point["share of incidents"] for point in points] == [8 / 16, 12 / 16, 15 / 16, 1]
    assert [point["services"] for point in points] == [1, 2, 3, 4]
