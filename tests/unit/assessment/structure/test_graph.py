"""The dependency graph: what depends on what, in a circle or not, and how far it reaches."""

import time
from itertools import pairwise

import pytest

from app.assessment.structure.components import LIMIT, betweenness
from app.assessment.structure.graph import Graph
from tests.factories.configuration_rows import edges, estate, service
from tests.factories.rows import name_of, pseudonym


def graph(*pairs: str, services: tuple[str, ...] = ()) -> Graph:
    named = [service(name) for name in services]
    return Graph(estate(services=named, dependencies=edges(*pairs)))


def plain(found: dict[bytes, int]) -> dict[str, int]:
    return {name_of(node): number for node, number in found.items()}


def test_an_edge_listed_at_both_ends_is_one_edge() -> None:
    assert len(graph("a>b", "a>b", "b>c").edges) == 2


def test_a_service_that_depends_on_itself_is_a_slip_and_no_cycle() -> None:
    found = graph("a>a", "a>b", "a>a")
    assert found.self_edges == [pseudonym("a")]
    assert len(found.edges) == 1
    assert found.cycles == []
    assert found.dependents[pseudonym("a")] == [pseudonym("b")]


def test_a_node_that_only_an_edge_names_is_in_the_graph() -> None:
    found = graph("a>business", services=("alone",))
    assert {name_of(n): kind for n, kind in found.kinds.items()} == {
        "a": "service",
        "alone": "service",
        "business": "business_service",
    }


def test_blast_radius_counts_every_dependent_once_and_never_the_service_itself() -> None:
    # a reaches b, c (twice) and d; the members of the circle x, y, z reach each other and d.
    found = graph("a>b", "b>c", "a>c", "c>d", "x>y", "y>z", "z>x", "z>d", services=("alone",))
    assert plain(dict(found.blast_radius)) == {
        "a": 3, "b": 2, "c": 1, "d": 0, "x": 3, "y": 3, "z": 3, "alone": 0,
    }  # fmt: skip


def test_depth_is_the_longest_chain_with_cycles_taken_as_one_service() -> None:
    # a > {b c} > d > e: three edges, although a>b>c>d>e has four.
    found = graph("a>b", "b>c", "c>b", "c>d", "d>e", "a>e")
    assert found.depth == 3
    assert plain(dict(found.layers)) == {"a": 0, "b": 1, "c": 1, "d": 2, "e": 3}
    assert [tuple(map(name_of, each)) for each in found.cycles] == [("b", "c")]
    assert plain(dict(found.cycle_size)) == {"b": 2, "c": 2}


def test_two_circles_apart_are_two_cycles() -> None:
    found = graph("a>b", "b>a", "x>y", "y>x", "b>x")
    assert [tuple(map(name_of, each)) for each in found.cycles] == [("a", "b"), ("x", "y")]
    assert found.depth == 1


def test_without_an_edge_there_is_no_depth() -> None:
    assert graph(services=("a", "b")).depth is None


def test_a_chain_longer_than_the_stack_is_deep_is_walked_quickly() -> None:
    names = [f"s{number:06}" for number in range(20_000)]
    chain = graph(*(f"{one}>{other}" for one, other in pairwise(names)))
    began = time.perf_counter()
    assert chain.depth == 19_999
    assert time.perf_counter() - began < 5


def test_two_thousand_services_in_a_dense_graph_have_a_radius_within_a_second() -> None:
    dense = graph(*(f"s{i}>s{(i * 7 + k) % 2000}" for i in range(2_000) for k in range(1, 6)))
    began = time.perf_counter()
    assert max(dense.blast_radius.values()) < 2_000
    assert time.perf_counter() - began < 2


def test_betweenness_shares_a_way_among_equally_short_ones() -> None:
    # a>d goes through b or c, half each; e hangs behind d, so d carries a>e, b>e and c>e.
    found = betweenness(graph("a>b", "a>c", "b>d", "c>d", "d>e").dependents)
    assert found is not None
    assert {name_of(node): score for node, score in found.items()} == {
        "a": 0, "b": 1.0, "c": 1.0, "d": 3.0, "e": 0,
    }  # fmt: skip


def test_betweenness_is_not_computed_for_a_large_graph() -> None:
    ring = {bytes([i // 256, i % 256]): [bytes([i // 256, i % 256])] for i in range(501)}
    assert len(ring) ** 2 > LIMIT
    assert betweenness(ring) is None


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_rows_does_not_matter(order: int) -> None:
    pairs = ["a>b", "b>c", "c>a", "c>d", "d>d", "a>b"][::order]
    found = graph(*pairs, services=("z", "a")[::order])
    assert [tuple(map(name_of, e)) for e in found.edges] == [
        ("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"),
    ]  # fmt: skip
    assert list(found.kinds) == sorted(found.kinds)
