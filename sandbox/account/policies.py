"""Escalation policies of a generated company as REST objects."""

from dataclasses import dataclass

from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.model import Level
from sandbox.canaries import leaf

STRATEGIES = "escalation_rule_assignment_strategies"


@dataclass(frozen=True, slots=True)
class Policies:
    company: Company

    def listing(self) -> Listing:
        policies = self.company.organisation.policies
        ids, owners = [one.id for one in policies], [one.team for one in policies]
        return self.company.listing("escalation_policies", ids, self.render, owners)

    def render(self, number: int, shape: Shape) -> Json:
        """How a rule assigns is listed only with `include[]`."""
        made, writer = self.company.organisation, self.company.writer
        one = made.policies[number]
        stem = writer.mint.stem("escalation_policy", one.id)
        served = [s for s in made.services if s.policy == number and not s.deleted]
        shown = STRATEGIES in shape.includes
        return {
            **writer.heading("escalation_policy", one.id, stem),
            "name": f"Policy {leaf(stem, '/name')}",
            "description": leaf(stem, "/description") if number % 3 else None,
            "num_loops": one.loops,
            "on_call_handoff_notifications": "always" if number % 6 == 2 else "if_has_services",
            "escalation_rules": [
                self._rule(f"{one.id}{n + 1}", level, (stem, f"/escalation_rules/{n}"), shown=shown)
                for n, level in enumerate(one.levels)
            ],
            "services": [
                writer.reference("service", s.id, stem, f"/services/{n}")
                for n, s in enumerate(served)
            ],
            "teams": [self.company.team(one.team, stem)],
        }

    def _rule(self, rule_id: str, level: Level, where: tuple[str, str], *, shown: bool) -> Json:
        made = self.company.organisation
        targets = [("schedule", made.rotas[n].id) for n in level.rotas]
        targets += [("schedule_v3", made.shift_rotas[n].id) for n in level.shift_rotas]
        targets += [("user", made.people[n].id) for n in level.people]
        stem, at = where
        rule: Json = {
            "id": rule_id,
            "escalation_delay_in_minutes": level.delay_minutes,
            "targets": [
                self.company.writer.reference(kind, target, stem, f"{at}/targets/{n}")
                for n, (kind, target) in enumerate(targets)
            ],
        }
        if shown:
            rule["escalation_rule_assignment_strategy"] = level.strategy
        return rule
