"""Changes that a test makes to an account between two collections."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sandbox import instants
from sandbox.account.account import Account
from sandbox.account.listing import Json
from sandbox.account.live_listing import LiveListing
from sandbox.canaries import token
from sandbox.errors import BadFieldError

_COLLECTIONS = {
    "delete_service": "services",
    "change_priority": "incidents",
    "add_log_entry": "log_entries",
}


@dataclass(slots=True)
class Edit:
    """`id` names the object to delete, to change or to copy; without one it is the first that
    everybody sees. `change_priority` is of an incident, to the id in `priority` or to none.
    """

    kind: str
    id: str | None
    priority: str | None

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Edit":
        """Raises BadFieldError for an unknown kind."""
        if body.get("kind") not in _COLLECTIONS:
            raise BadFieldError("kind")
        return cls(body["kind"], body.get("id"), body.get("priority"))


@dataclass(slots=True)
class Editor:
    account: Account
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def apply(self, edit: Edit) -> str:
        """The id of the object. Raises BadFieldError if no object has the id."""
        listing = self.account.listings[_COLLECTIONS[edit.kind]]
        position = _position(listing, edit)
        found = listing.identify(position)
        if edit.kind == "delete_service":
            listing.remove(position)
        elif edit.kind == "change_priority":
            listing.change(position, {"priority": _reference(edit.priority)})
        else:
            found = self._add(listing, position)
        return found

    def _add(self, listing: LiveListing, model: int) -> str:
        """A copy of the model with an id as long as its own, at the end of the account."""
        old, at = listing.identify(model), self.account.as_of
        text = token(f"added/{next(self._numbers)}", 13) * 2
        new = (old[0] + text)[: len(old)].replace("Y", "8")
        changes: Json = {"id": new, "created_at": instants.show(at), "type": "annotate_log_entry"}
        listing.add(model, changes, at)
        return new


def _position(listing: LiveListing, edit: Edit) -> int:
    if edit.id is None:
        return listing.select(sees_private=False)[0]
    position = listing.find(edit.id, sees_private=True)
    if position is None:
        raise BadFieldError("id")
    return position


def _reference(priority: str | None) -> Json | None:
    return {"id": priority, "type": "priority"} if priority else None
