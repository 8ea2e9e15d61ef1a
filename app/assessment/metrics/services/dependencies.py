"""The graph of dependencies in numbers (SVC-02, SVC-03, SVC-04, SVC-07)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.figures import Value
from app.assessment.metric import Measure, metric
from app.assessment.metrics.policies.check_values import counted, fact, part
from app.assessment.metrics.policies.upkeep import has_teams
from app.assessment.needs import EDGES
from app.assessment.scopes import Scope
from app.assessment.series import Drawn, series


@metric(
    "SVC-02",
    "Fan-out and fan-in",
    Measure("edges", "Dependencies", "count"),
    Measure("direct_dependents", "Services that depend on it directly", "count"),
    Measure("direct_dependencies", "Services it depends on directly", "count"),
    levels="AV",
    chart="graph",
    source="dependency metrics of Corvana",
    needs=EDGES,
)
def fan(account: Account, scope: Scope) -> Iterable[Value]:
    """Direct dependents and direct dependencies of a service, business services among them.

    A pair that is listed twice is one edge. No value where no dependency is mapped at all.
    """
    graph = account.graph
    if scope.level == "account":
        yield fact("edges", len(graph.edges) or None, len(graph.edges))
        return
    for service in scope.services:
        out, into = graph.dependents.get(service, ()), graph.dependencies.get(service, ())
        yield fact("direct_dependents", len(out) if graph.edges else None)
        yield fact("direct_dependencies", len(into) if graph.edges else None)


@metric(
    "SVC-03",
    "Depth and cycles",
    Measure("depth", "Longest chain", "edges"),
    Measure("cycles", "Dependency cycles", "count"),
    Measure("services_in_cycles", "Services in cycles", "count"),
    Measure("cycle_size", "Services in its cycle", "count"),
    levels="AV",
    chart="layered graph",
    needs=EDGES,
)
def depth(account: Account, scope: Scope) -> Iterable[Value]:
    """Edges of the longest chain of dependencies, a cycle taken as one service; groups of two or
    more services that depend on each other, and how large the group of a service is (0: none).

    A service that depends on itself is an error of the map (DQ-10) and no cycle.
    """
    graph = account.graph
    mapped = bool(graph.edges)
    if scope.level == "account":
        n = len(graph.edges)
        yield fact("depth", graph.depth, n)
        yield fact("cycles", len(graph.cycles) if mapped else None, n)
        yield fact("services_in_cycles", len(graph.cycle_size) if mapped else None, n)
        return
    for service in scope.services:
        yield fact("cycle_size", graph.cycle_size.get(service, 0) if mapped else None)


@metric(
    "SVC-04",
    "Blast radius",
    Measure("blast_radius", "Services that depend on it, directly or not", "count"),
    levels="V",
    chart="bar",
    needs=EDGES,
)
def blast_radius(account: Account, scope: Scope) -> Iterable[Value]:
    """Services that depend on a service over any number of steps, itself never counted; inside a
    cycle all the other members are."""
    graph = account.graph
    for service in scope.services:
        yield fact("blast_radius", graph.blast_radius.get(service, 0) if graph.edges else None)


@metric(
    "SVC-07",
    "Unmapped services",
    Measure("unmapped_services", "Services without a dependency", "count"),
    Measure("unmapped_services_share", "Services without a dependency, share", "ratio"),
    Measure("services_without_team", "Services without a team", "count"),
    Measure("services_without_team_share", "Services without a team, share", "ratio"),
    Measure("services_without_integration", "Services without an integration", "count"),
    Measure(
        "services_without_integration_share", "Services without an integration, share", "ratio"
    ),
    Measure(
        "services_with_team_and_dependency_share",
        "Share of services with a team and a dependency",
        "ratio",
    ),
    levels="AT",
    chart="number",
    needs=EDGES,
)
def unmapped(account: Account, scope: Scope) -> Iterable[Value]:
    """Active technical services on no dependency, in no team, without an integration.

    Without any dependency in the account the map is not in use: no value. No value either where
    the plan has no teams.
    """
    graph = account.graph
    services = account.policies.services_within(scope.services)
    mapped = services if graph.edges else []
    alone = {s.id for s in mapped if not graph.dependents[s.id] and not graph.dependencies[s.id]}
    owned = services if has_teams(account) else []
    both = owned if graph.edges else []
    complete = sum(bool(each.teams) and each.id not in alone for each in both)
    yield part("services_with_team_and_dependency_share", complete, len(both))
    known = [each for each in services if each.integrations is not None]
    for name, hits, of in (
        ("unmapped_services", len(alone), len(mapped)),
        ("services_without_team", sum(not each.teams for each in owned), len(owned)),
        ("services_without_integration", sum(not each.integrations for each in known), len(known)),
    ):
        yield from counted(name, hits, of)


@series(
    "dependency_nodes",
    "SVC-03",
    "Services by layer of the dependency graph",
    kind="graph",
    x="layer",
    y="blast",
)
def nodes(account: Account) -> Drawn:
    """Services with a dependency; layer 0 depends on nothing, ``cycle`` is the size of its own."""
    graph = account.graph
    on_map = {node for edge in graph.edges for node in edge}
    return Drawn(
        [
            {
                "id": node.hex(),
                "kind": graph.kinds[node],
                "layer": graph.layers[node],
                "blast": graph.blast_radius[node],
                "cycle": graph.cycle_size.get(node, 0),
            }
            for node in sorted(on_map, key=lambda each: (graph.layers[each], each))
        ]
    )


@series(
    "dependency_edges",
    "SVC-03",
    "Dependencies between services",
    kind="graph",
    x="from",
    y="to",
)
def edges(account: Account) -> Drawn:
    """From what supports to what depends on it."""
    return Drawn([{"from": one.hex(), "to": other.hex()} for one, other in account.graph.edges])
