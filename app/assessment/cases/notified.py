"""Whom the incidents notified and how, side by side (INT-01)."""

from collections.abc import Iterable, Mapping, Sequence
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
"""PagerDuty named no channel, or one that nobody knows."""
ALL_CHANNELS = (*CHANNELS.values(), UNKNOWN)
_CODES = {word: ALL_CHANNELS.index(channel) for word, channel in CHANNELS.items()}
_UNKNOWN = ALL_CHANNELS.index(UNKNOWN)
_INTERRUPTS = frozenset(map(ALL_CHANNELS.index, ("push", "sms", "phone")))
_Page = tuple[int, int, bytes]
"""Which incident, when, whom."""


class Pages(NamedTuple):
    """Arrays of one length, by person and time."""

    people: list[bytes]
    """Everybody, in order."""
    who: NDArray[np.int64]
    """Places in ``people``."""
    at: NDArray[np.int64]
    incident: NDArray[np.int64]
    """``Case.number``."""


class Notified:
    """What the incidents of population W sent in ``[since, until)``; not whether it arrived."""

    def __init__(self, cases: Sequence[Case], since: int, until: int) -> None:
        self._since, self._until = since, until
        found: list[_Page] = []
        cells: list[int] = []
        for case in cases:
            number = case.number
            for entry in case.timeline.notices:
                at = entry.created_at
                if since <= at < until:
                    channel = _CODES.get(entry.notification, _UNKNOWN)
                    cells.append(number * len(ALL_CHANNELS) + channel)
                    if channel in _INTERRUPTS and entry.user_id is not None:
                        found.append((number, at, entry.user_id))
        counts = np.bincount(
            np.array(cells, dtype=np.int64), minlength=len(cases) * len(ALL_CHANNELS)
        )
        self.channels: NDArray[np.int64] = counts.reshape(len(cases), len(ALL_CHANNELS))
        """Notifications per incident and channel of ``ALL_CHANNELS``."""
        acks = [] if self.channels[:, :-1].any() else list(self._first_acks(cases))
        self.proxy = bool(acks)
        """Whether first acknowledgements stand in: no notification names its channel."""
        self.pages = _side_by_side(acks or found)
        """By push, text or call; a mail interrupts nobody."""

    def _first_acks(self, cases: Iterable[Case]) -> Iterable[_Page]:
        """The first acknowledgement of each incident by a person in the stretch."""
        for case in cases:
            first = next(filter(self._counts, case.timeline.acks), None)
            if first is not None and first.agent_id is not None:
                yield case.number, first.created_at, first.agent_id

    def _counts(self, ack: LogEntry) -> bool:
        return ack.agent_id is not None and self._since <= ack.created_at < self._until


def _side_by_side(found: Sequence[_Page]) -> Pages:
    people = sorted({person for _, _, person in found})
    code = {person: place for place, person in enumerate(people)}
    who = np.array([code[person] for _, _, person in found], dtype=np.int64)
    at = np.array([each for _, each, _ in found], dtype=np.int64)
    incident = np.array([each for each, _, _ in found], dtype=np.int64)
    order = np.lexsort((at, who))
    return Pages(people, who[order], at[order], incident[order])
