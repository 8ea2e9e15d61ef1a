"""Log entries of a generated account as REST objects.

What each type and channel adds is the developer documentation's ("Log Entries" and schema
`Channel`); contents beyond `channel.type` are sent always, so that they must be dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox import instants
from sandbox.account.incidents import Incidents
from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.model import LogEntry
from sandbox.canaries import leaf

_MEANS = ("push_notification", "phone_notification", "sms_notification", "email_notification")
_DEFAULT_ACK_SECONDS = 1800

Channel = Callable[[str], Json]


def _text(*names: str) -> Channel:
    return lambda stem: {name: leaf(stem, f"/channel/{name}") for name in names}


def _api(stem: str) -> Json:
    details = {leaf(stem, "/channel/details/key"): leaf(stem, "/channel/details/value")}
    return {
        **_text("summary", "service_key", "description", "incident_key", "subject")(stem),
        "details": details,
    }


def _email(stem: str) -> Json:
    return {
        **_text("summary", "subject", "body", "raw_url", "html_url")(stem),
        "from": f"{leaf(stem, '/channel/from')}@example.com",
        "to": f"{leaf(stem, '/channel/to')}@example.com",
        "body_content_type": "text/plain",
    }


_CHANNELS: dict[str, Channel] = {
    "api": _api,
    "email": _email,
    "nagios": _text("summary", "host", "service", "state"),
    "web_trigger": _text("summary", "subject", "details"),
    "note": _text("summary"),
}


@dataclass(frozen=True, slots=True)
class LogEntries:
    incidents: Incidents

    def listing(self) -> Listing:
        made = self.incidents.organisation
        rows = self.incidents.history.log_entries
        owners = [made.services[one.service].team for one in self.incidents.history.incidents]
        return Listing(
            "log_entries",
            len(rows),
            self.render,
            self.id_of,
            private=lambda n: made.teams[owners[rows[n].incident]].private,
            times=[row.at for row in rows],
            newest_first=True,
        )

    def id_of(self, number: int) -> str:
        return self.incidents.names.recorded("log_entry", number)

    def render(self, number: int, _: Shape) -> Json:
        row = self.incidents.history.log_entries[number]
        made, writer = self.incidents.organisation, self.incidents.writer
        entry_id = self.id_of(number)
        stem = writer.mint.stem("log_entry", entry_id)
        service = made.services[self.incidents.history.incidents[row.incident].service]
        body = writer.heading("log_entry", entry_id, stem)
        body.update(
            type=row.type,
            created_at=(instants.show_eastern if number % 17 == 0 else instants.show)(row.at),
            agent=self._agent(row, service.id, stem),
            channel=self._channel(row, stem),
            incident=writer.reference(
                "incident", self.incidents.id_of(row.incident), stem, "/incident"
            ),
            service=writer.reference("service", service.id, stem, "/service"),
            teams=[writer.reference("team", made.teams[service.team].id, stem, "/teams/0")],
            contexts=[],
        )
        body.update(self._extras(row, stem))
        return _thinned(number, row, body)

    def _agent(self, row: LogEntry, service: str, stem: str) -> Json:
        if row.agent < 0:
            return self.incidents.writer.reference("service", service, stem, "/agent")
        return self._user(row.agent, stem, "/agent")

    def _user(self, person: int, stem: str, at: str) -> Json:
        user = self.incidents.organisation.people[person].id
        return self.incidents.writer.reference("user", user, stem, at)

    def _channel(self, row: LogEntry, stem: str) -> Json:
        channel: Json = {"type": row.channel}
        if row.channel in _CHANNELS:
            channel.update(_CHANNELS[row.channel](stem))
        if row.seconds:
            channel["duration"] = row.seconds
        if row.type == "notify_log_entry":
            channel["notification"] = {
                "type": _MEANS[row.at // instants.SECOND % len(_MEANS)],
                "address": f"+1555{leaf(stem, '/channel/notification/address')}",
                "status": "success",
                "started_at": instants.show(row.at),
                "user": self._user(row.people[0], stem, "/channel/notification/user"),
            }
        return channel

    def _extras(self, row: LogEntry, stem: str) -> Json:
        """The keys that only this type has."""
        extra: Json = {}
        match row.type:
            case "trigger_log_entry":
                extra = _trigger(stem)
            case "acknowledge_log_entry":
                extra = {"acknowledgement_timeout": _DEFAULT_ACK_SECONDS}
            case "assign_log_entry" | "escalate_log_entry" | "delegate_log_entry":
                people = enumerate(row.people)
                extra = {"assignees": [self._user(p, stem, f"/assignees/{n}") for n, p in people]}
            case "notify_log_entry":
                extra = {"user": self._user(row.people[0], stem, "/user")}
            case "annotate_log_entry":
                extra = {"note": leaf(stem, "/note")}
            case "snooze_log_entry":
                until = instants.show(row.at + row.seconds * instants.SECOND)
                extra = {"changed_actions": [{"type": "unacknowledge", "at": until}]}
            case "field_value_change_log_entry":
                extra = {"changeset": [f"Updated room to {leaf(stem, '/changeset/0')}"]}
        return extra


def _thinned(number: int, row: LogEntry, body: Json) -> Json:
    """Now and then an optional field is null or absent."""
    if number % 97 == 3:
        del body["service"]
    if number % 101 == 5:
        body["teams"] = None
    if number % 103 == 7 and row.type == "notify_log_entry":
        body["agent"] = None
    return body


def _trigger(stem: str) -> Json:
    link = {
        "type": "link",
        "href": f"https://wiki.example/{leaf(stem, '/contexts/0/href')}",
        "text": leaf(stem, "/contexts/0/text"),
    }
    details = {"description": leaf(stem, "/event_details/description")}
    return {"event_details": details, "contexts": [link]}
