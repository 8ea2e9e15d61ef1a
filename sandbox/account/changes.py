"""Priorities, maintenance windows and change events of a generated company as REST objects."""

from dataclasses import dataclass, replace
from random import Random

from sandbox import instants
from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape
from sandbox.canaries import leaf

_PER_SERVICE = 40
_HISTORY_DAYS = 90


@dataclass(frozen=True, slots=True)
class Priorities:
    """Most severe first."""

    company: Company

    def listing(self) -> Listing:
        ids = self.company.organisation.priorities
        return self.company.listing("priorities", ids, self.render, [None] * len(ids))

    def render(self, number: int, _: Shape) -> Json:
        one = self.company.organisation.priorities[number]
        stem = self.company.writer.mint.stem("priority", one)
        return {
            **self.company.writer.heading("priority", one, stem),
            "name": f"P{number + 1} {leaf(stem, '/name')}",
            "description": leaf(stem, "/description"),
        }


class ChangeEvents:
    """Forty a service over the history: on a large account more than one range may serve."""

    def __init__(self, company: Company, rng: Random) -> None:
        self.company = company
        self._live = [n for n, s in enumerate(company.organisation.services) if not s.deleted]
        start = company.as_of - _HISTORY_DAYS * instants.DAY
        span = _HISTORY_DAYS * 86_400
        count = _PER_SERVICE * len(self._live)
        self._rows = sorted(
            (start + rng.randrange(span) * instants.SECOND, rng.choice(self._live))
            for _ in range(count)
        )

    def listing(self) -> Listing:
        made = self.company.organisation
        ids = [self.company.names.long("change_event", n) for n in range(len(self._rows))]
        owners = [made.services[service].team for _, service in self._rows]
        plain = self.company.listing("change_events", ids, self.render, owners)
        return replace(plain, times=[at for at, _ in self._rows], newest_first=True)

    def render(self, number: int, _: Shape) -> Json:
        at, service = self._rows[number]
        event = self.company.names.long("change_event", number)
        writer = self.company.writer
        stem = writer.mint.stem("change_event", event)
        source = self.company.organisation.services[service].id
        integration = self.company.names.configured("integration", service * 8)
        details = {leaf(stem, "/custom_details/key"): leaf(stem, "/custom_details/value")}
        link = {
            "href": f"https://builds.example/{leaf(stem, '/links/0/href')}",
            "text": leaf(stem, "/links/0/text"),
        }
        linked = {
            "id": integration,
            "type": "inbound_integration_reference",
            "summary": leaf(stem, "/integration/summary"),
        }
        return {
            **writer.heading("change_event", event, stem),
            "timestamp": instants.show(at),
            "source": leaf(stem, "/source"),
            "routing_key": leaf(stem, "/routing_key"),
            "services": [writer.reference("service", source, stem, "/services/0")],
            "integration": linked if number % 5 else None,
            "custom_details": details,
            "links": [link],
            "images": [],
        }
