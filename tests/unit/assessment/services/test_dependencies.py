"""Dependencies in numbers, and what is on no map (SVC-02, -03, -04, -07)."""

import pytest

from app.assessment.account import Account
from app.assessment.metrics.services import METRICS
from app.assessment.metrics.services.dependencies import edges as edges_series
from app.assessment.metrics.services.dependencies import nodes
from app.assessment.rows import Facts
from tests.factories.configuration_rows import edges, estate, service
from tests.factories.rows import family, options, pseudonym


def mapped() -> Facts:
    """a > b > c and d, which depend on each other, > business; e alone, f only on itself."""
    return estate(
        services=[
            service("a", teams=["red"], integrations=0),
            service("b", integrations=None),
            service("c"),
            service("d"),
            service("e", teams=["red"]),
            service("f"),
            service("off", status="disabled"),
        ],
        dependencies=edges("a>b", "a>b", "b>c", "c>d", "d>c", "d>business", "f>f"),
        businesses=["business"],
        teams=["red"],
    )


def test_fan_out_and_fan_in_count_business_services_and_every_pair_once() -> None:
    result = family(METRICS, mapped())
    assert result["edges"].value == 5
    assert result["service:d/direct_dependents"].value == 2
    assert result["service:d/direct_dependencies"].value == 1
    assert result["service:a/direct_dependents"].value == 1
    assert result["service:a/direct_dependencies"].value == 0
    assert result["service:e/direct_dependents"].value == 0


def test_depth_cycles_and_radius_of_the_account_and_of_services() -> None:
    result = family(METRICS, mapped())
    assert result["depth"].value == 3  # a > b > {c d} > business
    assert result["cycles"].value == 1
    assert result["services_in_cycles"].value == 2
    assert result["service:c/cycle_size"].value == 2
    assert result["service:a/cycle_size"].value == 0
    radius = {name: result[f"service:{name}/blast_radius"].value for name in "abcdef"}
    assert radius == {"a": 4, "b": 3, "c": 2, "d": 2, "e": 0, "f": 0}


def test_services_without_dependency_team_or_integration_are_counted() -> None:
    result = family(METRICS, mapped())
    assert result["unmapped_services"].value == 2  # e and f
    assert result["unmapped_services_share"].value == 2 / 6
    assert result["services_without_team"].value == 4
    assert result["services_without_integration"].value == 1
    assert result["services_without_integration"].n == 5
    assert result["team:red/unmapped_services_share"].value == 0.5
    assert result["services_with_team_and_dependency_share"].value == 1 / 6  # a alone


@pytest.mark.parametrize(
    "name",
    [
        "edges",
        "depth",
        "cycles",
        "unmapped_services",
        "services_with_team_and_dependency_share",
        "edges_judged",
        "service:a/blast_radius",
        "service:a/direct_dependents",
        "service:a/cycle_size",
    ],
)
def test_without_any_dependency_the_map_is_not_in_use_and_nothing_is_zero(name: str) -> None:
    result = family(METRICS, estate(services=[service("a")], dependencies=edges("a>a")))
    assert result[name].value is None


def test_the_layered_graph_is_drawn_from_nodes_and_edges() -> None:
    account = Account(mapped(), options())
    drawn = {point["id"]: point for point in nodes.compute(account).points}
    assert drawn[pseudonym("c").hex()] == {
        "id": pseudonym("c").hex(), "kind": "service", "layer": 2, "blast": 2, "cycle": 2,
    }  # fmt: skip
    assert drawn[pseudonym("business").hex()]["layer"] == 3
    assert drawn[pseudonym("business").hex()]["kind"] == "business_service"
    assert len(drawn) == 5
    ends = {end for point in edges_series.compute(account).points for end in point.values()}
    assert ends == set(drawn)
