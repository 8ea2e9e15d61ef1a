"""Layer-based schedules of a generated company as REST objects."""

from dataclasses import dataclass, replace

from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.rendering import RotaRenderer
from sandbox.canaries import leaf

RENDERINGS = frozenset({"schedule_layers", "overrides_subschedule", "final_schedule"})


@dataclass(frozen=True, slots=True)
class Schedules:
    company: Company

    def listing(self) -> Listing:
        rotas = self.company.organisation.rotas
        ids, owners = [one.id for one in rotas], [one.team for one in rotas]
        return self.company.listing("schedules", ids, self.render, owners)

    def render(self, number: int, shape: Shape) -> Json:
        """Alone a schedule always comes with its three renderings."""
        made, writer = self.company.organisation, self.company.writer
        one = made.rotas[number]
        stem = writer.mint.stem("schedule", one.id)
        members = sorted({person for layer in one.layers for person in layer.people})
        using = [p for p in made.policies if any(number in level.rotas for level in p.levels)]
        if shape.detail:
            shape = replace(shape, includes=RENDERINGS)
        return {
            **self.company.schedule("schedule", one, stem, using),
            "description": leaf(stem, "/description") if number % 2 else None,
            "users": [
                self.company.user(person, stem, f"/users/{n}") for n, person in enumerate(members)
            ],
            **RotaRenderer(made, writer, one, stem, shape).parts(),
        }
