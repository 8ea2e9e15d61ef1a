"""Maintenance windows of a generated company as REST objects."""

from random import Random
from typing import NamedTuple

from sandbox import instants
from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape
from sandbox.canaries import leaf


class Outage(NamedTuple):
    start: int
    end: int
    service: int
    planner: int


class Maintenance:
    """One window for every other service: most are past, one is open, one still to come."""

    def __init__(self, company: Company, rng: Random) -> None:
        self.company = company
        made = company.organisation
        live = [n for n, one in enumerate(made.services) if not one.deleted]
        hours = [-24 * rng.randint(2, 85) for _ in live[::2]]
        hours[:2] = [-1, 24 * 5]
        starts = [company.as_of + one * instants.HOUR for one in hours]
        self._rows = [
            Outage(start, start + 3 * instants.HOUR, service, rng.randrange(len(made.people)))
            for start, service in zip(starts, live[::2], strict=True)
        ]

    def listing(self) -> Listing:
        made = self.company.organisation
        ids = [self.company.names.configured("maintenance", n) for n in range(len(self._rows))]
        owners = [made.services[one.service].team for one in self._rows]
        return self.company.listing("maintenance_windows", ids, self.render, owners)

    def render(self, number: int, _: Shape) -> Json:
        one = self._rows[number]
        made, writer = self.company.organisation, self.company.writer
        window = self.company.names.configured("maintenance", number)
        stem = writer.mint.stem("maintenance_window", window)
        service = made.services[one.service]
        return {
            **writer.heading("maintenance_window", window, stem),
            "sequence_number": number + 1,
            "start_time": instants.show_eastern(one.start),
            "end_time": instants.show_eastern(one.end),
            "description": leaf(stem, "/description"),
            "services": [writer.reference("service", service.id, stem, "/services/0")],
            "teams": [self.company.team(service.team, stem)],
            "created_by": self.company.user(one.planner, stem, "/created_by"),
        }
