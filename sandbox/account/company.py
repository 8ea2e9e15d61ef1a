"""A generated company and what every renderer of its objects needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.model import Organisation, Policy, Rota
from sandbox.account.names import Names
from sandbox.account.references import Writer
from sandbox.account.shifts import ShiftRota
from sandbox.canaries import leaf


@dataclass(frozen=True, slots=True)
class Company:
    organisation: Organisation
    names: Names
    writer: Writer
    as_of: int

    def team(self, team: int, stem: str, at: str = "/teams/0") -> Json:
        return self.writer.reference("team", self.organisation.teams[team].id, stem, at)

    def user(self, person: int, stem: str, at: str) -> Json:
        return self.writer.reference("user", self.organisation.people[person].id, stem, at)

    def schedule(
        self, kind: str, one: Rota | ShiftRota, stem: str, using: Sequence[Policy]
    ) -> Json:
        """What both kinds of schedule have; ``using``: policies that name it."""
        writer = self.writer
        return {
            **writer.heading(kind, one.id, stem),
            "name": f"Rota {leaf(stem, '/name')}",
            "time_zone": one.zone.key,
            "http_cal_url": writer.feed(stem, "/http_cal_url"),
            "web_cal_url": writer.feed(stem, "/web_cal_url"),
            "escalation_policies": [
                writer.reference("escalation_policy", policy.id, stem, f"/escalation_policies/{n}")
                for n, policy in enumerate(using)
            ],
            "teams": [self.team(one.team, stem)],
        }

    def listing(
        self,
        name: str,
        ids: Sequence[str],
        render: Callable[[int, Shape], Json],
        owners: Sequence[int | None],
    ) -> Listing:
        """`owners` are teams: private where the team is."""
        teams = self.organisation.teams

        def private(number: int) -> bool:
            owner = owners[number]
            return owner is not None and teams[owner].private

        return Listing(name, len(ids), render, ids.__getitem__, private=private)
