"""Services of a generated company as REST objects."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox import instants
from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.model import Service
from sandbox.account.organisation import UNKNOWN_URGENCY_RULE
from sandbox.canaries import leaf

AUTO_PAUSE = "auto_pause_notifications_parameters"
_HOURS_ZONES = (
    "Eastern Time (US & Canada)",
    "Europe/Berlin",
    "Pacific Time (US & Canada)",
    "London",
)


def _constant(urgency: str) -> Json:
    return {"type": "constant", "urgency": urgency}


def _urgency(one: Service, number: int) -> Json:
    """The urgency rule, with support hours where it depends on them."""
    if one.urgency != "support_hours":
        rule = _constant(one.urgency)
        if one.urgency == UNKNOWN_URGENCY_RULE:
            rule = {"type": UNKNOWN_URGENCY_RULE}
        return {"incident_urgency_rule": rule, "support_hours": None, "scheduled_actions": []}
    action: Json = {
        "type": "urgency_change",
        "at": {"type": "named_time", "name": "support_hours_start"},
        "to_urgency": "high",
    }
    return {
        "incident_urgency_rule": {
            "type": "use_support_hours",
            "during_support_hours": _constant("high"),
            "outside_support_hours": _constant("low"),
        },
        "support_hours": {
            "type": "fixed_time_per_day",
            "time_zone": _HOURS_ZONES[number // 5 % len(_HOURS_ZONES)],
            "start_time": "09:00:00",
            "end_time": "17:00:00",
            "days_of_week": [1, 2, 3, 4, 5],
        },
        "scheduled_actions": [action],
    }


def _grouping(number: int, stem: str) -> Json | None:
    content: Json = {
        "aggregate": "all",
        "fields": [leaf(stem, "/alert_grouping_parameters/config/fields/0")],
        "time_window": 900,
    }
    kinds: tuple[Json | None, ...] = (
        None,
        {"type": None, "config": None},
        {"type": "time", "config": {"timeout": 300}},
        {"type": "intelligent", "config": {"time_window": 600, "recommended_time_window": 300}},
        {"type": "content_based", "config": content},
    )
    return kinds[number % len(kinds)]


@dataclass(frozen=True, slots=True)
class Services:
    company: Company
    last_incident: Sequence[int]

    def listing(self) -> Listing:
        """Those that still exist: incidents may name others."""
        live = [one for one in self.company.organisation.services if not one.deleted]
        ids, owners = [one.id for one in live], [one.team for one in live]
        return self.company.listing("services", ids, self.render, owners)

    def render(self, number: int, shape: Shape) -> Json:
        made, writer = self.company.organisation, self.company.writer
        one = made.services[number]
        stem = writer.mint.stem("service", one.id)
        policy = made.policies[one.policy].id
        last = self.last_incident[number]
        body = {
            **writer.heading("service", one.id, stem),
            "name": f"Service {leaf(stem, '/name')}",
            "description": leaf(stem, "/description") if number % 4 else None,
            "created_at": instants.show_eastern(one.created),
            "status": ("active", "warning", "critical", "active", "disabled")[number % 5],
            "last_incident_timestamp": instants.show_eastern(last) if last else None,
            "acknowledgement_timeout": one.ack_timeout,
            "auto_resolve_timeout": one.auto_resolve,
            "escalation_policy": writer.reference(
                "escalation_policy", policy, stem, "/escalation_policy"
            ),
            "teams": [self.company.team(one.team, stem)],
            "integrations": [
                self._integration(number, n, stem) for n in range((1, 2, 0)[number % 3])
            ],
            "addons": [],
            "alert_creation": "create_alerts_and_incidents",
            "alert_grouping_parameters": _grouping(number, stem),
            "response_play": None,
            **_urgency(one, number),
        }
        if AUTO_PAUSE in shape.includes:
            body[AUTO_PAUSE] = {
                "enabled": number % 4 == 0,
                "timeout": 300 if number % 4 == 0 else 0,
            }
        return body

    def _integration(self, service: int, number: int, stem: str) -> Json:
        integration = self.company.names.configured("integration", service * 8 + number)
        at = f"/integrations/{number}"
        owner = self.company.organisation.services[service].id
        where = f"services/{owner}/integrations/{integration}"
        return {
            "id": integration,
            "type": "events_api_v2_inbound_integration_reference",
            "summary": f"Events for {leaf(stem, f'{at}/summary')}",
            "self": f"https://api.pagerduty.com/{where}?{leaf(stem, f'{at}/self')}",
            "html_url": self.company.writer.page(where, stem, f"{at}/html_url"),
        }
