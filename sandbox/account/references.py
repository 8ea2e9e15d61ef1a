"""Reference objects, every text of which carries its own canary."""

from dataclasses import dataclass

from sandbox.canaries import Mint, leaf

API = "https://api.pagerduty.com"

Json = dict[str, object]

_LABELS = {
    "user": "Responder",
    "service": "Service",
    "team": "Team",
    "schedule": "Rota",
    "schedule_v3": "Rota",
    "escalation_policy": "Policy",
    "incident": "[#1] Disk full on",
    "priority": "P",
    "log_entry": "Triggered by",
    "business_service": "Product",
    "maintenance_window": "Patching",
    "change_event": "Deployed",
}
_PATHS = {
    "user": "users",
    "service": "services",
    "team": "teams",
    "schedule": "schedules",
    "schedule_v3": "v3/schedules",
    "escalation_policy": "escalation_policies",
    "incident": "incidents",
    "priority": "priorities",
    "log_entry": "log_entries",
    "business_service": "business_services",
    "maintenance_window": "maintenance_windows",
    "change_event": "change_events",
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the parts that many objects share; `stem` is the canary stem of the object."""

    mint: Mint
    subdomain: str

    def reference(self, kind: str, object_id: str, stem: str, at: str) -> Json:
        """`at` is the JSON pointer of the reference within the object of `stem`."""
        path = f"{_PATHS[kind]}/{object_id}"
        return {
            "id": object_id,
            "type": f"{kind}_reference",
            "summary": f"{_LABELS[kind]} {leaf(stem, at + '/summary')}",
            "self": f"{API}/{path}?{leaf(stem, at + '/self')}",
            "html_url": self.page(path, stem, at + "/html_url"),
        }

    def heading(self, kind: str, object_id: str, stem: str) -> Json:
        """The same keys for the object itself."""
        return {**self.reference(kind, object_id, stem, ""), "type": kind}

    def feed(self, stem: str, at: str) -> str:
        """A private calendar: its address is enough to read it."""
        return f"https://{self.subdomain}.pagerduty.com/private/{leaf(stem, at)}"

    def page(self, path: str, stem: str, at: str) -> str:
        return f"https://{self.subdomain}.pagerduty.com/{path}?{leaf(stem, at)}"
