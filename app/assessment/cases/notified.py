"""Whom the incidents notified and how, side by side (INT-01)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases.case import Case
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
Numbers = NDArray[np.int64]
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

    def __init__(self, cases: Sequence[Case], since: int, until: int) -> None:
        self._since, self._until = since, until
        sent = [case.timeline.notices for case in cases]
        notices = list(chain.from_iterable(sent))
        numbers = np.repeat(np.arange(len(cases)), list(map(len, sent)))
        at = np.fromiter(map(attrgetter("created_at"), notices), np.int64, len(notices))
        named = map(attrgetter("notification"), notices)
        channels = np.fromiter(map(_CODES.get, named, repeat(_UNKNOWN)), np.int64, len(notices))
        inside = (since <= at) & (at < until)
        counts = np.bincount(
            (numbers * len(ALL_CHANNELS) + channels)[inside],
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
            self.pages = _of_notices(notices, numbers, at, interrupts)
        """By push, text or call; a mail interrupts no person."""

    def _first_acks(self, cases: Iterable[Case]) -> Iterable[_Page]:
        """The first acknowledgement of each incident by a person in the stretch."""
        for case in cases:
            first = next(filter(self._counts, case.timeline.acks), None)
            if first is not None and first.agent_id is not None:
                yield case.number, first.created_at, first.agent_id

    def _counts(self, ack: LogEntry) -> bool:
        return ack.agent_id is not None and self._since <= ack.created_at < self._until


def _of_notices(
    notices: Sequence[LogEntry], numbers: Numbers, at: Numbers, interrupts: NDArray[np.bool_]
) -> Pages:
    chosen = np.flatnonzero(interrupts)
    persons = [notices[place].user_id for place in chosen.tolist()]
    if None in persons:
        chosen = chosen[[person is not None for person in persons]]
    named = [person for person in persons if person is not None]
    return _pages(numbers[chosen], at[chosen], named)


def _pages(
    incidents: Sequence[int] | Numbers, times: Sequence[int] | Numbers, persons: Sequence[bytes]
) -> Pages:
    people = sorted(set(persons))
    code = {person: position for position, person in enumerate(people)}
    who = np.fromiter(map(code.__getitem__, persons), np.int64, len(persons))
    at, incident = np.array(times, dtype=np.int64), np.array(incidents, dtype=np.int64)
    order = np.lexsort((at, who))
    return Pages(people, who[order], at[order], incident[order])
