"""Properties of SVC for every account."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.assessment.metrics.services import METRICS
from app.assessment.rows import Facts
from app.assessment.structure.graph import Graph
from tests.factories.configuration_rows import edges, estate, service
from tests.factories.rows import DAY, HOUR, MINUTE, MONDAY, WEEK, family, incident, options

NAMES = "abcdef"
NODE = st.sampled_from(NAMES)
EDGES = st.lists(st.tuples(NODE, NODE), max_size=14)
RAISED = st.lists(st.tuples(NODE, st.integers(0, 14 * 24 * 6 - 1), st.integers(0, 30)), max_size=40)


@st.composite
def accounts(draw: st.DrawFn) -> Facts:
    return estate(
        services=[service(name, draw(st.sampled_from(["p", "q"]))) for name in NAMES[:4]],
        dependencies=edges(*(f"{one}>{other}" for one, other in draw(EDGES))),
        incidents=[
            incident(
                f"i{n}",
                MONDAY + at * 10 * MINUTE,
                service=name,
                resolved=lasts * HOUR,
                urgency="low" if n % 3 else "high",
                teams=["red"] if n % 2 else [],
            )
            for n, (name, at, lasts) in enumerate(draw(RAISED))
        ],
    )


WHOLE = options(MONDAY + 2 * WEEK, MONDAY + 8 * WEEK)


@given(accounts(), st.integers(1, 13))
def test_the_incidents_of_the_parts_of_a_window_add_up_to_it(rows: Facts, days: int) -> None:
    middle = MONDAY + days * DAY
    question = (WHOLE, replace(WHOLE, until=middle), replace(WHOLE, since=middle))
    whole, first, second = (family(METRICS, rows, each)["top_service_share"].n for each in question)
    assert first is not None
    assert second is not None
    assert whole == first + second == len(rows.incidents)


@given(EDGES)
def test_the_radius_is_what_a_walk_of_the_graph_finds(pairs: list[tuple[str, str]]) -> None:
    graph = Graph(estate(dependencies=edges(*(f"{one}>{other}" for one, other in pairs))))
    for node in graph.kinds:
        seen = _reached(graph, node)
        assert graph.blast_radius[node] == len(seen) - 1
        circle = {other for other in seen if node in _reached(graph, other)}
        assert graph.cycle_size.get(node, 1) == max(1, len(circle))


def _reached(graph: Graph, start: bytes) -> set[bytes]:
    seen, ahead = {start}, [start]
    while ahead:
        for child in graph.dependents[ahead.pop()]:
            if child not in seen:
                seen.add(child)
                ahead.append(child)
    return seen
