"""Business services and dependencies of a generated company as REST objects."""

from dataclasses import dataclass

from sandbox.account.account import Edge
from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.model import Node
from sandbox.canaries import leaf


@dataclass(frozen=True, slots=True)
class Business:
    company: Company

    def listing(self) -> Listing:
        services = self.company.organisation.business_services
        ids, owners = [one.id for one in services], [one.team for one in services]
        return self.company.listing("business_services", ids, self.render, owners)

    def render(self, number: int, _: Shape) -> Json:
        one = self.company.organisation.business_services[number]
        stem = self.company.writer.mint.stem("business_service", one.id)
        team = None if one.team is None else self.company.team(one.team, stem, "/team")
        return {
            **self.company.writer.heading("business_service", one.id, stem),
            "html_url": None,
            "name": f"Product {leaf(stem, '/name')}",
            "description": leaf(stem, "/description") if number % 2 else None,
            "point_of_contact": leaf(stem, "/point_of_contact"),
            "team": team,
        }

    def edges(self) -> list[Edge]:
        found = []
        for one in self.company.organisation.dependencies:
            supporting, dependent = self._end(one.supporting), self._end(one.dependent)
            body: Json = {
                "supporting_service": {"id": supporting[1], "type": supporting[0]},
                "dependent_service": {"id": dependent[1], "type": dependent[0]},
                "id": one.id,
                "type": "service_dependency",
            }
            found.append(Edge(supporting, dependent, body))
        return found

    def _end(self, node: Node) -> tuple[str, str]:
        made = self.company.organisation
        if node.business:
            return "business_service_reference", made.business_services[node.position].id
        return "technical_service_reference", made.services[node.position].id
