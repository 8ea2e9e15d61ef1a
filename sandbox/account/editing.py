"""Changes that a test makes to an account while it is being read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any

from sandbox import instants
from sandbox.account.account import Account
from sandbox.account.listing import Json
from sandbox.account.live_listing import LiveListing
from sandbox.canaries import token

_SINGULAR = {
    "service": "services",
    "escalation_policy": "escalation_policies",
    "schedule": "schedules",
    "schedule_v3": "schedules_v3",
    "priority": "priorities",
    "team": "teams",
    "user": "users",
    "business_service": "business_services",
    "maintenance_window": "maintenance_windows",
    "change_event": "change_events",
    "incident": "incidents",
    "log_entry": "log_entries",
}
_TIMES = {"incidents": "created_at", "log_entries": "created_at", "change_events": "timestamp"}
_VERBS = ("delete", "add", "change")


@dataclass(slots=True)
class Edit:
    """`kind` is a verb (delete, add, change) and an object, as in `delete_service`.

    `id` names the object to delete, to change or to copy; without one it is the first that
    everybody sees. `set` are keys to replace in its body, `at` is when an added one happened.
    `change_priority` is of an incident, to the id in `priority` or to none. With `path` the
    edit waits until `after` more requests of that path have been answered.
    """

    verb: str
    collection: str
    id: str | None
    set: Json
    at: int | None
    path: str | None
    after: int

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Edit":
        """Raises ValueError, naming the field, for what cannot be done."""
        verb, _, noun = str(body.get("kind")).partition("_")
        changes = body.get("set", {})
        if noun == "priority" and verb == "change":
            noun, changes = "incident", {"priority": _reference(body.get("priority"))}
        _need(verb in _VERBS and noun in _SINGULAR, "kind")
        page = body.get("after_page") or {}
        at = body.get("at")
        _need(isinstance(changes, dict), "set")
        _need(isinstance(page, dict) and isinstance(page.get("n", 1), int), "after_page")
        return cls(
            verb,
            _SINGULAR[noun],
            body.get("id"),
            changes,
            instants.parse(str(at)) if at else None,
            page.get("path"),
            page.get("n", 1),
        )


def _need(fine: bool, name: str) -> None:
    if not fine:
        raise ValueError(name)


def _reference(priority: object) -> Json | None:
    return {"id": priority, "type": "priority"} if priority else None


@dataclass(slots=True)
class Editor:
    """Applies edits to the account, at once or after a page."""

    account: Account
    _waiting: list[Edit] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _lock: Lock = field(default_factory=Lock)

    def submit(self, edit: Edit) -> str | None:
        """The id of the object; None for an edit that waits. Raises ValueError, naming `id`,
        where there is no such object."""
        if edit.path is None:
            return self._apply(edit)
        with self._lock:
            self._waiting.append(edit)
        return None

    def answered(self, path: str) -> None:
        """A request of `path` was answered."""
        if not self._waiting:
            return
        with self._lock:
            for one in self._waiting:
                one.after -= one.path == path
            due = [one for one in self._waiting if one.after <= 0]
            self._waiting = [one for one in self._waiting if one.after > 0]
        for one in due:
            self._apply(one)

    def _apply(self, edit: Edit) -> str:
        listing = self.account.listings[edit.collection]
        position = self._position(listing, edit)
        found = listing.identify(position)
        if edit.verb == "delete":
            listing.remove(position)
        elif edit.verb == "change":
            listing.change(position, edit.set)
        else:
            found = self._add(listing, position, edit)
        return found

    def _position(self, listing: LiveListing, edit: Edit) -> int:
        if edit.id is None:
            chosen = listing.select(sees_private=False)
            if not chosen:
                raise ValueError("id")
            return chosen[0]
        position = listing.find(edit.id, sees_private=True)
        if position is None:
            raise ValueError("id")
        return position

    def _add(self, listing: LiveListing, model: int, edit: Edit) -> str:
        """A copy of the model with an id as long as its own."""
        old = listing.identify(model)
        text = token(f"added/{next(self._numbers)}", 13) * 2
        new = str(edit.set.get("id") or (old[0] + text)[: len(old)].replace("Y", "8"))
        at = self.account.as_of if edit.at is None else edit.at
        changes: Json = {"id": new, **edit.set}
        key = _TIMES.get(edit.collection)
        if key:
            changes.setdefault(key, instants.show(at))
        if edit.collection == "log_entries":
            changes.setdefault("type", "annotate_log_entry")
        listing.add(model, changes, at)
        return new
