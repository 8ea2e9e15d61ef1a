"""Incidents of a generated account as REST objects."""

from dataclasses import dataclass

from sandbox import instants
from sandbox.account.history import History
from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.model import Incident, Organisation
from sandbox.account.names import Names
from sandbox.account.references import Writer
from sandbox.account.responders import Responders
from sandbox.canaries import leaf


@dataclass(frozen=True, slots=True)
class Incidents:
    organisation: Organisation
    history: History
    names: Names
    writer: Writer

    def listing(self) -> Listing:
        made, rows = self.organisation, self.history.incidents
        return Listing(
            "incidents",
            len(rows),
            self.render,
            self.id_of,
            private=lambda n: made.teams[made.services[rows[n].service].team].private,
            times=[row.created for row in rows],
        )

    def id_of(self, number: int) -> str:
        return self.names.recorded("incident", number)

    def render(self, number: int, _: Shape) -> Json:
        row = self.history.incidents[number]
        show = instants.show_eastern if number % 13 == 0 else instants.show
        incident_id = self.id_of(number)
        stem = self.writer.mint.stem("incident", incident_id)
        body = self.writer.heading("incident", incident_id, stem)
        body["summary"] = f"[#{number + 1}] Disk full on {leaf(stem, '/summary')}"
        body.update(
            incident_number=number + 1,
            title=f"Disk full on {leaf(stem, '/title')}",
            description=f"Only 2 % left on {leaf(stem, '/description')}",
            created_at=show(row.created),
            updated_at=show(row.changed) if number % 53 != 11 else None,
            status=row.status,
            urgency="high" if row.high else "low",
            incident_key=leaf(stem, "/incident_key"),
            assigned_via=_assigned_via(number, row),
            last_status_change_at=show(row.changed),
            resolved_at=show(row.resolved) if row.resolved else None,
            is_mergeable=row.status != "resolved",
            incident_type={"name": "incident_default"} if number % 43 != 2 else None,
            alert_counts=_alerts(row) if number % 59 != 7 else None,
            alert_grouping=_grouping(row) if number % 37 == 1 else None,
            pending_actions=_pending(row),
            **Responders(self.organisation, self.names, self.writer).of(
                number, row, incident_id, stem
            ),
            body=_body(stem),
            conference_bridge={
                "conference_number": f"+1-415-555-1212,,{leaf(stem, '/conference_bridge/number')}",
                "conference_url": f"https://meet.example/{leaf(stem, '/conference_bridge/url')}",
            },
            **self._people(row, stem),
            **self._related(number, row, stem),
        )
        return body

    def _people(self, row: Incident, stem: str) -> Json:
        people = self.organisation.people
        return {
            "assignments": [
                {
                    "at": instants.show(row.assigned_at),
                    "assignee": self.writer.reference(
                        "user", people[person].id, stem, f"/assignments/{n}/assignee"
                    ),
                }
                for n, person in enumerate(row.assigned)
            ],
            "acknowledgements": [
                {
                    "at": instants.show(at),
                    "acknowledger": self.writer.reference(
                        "user", people[person].id, stem, f"/acknowledgements/{n}/acknowledger"
                    ),
                }
                for n, (person, at) in enumerate(row.acked)
            ],
            "last_status_change_by": self._agent(row, stem),
        }

    def _agent(self, row: Incident, stem: str) -> Json:
        if row.changed_by < 0:
            service = self.organisation.services[row.service]
            return self.writer.reference("service", service.id, stem, "/last_status_change_by")
        person = self.organisation.people[row.changed_by]
        return self.writer.reference("user", person.id, stem, "/last_status_change_by")

    def _related(self, number: int, row: Incident, stem: str) -> Json:
        made, reference = self.organisation, self.writer.reference
        service = made.services[row.service]
        trigger = self.names.recorded("log_entry", self.history.first_trigger[number])
        related: Json = {
            "service": reference("service", service.id, stem, "/service"),
            "escalation_policy": reference(
                "escalation_policy", made.policies[service.policy].id, stem, "/escalation_policy"
            ),
            "teams": [reference("team", made.teams[service.team].id, stem, "/teams/0")],
            "first_trigger_log_entry": {
                **reference("log_entry", trigger, stem, "/first_trigger_log_entry"),
                "type": "trigger_log_entry_reference",
            },
            "priority": None,
            "resolve_reason": None,
        }
        if row.priority >= 0:
            related["priority"] = self._priority(row.priority, stem)
        if row.merged:
            target = reference("incident", self.id_of(number - 1), stem, "/resolve_reason/incident")
            related["resolve_reason"] = {"type": "merge_resolve_reason", "incident": target}
        return related

    def _priority(self, position: int, stem: str) -> Json:
        priority = self.organisation.priorities[position]
        return {
            **self.writer.reference("priority", priority, stem, "/priority"),
            "type": "priority",
            "name": f"P{position + 1} {leaf(stem, '/priority/name')}",
            "description": leaf(stem, "/priority/description"),
        }


def _assigned_via(number: int, row: Incident) -> str | None:
    if number % 67 == 13:
        return None
    return "direct_assignment" if row.direct else "escalation_policy"


def _grouping(row: Incident) -> Json:
    return {
        "grouping_type": "advanced",
        "started_at": instants.show(row.created),
        "ended_at": None,
        "alert_grouping_active": row.status != "resolved",
    }


def _pending(row: Incident) -> list[Json]:
    if row.status == "resolved":
        return []
    return [{"type": "resolve", "at": instants.show(row.changed + 4 * instants.HOUR)}]


def _body(stem: str) -> Json:
    details = {leaf(stem, "/body/details/key"): leaf(stem, "/body/details/value")}
    return {"type": "incident_body", "details": details}


def _alerts(row: Incident) -> Json:
    resolved = row.alerts if row.status == "resolved" else 0
    return {"all": row.alerts, "triggered": row.alerts - resolved, "resolved": resolved}
