"""Which services matter most, and which fail together (SVC-05, SVC-08)."""

import math

import pytest

from app.assessment.account import Account
from app.assessment.metrics.services import METRICS
from app.assessment.metrics.services.co_incidents import critical_services
from app.assessment.rows import Facts, Incident
from app.assessment.statistics import garwood
from tests.factories.configuration_rows import edges, estate, service
from tests.factories.rows import HOUR, MINUTE, MONDAY, family, incident, name_of, options, pseudonym


def of(service: str, number: int, after: int = 0, urgency: str = "high") -> list[Incident]:
    starts = [MONDAY + n * 5 * HOUR + after for n in range(number)]
    return [
        incident(f"{service}{at}", at, resolved=MINUTE, service=service, urgency=urgency)
        for at in starts
    ]


def test_an_edge_has_lift_lag_chance_and_the_share_that_fails_first() -> None:
    rows = of("a", 30) + of("b", 9, 10 * MINUTE) + of("b", 1, -5 * MINUTE + 15 * 5 * HOUR)
    result = family(METRICS, estate(incidents=rows, dependencies=edges("a>b", "b>c")))
    key = f"{pseudonym('a').hex()}>{pseudonym('b').hex()}"
    expected = 10 * (1 - math.exp(-30 * 1_800 / (7 * 86_400)))
    assert result[f"edge_lift/{key}"].value == pytest.approx(9 / expected)
    low, high = garwood(9)
    assert result[f"edge_lift/{key}"].interval == pytest.approx((low / expected, high / expected))
    assert result[f"edge_matches/{key}"].value == 9
    assert result[f"edge_lag_median_s/{key}"].value == 600
    assert result[f"edge_not_after_share/{key}"].value == 0.1
    chance = result[f"edge_p/{key}"].value
    assert chance is not None
    assert chance < 1e-4
    assert (result["edges_judged"].value, result["edges_judged"].n) == (1, 2)


def ranked(rows: Facts) -> list[str]:
    return [name_of(service) for service in Account(rows, options()).criticality.ranking]


def test_services_rank_by_radius_then_urgent_incidents_then_betweenness_then_id() -> None:
    # Between x and y, equal in radius and incidents, only y lies on a way between others.
    rows = estate(
        services=[service(name) for name in "abxyz"] + [service("off", status="disabled")],
        dependencies=edges("x>b", "z>y", "y>b", "z>a", "off>z"),
        incidents=[
            *of("a", 3),
            *of("b", 9, urgency="low"),
            *of("off", 20),
            incident("m", service="b", merged=True, status="resolved", resolved=1),
        ],
    )
    assert ranked(rows) == ["z", "y", "x", "a", "b"]
    result = family(METRICS, rows)
    assert result["service:y/criticality_rank"].value == 2
    assert "service:off/criticality_rank" not in result


def test_the_top_tenth_is_critical_and_known_to_the_policy_behind_it() -> None:
    names = [f"s{n:02}" for n in range(25)]
    rows = estate(
        services=[service(name, "one" if name < "s02" else "two") for name in names],
        dependencies=edges("s24>s01", "s24>s02", "s01>s02"),
        incidents=of("s05", 3),
    )
    assert set(map(name_of, critical_services(Account(rows, options())))) == {"s24", "s01"}
    result = family(METRICS, rows)
    assert result["service:s24/critical_service"].value == 1
    assert result["service:s05/critical_service"].value == 0


def test_at_least_one_service_is_critical_but_none_without_dependents_or_incidents() -> None:
    few = [service("a"), service("b")]
    busy = Account(estate(services=few, incidents=of("b", 1)), options())
    assert critical_services(busy) == {pseudonym("b")}
    idle = Account(estate(services=few, incidents=of("b", 1, urgency="low")), options())
    assert critical_services(idle) == frozenset()
