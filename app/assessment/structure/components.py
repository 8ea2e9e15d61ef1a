"""Strongly connected components and betweenness of a directed graph."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    import networkx as nx
else:
    # Half a second at every start of every process; only an assessment needs it.
    nx = lazy_loader.load("networkx")

Successors = Mapping[bytes, Sequence[bytes]]
Component = tuple[bytes, ...]
LIMIT = 250_000
"""Nodes times edges: a quarter of a second; above it betweenness is not computed."""


def components(successors: Successors) -> list[Component]:
    """Components, each sorted, every one after all that it leads to.

    ``successors`` has an entry for every node.
    """
    found = nx.strongly_connected_components(_graph(successors))
    return [tuple(sorted(members)) for members in found]


def betweenness(successors: Successors) -> Mapping[bytes, float] | None:
    """Per node the summed share of shortest ways through it.

    None where nodes times edges pass ``LIMIT``.
    """
    edges = sum(len(each) for each in successors.values())
    if edges * len(successors) > LIMIT:
        return None
    found: Mapping[bytes, float] = nx.betweenness_centrality(_graph(successors), normalized=False)
    return found


def _graph(successors: Successors) -> "nx.DiGraph[bytes]":
    adjacency: dict[bytes, Iterable[bytes]] = {**successors}
    return nx.DiGraph(adjacency)
