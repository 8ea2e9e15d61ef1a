"""Whom the incidents notified and how, side by side (INT-01)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases.case import Case
from app.assessment.cases.logs import Logs, Notices, Numbers
from app.assessment.rows import LogEntry

CHANNELS: Mapping[str | None, str] = {
    "push_notification": "push",
    "sms_notification": "sms",
    "phone_notification": "phone",
    "email_notification": "email",
}
UNKNOWN = "unknown"
"""PagerDuty named no channel, or one that is not documented."""
ALL_CHANNELS = (*CHANNELS.values(), UNKNOWN)
_CODES = {word: ALL_CHANNELS.index(channel) for word, channel in CHANNELS.items()}
_UNKNOWN = ALL_CHANNELS.index(UNKNOWN)
_INTERRUPTS = list(map(ALL_CHANNELS.index, ("push", "sms", "phone")))
_Page = tuple[int, int, bytes]
"""Which incident, when, whom."""


class Pages(NamedTuple):
    """Arrays of one length, by person and time."""

    people: list[bytes]
    """Every person, in order."""
    who: NDArray[np.int64]
    """Positions in ``people``."""
    at: NDArray[np.int64]
    incident: NDArray[np.int64]
    """``Case.number``."""


class Notified:
    """What the incidents of population W sent in ``[since, until)``; not whether it arrived."""

    def __init__(self, cases: Sequence[Case], logs: Logs, since: int, until: int) -> None:
        self._since, self._until = since, until
        sent = logs.notices
        named = map(attrgetter("notification"), sent.entries)
        channels = np.fromiter(map(_CODES.get, named, repeat(_UNKNOWN)), np.int64, len(sent.at))
        self.of_unknown_channel = int(np.count_nonzero(channels == _UNKNOWN))
        """Notifications at any time."""
        self.total = len(sent.at)
        inside = (since <= sent.at) & (sent.at < until)
        counts = np.bincount(
            (sent.incident * len(ALL_CHANNELS) + channels)[inside],
            minlength=len(cases) * len(ALL_CHANNELS),
        )
        self.channels: NDArray[np.int64] = counts.reshape(len(cases), len(ALL_CHANNELS))
        """Notifications per incident and channel of ``ALL_CHANNELS``."""
        acks = [] if self.channels[:, :-1].any() else list(self._first_acks(cases))
        self.proxy = bool(acks)
        """Whether first acknowledgements stand in: no notification names its channel."""
        if acks:
            incidents, times, persons = zip(*acks, strict=True)
            self.pages = _pages(incidents, times, persons)
        else:
            interrupts = inside & np.isin(channels, _INTERRUPTS)
            self.pages = _of_notices(sent, interrupts)
        """By push, text or call; a mail interrupts no person."""

    def _first_acks(self, cases: Iterable[Case]) -> Iterable[_Page]:
        """The first acknowledgement of each incident by a person in the stretch."""
        for case in cases:
            first = next(filter(self._counts, case.timeline.acks), None)
            if first is not None and first.agent_id is not None:
                yield case.number, first.created_at, first.agent_id

    def _counts(self, ack: LogEntry) -> bool:
        return ack.agent_id is not None and self._since <= ack.created_at < self._until


def _of_notices(sent: Notices, interrupts: NDArray[np.bool_]) -> Pages:
    chosen = np.flatnonzero(interrupts)
    persons = [sent.entries[place].user_id for place in chosen.tolist()]
    if None in persons:
        chosen = chosen[[person is not None for person in persons]]
    named = [person for person in persons if person is not None]
    return _pages(sent.incident[chosen], sent.at[chosen], named)


def _pages(
    incidents: Sequence[int] | Numbers, times: Sequence[int] | Numbers, persons: Sequence[bytes]
) -> Pages:
    people = sorted(set(persons))
    code = {person: position for position, person in enumerate(people)}
    who = np.fromiter(map(code.__getitem__, persons), np.int64, len(persons))
    at, incident = np.array(times, dtype=np.int64), np.array(incidents, dtype=np.int64)
    order = np.lexsort((at, who))
    return Pages(people, who[order], at[order], incident[order])
