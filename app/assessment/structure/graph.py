"""The graph of dependencies: what would be hit if a service failed (SVC-02 to SVC-04)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from app.assessment.rows import Facts
from app.assessment.structure.components import Component, components

Edge = tuple[bytes, bytes]
"""Supporting service, dependent service."""
Kind = Literal["service", "business_service"]


class Graph:
    """Technical and business services; an edge leads from what supports to what depends.

    PagerDuty lists an edge at both its ends, so each pair is counted once. A service that
    depends on itself is an error of the map: counted apart and no edge (DQ-10).
    """

    def __init__(self, facts: Facts) -> None:
        edges = {(d.supporting_id, d.dependent_id) for d in facts.dependencies}
        self.self_edges = sorted(one for one, other in edges if one == other)
        """Services that depend on themselves."""
        self.edges: list[Edge] = sorted(edge for edge in edges if edge[0] != edge[1])
        self.kinds: Mapping[bytes, Kind] = _kinds(facts)

    @cached_property
    def dependents(self) -> Mapping[bytes, list[bytes]]:
        """Per node what depends on it directly."""
        return _neighbours(self.kinds, self.edges)

    @cached_property
    def dependencies(self) -> Mapping[bytes, list[bytes]]:
        """Per node what it depends on directly."""
        return _neighbours(self.kinds, [(other, one) for one, other in self.edges])

    @cached_property
    def _components(self) -> list[Component]:
        return components(self.dependents)

    @cached_property
    def cycles(self) -> list[Component]:
        """Groups of two and more services that depend on each other, each sorted."""
        return sorted(found for found in self._components if len(found) > 1)

    @cached_property
    def cycle_size(self) -> Mapping[bytes, int]:
        """Members of the cycle that a node is in; nodes in none are left out."""
        return {node: len(found) for found in self.cycles for node in found}

    @cached_property
    def layers(self) -> Mapping[bytes, int]:
        """Per node the edges of the longest chain that leads to it; a cycle counts as one node."""
        layer = dict.fromkeys(self.dependents, 0)
        for found in reversed(self._components):
            own, members = max(layer[node] for node in found), set(found)
            layer |= dict.fromkeys(found, own)
            for child in {c for node in found for c in self.dependents[node]} - members:
                layer[child] = max(layer[child], own + 1)
        return layer

    @property
    def depth(self) -> int | None:
        """Edges of the longest chain; None without any edge."""
        return max(self.layers.values()) if self.edges else None

    @cached_property
    def blast_radius(self) -> Mapping[bytes, int]:
        """Per node how many others depend on it, directly or not.

        Sets are bits of one number each: two thousand services take milliseconds.
        """
        bit = {node: 1 << place for place, node in enumerate(self.kinds)}
        reach: dict[bytes, int] = {}
        sizes: dict[bytes, int] = {}
        for found in self._components:
            hit = sum(bit[node] for node in found)
            for node in found:
                for child in self.dependents[node]:
                    hit |= reach.get(child, 0)
            size = hit.bit_count() - 1
            for node in found:
                reach[node], sizes[node] = hit, size
        return sizes


def _kinds(facts: Facts) -> Mapping[bytes, Kind]:
    """Every node, also those that only an edge names, in the order of their ids."""
    kinds: dict[bytes, Kind] = {}
    for edge in facts.dependencies:
        for word, node in (
            (edge.supporting_type, edge.supporting_id),
            (edge.dependent_type, edge.dependent_id),
        ):
            kinds[node] = "business_service" if word == "business_service" else "service"
    kinds |= {each.id: "business_service" for each in facts.business_services}
    kinds |= {each.id: "service" for each in facts.services}
    return {node: kinds[node] for node in sorted(kinds)}


def _neighbours(nodes: Iterable[bytes], edges: Iterable[Edge]) -> Mapping[bytes, list[bytes]]:
    found: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for one, other in sorted(edges):
        found[one].append(other)
    return {node: found[node] for node in nodes}
