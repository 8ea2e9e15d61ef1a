"""Services, escalation policies and schedules of a generated company as REST objects."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox import instants
from sandbox.account.listing import Json, Listing, Shape, Shelf
from sandbox.account.model import Level, Organisation, Service
from sandbox.account.references import Writer
from sandbox.account.rendering import RotaRenderer
from sandbox.canaries import leaf

Renderer = Callable[[int, Shape], Json]

_CONSTANT = {"type": "constant", "urgency": "high"}
_LOW = {"type": "constant", "urgency": "low"}


def _urgency(one: Service) -> Json:
    """The urgency rule, with support hours where it depends on them."""
    if one.urgency != "support_hours":
        rule: Json = {"type": "constant", "urgency": one.urgency}
        return {"incident_urgency_rule": rule, "support_hours": None, "scheduled_actions": []}
    return {
        "incident_urgency_rule": {
            "type": "use_support_hours",
            "during_support_hours": _CONSTANT,
            "outside_support_hours": _LOW,
        },
        "support_hours": {
            "type": "fixed_time_per_day",
            "time_zone": "Europe/Berlin",
            "start_time": "09:00:00",
            "end_time": "17:00:00",
            "days_of_week": [1, 2, 3, 4, 5],
        },
        "scheduled_actions": [
            {
                "type": "urgency_change",
                "at": {"type": "named_time", "name": "support_hours_start"},
                "to_urgency": "high",
            }
        ],
    }


@dataclass(frozen=True, slots=True)
class Configuration:
    organisation: Organisation
    writer: Writer
    last_incident: Sequence[int]

    def shelves(self) -> dict[str, Shelf]:
        made = self.organisation
        live = sum(not one.deleted for one in made.services)
        listings = (
            self._listing("services", live, self.service, [s.team for s in made.services]),
            self._listing(
                "escalation_policies",
                len(made.policies),
                self.policy,
                [p.team for p in made.policies],
            ),
            self._listing("schedules", len(made.rotas), self.rota, [r.team for r in made.rotas]),
        )
        return {listing.name: Shelf(listing) for listing in listings}

    def _listing(self, name: str, size: int, render: Renderer, teams: Sequence[int]) -> Listing:
        made = self.organisation
        return Listing(
            name,
            size,
            render,
            private=lambda n: made.teams[teams[n]].private,
            facets={"team_ids[]": lambda n: (made.teams[teams[n]].id,)},
        )

    def _teams(self, team: int, stem: str) -> list[Json]:
        return [self.writer.reference("team", self.organisation.teams[team].id, stem, "/teams/0")]

    def service(self, number: int, _: Shape) -> Json:
        one = self.organisation.services[number]
        stem = self.writer.mint.stem("service", one.id)
        policy = self.organisation.policies[one.policy]
        last = self.last_incident[number]
        return {
            **self.writer.heading("service", one.id, stem),
            "name": f"Service {leaf(stem, '/name')}",
            "description": leaf(stem, "/description") if number % 4 else None,
            "created_at": instants.show_eastern(one.created),
            "status": "active",
            "last_incident_timestamp": instants.show_eastern(last) if last else None,
            "acknowledgement_timeout": one.ack_timeout,
            "auto_resolve_timeout": one.auto_resolve,
            "escalation_policy": self.writer.reference(
                "escalation_policy", policy.id, stem, "/escalation_policy"
            ),
            "teams": self._teams(one.team, stem),
            "integrations": [self._integration(one, stem)],
            "addons": [],
            "alert_creation": "create_alerts_and_incidents",
            "response_play": None,
            **_urgency(one),
        }

    def _integration(self, one: Service, stem: str) -> Json:
        where = f"services/{one.id}/integrations/{one.id}"
        return {
            "id": one.id,
            "type": "events_api_v2_inbound_integration_reference",
            "summary": f"Events for {leaf(stem, '/integrations/0/summary')}",
            "self": f"https://api.pagerduty.com/{where}?{leaf(stem, '/integrations/0/self')}",
            "html_url": self.writer.page(where, stem, "/integrations/0/html_url"),
        }

    def policy(self, number: int, _: Shape) -> Json:
        one = self.organisation.policies[number]
        stem = self.writer.mint.stem("escalation_policy", one.id)
        served = [s for s in self.organisation.services if s.policy == number and not s.deleted]
        return {
            **self.writer.heading("escalation_policy", one.id, stem),
            "name": f"Policy {leaf(stem, '/name')}",
            "description": leaf(stem, "/description") if number % 3 else None,
            "num_loops": one.loops,
            "on_call_handoff_notifications": "if_has_services",
            "escalation_rules": [
                self._rule(f"{one.id}{n + 1}", level, stem, f"/escalation_rules/{n}")
                for n, level in enumerate(one.levels)
            ],
            "services": [
                self.writer.reference("service", s.id, stem, f"/services/{n}")
                for n, s in enumerate(served)
            ],
            "teams": self._teams(one.team, stem),
        }

    def _rule(self, rule_id: str, level: Level, stem: str, at: str) -> Json:
        made = self.organisation
        targets = [("schedule", made.rotas[n].id) for n in level.rotas]
        targets += [("user", made.people[n].id) for n in level.people]
        return {
            "id": rule_id,
            "escalation_delay_in_minutes": level.delay_minutes,
            "escalation_rule_assignment_strategy": "assign_to_everyone",
            "targets": [
                self.writer.reference(kind, target, stem, f"{at}/targets/{n}")
                for n, (kind, target) in enumerate(targets)
            ],
        }

    def rota(self, number: int, shape: Shape) -> Json:
        one = self.organisation.rotas[number]
        made = self.organisation
        stem = self.writer.mint.stem("schedule", one.id)
        members = sorted({person for layer in one.layers for person in layer.people})
        using = [p for p in made.policies if any(number in level.rotas for level in p.levels)]
        feed = f"https://{self.writer.subdomain}.pagerduty.com/private/"
        return {
            **self.writer.heading("schedule", one.id, stem),
            "name": f"Rota {leaf(stem, '/name')}",
            "description": leaf(stem, "/description") if number % 2 else None,
            "time_zone": one.zone.key,
            "http_cal_url": feed + leaf(stem, "/http_cal_url"),
            "web_cal_url": feed + leaf(stem, "/web_cal_url"),
            "escalation_policies": [
                self.writer.reference("escalation_policy", p.id, stem, f"/escalation_policies/{n}")
                for n, p in enumerate(using)
            ],
            "users": [
                self.writer.reference("user", made.people[person].id, stem, f"/users/{n}")
                for n, person in enumerate(members)
            ],
            "teams": self._teams(one.team, stem),
            **RotaRenderer(made, self.writer, one, stem, shape).parts(),
        }
