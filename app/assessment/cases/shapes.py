"""The shape of an incident's log: its steps without times, ids and people.

100,000 incidents have a few hundred shapes; what depends on the shape alone is found once.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases import log_types
from app.assessment.cases.log_types import ACKNOWLEDGE, ESCALATE, KNOWN, RANK, RETRIGGER, UNRANKED

_TYPES: Sequence[str | None] = (None, *KNOWN)
"""None for a type that PagerDuty does not document."""
CODE = {word: code for code, word in enumerate(_TYPES) if word is not None}
RANKS: NDArray[np.int64] = np.array(
    [UNRANKED if word is None else RANK.get(word, UNRANKED) for word in _TYPES], dtype=np.int64
)
"""By code."""
_TYPE_BITS = 63
HUMAN = 64
"""Added to the code of a step that a user took (C7)."""
TIMEOUT = 128
"""Added to the code of a step by one of PagerDuty's timers."""
_PASSIVE = frozenset({log_types.TRIGGER, *ACKNOWLEDGE})


class Move(NamedTuple):
    """A step that changes whether anybody owns the incident."""

    step: int
    owned: bool
    by_hand: bool | None
    """For a lost acknowledgement: whether a person took it back, and not a timer."""


class Shape(NamedTuple):
    """Steps are named by their position in the log."""

    codes: bytes
    """One code for each step."""
    acks: tuple[int, ...]
    """Acknowledgements by people."""
    assigns: tuple[int, ...]
    moves: tuple[Move, ...]
    first_trigger: int | None
    last_resolve: int | None
    resolves: int
    resolved_by_person: bool
    """The last resolve is a person's."""
    urgency_changed: bool
    escalated: bool
    """It has an escalation or a repeat of the escalation path."""
    acted_on: bool
    """A person did more than trigger and acknowledge; undocumented types do not count (C6)."""


def shape_of(codes: bytes) -> Shape:
    types = [_TYPES[code & _TYPE_BITS] for code in codes]
    by_user = [bool(code & HUMAN) for code in codes]
    by_person = [bool(code & HUMAN) and not code & TIMEOUT for code in codes]
    positions: dict[str | None, list[int]] = {}
    for step, kind in enumerate(types):
        positions.setdefault(kind, []).append(step)
    triggers = positions.get(log_types.TRIGGER, [])
    resolves = positions.get(log_types.RESOLVE, [])
    return Shape(
        codes=codes,
        acks=tuple(s for s, kind in enumerate(types) if kind in ACKNOWLEDGE and by_user[s]),
        assigns=tuple(positions.get(log_types.ASSIGN, ())),
        moves=_moves(types, by_user, by_person),
        first_trigger=triggers[0] if triggers else None,
        last_resolve=resolves[-1] if resolves else None,
        resolves=len(resolves),
        resolved_by_person=bool(resolves) and by_person[resolves[-1]],
        urgency_changed=log_types.URGENCY_CHANGE in positions,
        escalated=not ESCALATE.isdisjoint(positions),
        acted_on=any(
            person and kind is not None and kind not in _PASSIVE
            for kind, person in zip(types, by_person, strict=True)
        ),
    )


def _moves(
    types: Sequence[str | None], by_user: Sequence[bool], by_person: Sequence[bool]
) -> tuple[Move, ...]:
    """Acknowledgements by automation are left out: no person took the incident with them."""
    found = []
    for step, kind in enumerate(types):
        if kind in RETRIGGER:
            by_hand = by_person[step] if kind == log_types.UNACKNOWLEDGE else None
            found.append(Move(step, owned=False, by_hand=by_hand))
        elif kind in ACKNOWLEDGE and by_user[step]:
            found.append(Move(step, owned=True, by_hand=None))
    return tuple(found)
