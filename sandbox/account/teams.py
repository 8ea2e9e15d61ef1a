"""Teams of a generated company and who belongs to them."""

from dataclasses import dataclass

from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape
from sandbox.canaries import leaf

UNKNOWN_MEMBER_ROLE = "shadow"
_ROLES = ("responder", "manager", "responder", "observer")


@dataclass(frozen=True, slots=True)
class Teams:
    company: Company

    def listing(self) -> Listing:
        ids = [one.id for one in self.company.organisation.teams]
        return self.company.listing("teams", ids, self.render, range(len(ids)))

    def render(self, number: int, _: Shape) -> Json:
        one = self.company.organisation.teams[number]
        stem = self.company.writer.mint.stem("team", one.id)
        return {
            **self.company.writer.heading("team", one.id, stem),
            "name": f"Team {leaf(stem, '/name')}",
            "description": leaf(stem, "/description") if number % 3 else None,
            "default_role": "none" if one.private else "manager",
        }

    def members(self) -> dict[str, list[Json]]:
        made = self.company.organisation
        return {
            one.id: [self._member(n, one.id, person) for n, person in enumerate(made.members(team))]
            for team, one in enumerate(made.teams)
        }

    def _member(self, number: int, team: str, person: int) -> Json:
        stem = self.company.writer.mint.stem("team_member", f"{team}/{person}")
        role = UNKNOWN_MEMBER_ROLE if person % 29 == 7 else _ROLES[number % len(_ROLES)]
        return {"user": self.company.user(person, stem, "/user"), "role": role}
