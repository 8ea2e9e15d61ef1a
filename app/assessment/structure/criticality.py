"""Which services matter most: the order of SVC-08."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from app.assessment.cases.case import Case
from app.assessment.rows import Facts
from app.assessment.structure.components import betweenness
from app.assessment.structure.graph import Graph
from app.assessment.structure.policies import is_active


class Criticality:
    """Active technical services, most critical first.

    By blast radius, then by high-urgency incidents; the tenth at the top is critical, at least
    one, but never a service on which nothing depends and that raised none.
    """

    def __init__(self, facts: Facts, graph: Graph, cases: Sequence[Case]) -> None:
        self._graph = graph
        self._services = sorted(each.id for each in facts.services if is_active(each))
        self._urgent = Counter(
            case.incident.service_id
            for case in cases
            if case.incident.urgency == "high" and not case.merged
        )

    def weight(self, service: bytes) -> tuple[int, int]:
        """Blast radius and high-urgency incidents."""
        return self._graph.blast_radius.get(service, 0), self._urgent[service]

    @cached_property
    def ranking(self) -> list[bytes]:
        """Ties go by betweenness, where the graph is small enough for it, then by id."""
        between = self._between
        return sorted(
            self._services,
            key=lambda service: (
                *(-each for each in self.weight(service)),
                -between.get(service, 0.0),
                service,
            ),
        )

    @cached_property
    def ranks(self) -> Mapping[bytes, int]:
        """1 for the most critical."""
        return {service: rank for rank, service in enumerate(self.ranking, start=1)}

    @cached_property
    def critical(self) -> frozenset[bytes]:
        """The top decile."""
        top = self.ranking[: max(1, len(self.ranking) // 10)]
        return frozenset(service for service in top if any(self.weight(service)))

    @cached_property
    def _between(self) -> dict[bytes, float]:
        """Read only where two services tie: it costs more than all the rest."""
        weights = Counter(self.weight(service) for service in self._services)
        tied = any(number > 1 and any(weight) for weight, number in weights.items())
        found = betweenness(self._graph.dependents) if tied and self._graph.edges else None
        return dict(found or {})
