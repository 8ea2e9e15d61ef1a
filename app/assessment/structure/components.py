"""Strongly connected components and betweenness of a directed graph."""

from collections.abc import Mapping, Sequence

import rustworkx

Successors = Mapping[bytes, Sequence[bytes]]
Component = tuple[bytes, ...]
LIMIT = 250_000
"""Nodes times edges: a quarter of a second; above it betweenness is not computed."""


def components(successors: Successors) -> list[Component]:
    """Components, each sorted, every one after all that it leads to.

    ``successors`` has an entry for every node.
    """
    nodes = list(successors)
    found = rustworkx.strongly_connected_components(_graph(successors))
    return [tuple(sorted(nodes[at] for at in members)) for members in found]


def betweenness(successors: Successors) -> Mapping[bytes, float] | None:
    """Per node the summed share of shortest ways through it.

    None where nodes times edges pass ``LIMIT``.
    """
    edges = sum(len(each) for each in successors.values())
    if edges * len(successors) > LIMIT:
        return None
    found = rustworkx.digraph_betweenness_centrality(
        _graph(successors),
        normalized=False,
        # In one thread, so that sums come out the same to the last bit.
        parallel_threshold=LIMIT,
    )
    return {node: found[at] for at, node in enumerate(successors)}


def _graph(successors: Successors) -> "rustworkx.PyDiGraph[bytes, None]":
    graph = rustworkx.PyDiGraph[bytes, None](multigraph=False)
    position = dict(zip(successors, graph.add_nodes_from(list(successors)), strict=True))
    graph.add_edges_from_no_data(
        [(position[node], position[each]) for node, found in successors.items() for each in found]
    )
    return graph
