"""Log entries: by far the most rows, read once beside their assignees."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from app.assessment.rows import Ids, LogEntry
from app.operations.assessments.facts.tables import Records, words
from collectors.vocabularies import ACTOR, CHANNEL, LOG_ENTRY, NOTIFICATION

_NOBODY: Ids = ()


def log_entries(records: Records) -> list[LogEntry]:
    """Steps of the incidents; entries of no incident are left out.

    Both tables come in the order of the entry's id and are merged as they are read. A pseudonym
    that comes again is the same object: a million entries fit into a quarter of the memory.
    """
    types, actors, channels = LOG_ENTRY.by_code(), words(ACTOR), words(CHANNEL)
    notifications = words(NOTIFICATION)
    known: dict[Any, Any] = {}
    same = known.setdefault
    assigned = _Assignees(records)
    rows = records.rows(
        "log_entry",
        "id",
        "incident_id",
        "created_at",
        "type",
        "agent_type",
        "agent_id",
        "channel_type",
        "channel_notification_type",
        "user_id",
    )
    return [
        LogEntry(
            entry,
            same(incident, incident),
            at,
            types[kind],
            actors[actor],
            same(agent, agent),
            channels[channel],
            assigned.to(entry) if entry >= assigned.next else _NOBODY,
            notifications[notification],
            same(user, user),
        )
        for entry, incident, at, kind, actor, agent, channel, notification, user in rows
        if incident is not None
    ]


class _Assignees:
    """Assignees by entry, read forwards; each set of people is one object."""

    _END = b"\xff" * 17
    """Behind every pseudonym."""

    def __init__(self, records: Records) -> None:
        self._groups = self._read(records)
        self._sets: dict[Ids, Ids] = {}
        self.next = b""
        self._people: Ids = ()
        self._advance()

    def to(self, entry: bytes) -> Ids:
        """Assignees of an entry; entries are asked for in the order of their ids."""
        while self.next < entry:
            self._advance()
        return self._people if self.next == entry else _NOBODY

    def _advance(self) -> None:
        self.next, people = next(self._groups, (self._END, _NOBODY))
        self._people = self._sets.setdefault(people, people)

    @staticmethod
    def _read(records: Records) -> Iterator[tuple[bytes, Ids]]:
        rows = records.rows_of_any_parent("log_entry_assignee", "log_entry_id", "id")
        for entry, group in groupby(rows, itemgetter(0)):
            yield entry, tuple(user for _, user in group if user is not None)
