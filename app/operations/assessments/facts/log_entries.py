"""Log entries: by far the most rows, read once beside their assignees."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any

from app.assessment.rows import Ids, LogEntry
from app.operations.assessments.facts.tables import Records, words
from collectors.vocabularies import ACTOR, CHANNEL, LOG_ENTRY, NOTIFICATION, PLANNED_ACTION

_NOBODY: Ids = ()
_UNACKNOWLEDGE = PLANNED_ACTION.codes()["unacknowledge"]
_COLUMNS = (
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


def log_entries(records: Records) -> list[LogEntry]:
    """Steps of the incidents; entries of no incident are left out."""
    entries_of = _Entries(_assignees(records), _snoozed_until(records)).of
    found: list[LogEntry] = []
    for chunk in records.chunks("log_entry", *_COLUMNS):
        found += entries_of(chunk)
    return found


class _Entries:
    """Rows of columns to entries, without a loop of Python's own: there are a million rows.

    A person who comes again is the same object, which saves memory; an incident is not, since
    the look for it takes longer than all else here.
    """

    def __init__(self, assignees: dict[bytes, Ids], snoozed_until: Mapping[bytes, int]) -> None:
        self._assignees = assignees
        self._snoozed_until = snoozed_until
        self._types = LOG_ENTRY.by_code()
        self._actors, self._channels = words(ACTOR), words(CHANNEL)
        self._notifications = words(NOTIFICATION)
        self._known: dict[Any, Any] = {}

    def of(self, chunk: Sequence[Any]) -> Iterator[LogEntry]:
        """The entries of one chunk of rows."""
        rows = [row for row in chunk if row[1] is not None]
        if not rows:
            return iter(())
        same = self._known.setdefault
        ids, incidents, at, types, actors, agents, channels, notifications, users = zip(
            *rows, strict=True
        )
        fields = zip(
            ids,
            incidents,
            at,
            map(self._types.__getitem__, types),
            map(self._actors.__getitem__, actors),
            map(same, agents, agents),
            map(self._channels.__getitem__, channels),
            map(self._assignees.get, ids, repeat(_NOBODY)),
            map(self._notifications.__getitem__, notifications),
            map(same, users, users),
            map(self._snoozed_until.get, ids),
            strict=False,
        )
        # As LogEntry._make, which is a function written in Python.
        return map(tuple.__new__, repeat(LogEntry), fields)


def _snoozed_until(records: Records) -> Mapping[bytes, int]:
    """By entry when its snooze ends: it moves the end of the acknowledgement there."""
    rows = records.rows_of_any_parent("log_entry_action", "log_entry_id", "type", "at")
    return {entry: at for entry, kind, at in rows if kind == _UNACKNOWLEDGE and at is not None}


def _assignees(records: Records) -> dict[bytes, Ids]:
    """People by entry; each set of people is one object."""
    sets: dict[Ids, Ids] = {}
    found = {}
    rows = records.rows_of_any_parent("log_entry_assignee", "log_entry_id", "id")
    for entry, group in groupby(rows, itemgetter(0)):
        people = tuple(user for _, user in group if user is not None)
        found[entry] = sets.setdefault(people, people)
    return found
