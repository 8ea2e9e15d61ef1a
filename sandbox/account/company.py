"""A generated company and what every renderer of its objects needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.model import Organisation
from sandbox.account.names import Names
from sandbox.account.references import Writer


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
