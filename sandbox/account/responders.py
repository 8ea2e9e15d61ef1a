"""People requested to join an incident beyond those its policy pages."""

from dataclasses import dataclass

from sandbox import instants
from sandbox.account.listing import Json
from sandbox.account.model import Incident, Organisation
from sandbox.account.names import Names
from sandbox.account.references import Writer
from sandbox.canaries import leaf

_EVERY = 31
_STATES = ("joined", "declined", "pending", "joined", "user_cancelled", "on_the_way")
"""The last is a word that no document knows."""


@dataclass(frozen=True, slots=True)
class Responders:
    organisation: Organisation
    names: Names
    writer: Writer

    def of(self, number: int, row: Incident, incident: str, stem: str) -> Json:
        """`incidents_responders` and `responder_requests`: two people for one in 31."""
        if number % _EVERY != _EVERY // 2:
            return {"incidents_responders": [], "responder_requests": []}
        at = row.created + 4 * instants.MINUTE
        people = [(number // _EVERY + n) % len(self.organisation.people) for n in range(2)]
        responders = [
            self._responder(n, person, at, (incident, stem, f"/incidents_responders/{n}"))
            for n, person in enumerate(people)
        ]
        return {
            "incidents_responders": responders,
            "responder_requests": [self._request(number, people[0], at, (incident, stem))],
        }

    def _user(self, person: int, stem: str, at: str) -> Json:
        return self.writer.reference("user", self.organisation.people[person].id, stem, at)

    def _responder(self, n: int, person: int, at: int, where: tuple[str, str, str]) -> Json:
        incident, stem, pointer = where
        return {
            "state": _STATES[(at // instants.SECOND + n) % len(_STATES)],
            "user": self._user(person, stem, f"{pointer}/user"),
            "incident": self.writer.reference("incident", incident, stem, f"{pointer}/incident"),
            "updated_at": instants.show(at + (n + 1) * instants.MINUTE),
            "message": leaf(stem, f"{pointer}/message"),
            "requester": self._user(0, stem, f"{pointer}/requester"),
            "requested_at": instants.show(at),
            "escalation_policy_requests": [leaf(stem, f"{pointer}/escalation_policy_requests/0")],
        }

    def _request(self, number: int, person: int, at: int, where: tuple[str, str]) -> Json:
        (incident, stem), pointer = where, "/responder_requests/0"
        target_at = f"{pointer}/responder_request_targets/0"
        nested = self._responder(0, person, at, (*where, f"{target_at}/incident_responders/0"))
        target: Json = {
            "type": "user",
            "id": self.organisation.people[person].id,
            "summary": leaf(stem, f"{target_at}/summary"),
            "incident_responders": [nested],
        }
        return {
            "id": self.names.configured("responder_request", number),
            "incident": self.writer.reference("incident", incident, stem, f"{pointer}/incident"),
            "requester": self._user(0, stem, f"{pointer}/requester"),
            "requested_at": instants.show(at),
            "message": leaf(stem, f"{pointer}/message"),
            "responder_request_targets": [target],
        }
