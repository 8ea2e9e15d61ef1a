"""How often a node lies on the shortest ways between others (Brandes 2001)."""

from collections import deque
from collections.abc import Mapping

from app.assessment.structure.components import Successors

LIMIT = 250_000
"""Nodes times edges: a quarter of a second; above it nobody asks."""


def betweenness(successors: Successors) -> Mapping[bytes, float] | None:
    """Per node the summed share of shortest ways through it, on a directed graph.

    None where nodes times edges pass ``LIMIT``.
    """
    edges = sum(len(each) for each in successors.values())
    if edges * len(successors) > LIMIT:
        return None
    score = dict.fromkeys(successors, 0.0)
    for source in successors:
        _add(score, source, successors)
    return score


def _add(score: dict[bytes, float], source: bytes, successors: Successors) -> None:
    ways: dict[bytes, int] = {source: 1}
    distance = {source: 0}
    before: dict[bytes, list[bytes]] = {source: []}
    order: list[bytes] = []
    ahead = deque([source])
    while ahead:
        node = ahead.popleft()
        order.append(node)
        for child in successors[node]:
            if child not in distance:
                distance[child] = distance[node] + 1
                ways[child], before[child] = 0, []
                ahead.append(child)
            if distance[child] == distance[node] + 1:
                ways[child] += ways[node]
                before[child].append(node)
    share = dict.fromkeys(order, 0.0)
    for node in reversed(order):
        for parent in before[node]:
            share[parent] += ways[parent] / ways[node] * (1 + share[node])
        if node != source:
            score[node] += share[node]
