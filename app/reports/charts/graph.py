"""The dependencies between services as a graph in layers."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.reports.charts.drawing import Chart, tooltip
from app.reports.wording.scope_names import short

NODES, EDGES = "dependency_nodes", "dependency_edges"
_WIDTH, _HEIGHT = 1100, 420
_KINDS = {"service": "service", "business_service": "business service"}


def dependency_graph(document: Mapping[str, Any], lacking: tuple[str, ...]) -> Chart | None:
    """Supporting services on the left; None where nothing depends on anything."""
    nodes, edges = document["series"].get(NODES) or [], document["series"].get(EDGES) or []
    if not edges:
        return None
    widest = max(nodes, key=lambda node: node["blast"])
    title = f"{widest['blast']} of {len(nodes)} services hang on {short(widest['id'])}"
    if lacking:
        title = "Dependencies"
    option = {
        "animation": False,
        "tooltip": tooltip("item", "node"),
        "series": [
            {
                "type": "graph",
                "layout": "none",
                "preserveAspect": "contain",
                "roam": False,
                "left": 24,
                "right": 24,
                "top": 24,
                "bottom": 24,
                "edgeSymbol": ["none", "arrow"],
                "edgeSymbolSize": 6,
                "lineStyle": {"color": "@line-strong", "width": 1, "curveness": 0.1},
                "itemStyle": {"color": "@c1"},
                "data": _placed(nodes),
                "links": [{"source": edge["from"], "target": edge["to"]} for edge in edges],
            }
        ],
    }
    return Chart(
        key="dependencies",
        title=title,
        text=f"Graph of {len(nodes)} services and {len(edges)} dependencies by layer. {title}.",
        option=option,
        columns=("Service", "Kind", "Layer", "Depend on it", "In a cycle"),
        rows=[_row(node) for node in sorted(nodes, key=lambda node: (-node["blast"], node["id"]))],
        height="tall",
        lacking=lacking,
    )


def _placed(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Layer by layer from left to right, the nodes of one evenly from top to bottom."""
    sizes = Counter(node["layer"] for node in nodes)
    seen: Counter[int] = Counter()
    deepest = max(sizes) or 1
    placed = []
    for node in nodes:
        layer = node["layer"]
        seen[layer] += 1
        placed.append(
            {
                "id": node["id"],
                "name": node["id"],
                "x": _WIDTH * layer / deepest,
                "y": _HEIGHT * seen[layer] / (sizes[layer] + 1),
                "symbolSize": 8 + min(24, node["blast"] ** 0.5 * 3),
                "said": f"{short(node['id'])}: layer {layer}, {node['blast']} depend on it",
            }
        )
    return placed


def _row(node: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        short(node["id"]),
        _KINDS.get(node["kind"], node["kind"]),
        str(node["layer"]),
        str(node["blast"]),
        "yes" if node["cycle"] else "no",
    )
