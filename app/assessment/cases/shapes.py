"""The shape of an incident's log: its steps without times, ids and people.

100,000 incidents have a few hundred shapes; what depends on the shape alone is found once.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.cases import log_types
from app.assessment.cases.log_types import (
    ACKNOWLEDGE,
    CHANGES_STATE,
    ESCALATE,
    HANDS_ON,
    KNOWN,
    RANK,
    REOPENS,
    RETRIGGER,
    SHOWS_OPEN,
    UNRANKED,
)

_TYPES: Sequence[str | None] = (None, *KNOWN)
"""None for a type that is not known."""
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
_TURNS = REOPENS | {log_types.RESOLVE}
_PASSIVE = frozenset({log_types.TRIGGER, *ACKNOWLEDGE})


class Move(NamedTuple):
    """A step that changes whether anybody owns the incident."""

    step: int
    owned: bool
    by_hand: bool | None
    """For a lost acknowledgement: whether a person took it back, and not a timer."""
    after_snooze: bool = False
    """The last step that changed the state was a snooze."""
    snooze: int | None = None
    """The last snooze before it."""


class Stretch(NamedTuple):
    """Steps between which an incident was open."""

    start: int | None
    """The step that opened it again; None for its creation."""
    end: int | None
    """The step that resolved it; None where none did."""


class Shape(NamedTuple):
    """Steps are named by their position in the log."""

    codes: bytes
    """One code for each step."""
    acks: tuple[int, ...]
    """Acknowledgements by people."""
    assigns: tuple[int, ...]
    moves: tuple[Move, ...]
    losses: tuple[Move, ...]
    """Those of the moves that took an acknowledgement back."""
    stretches: tuple[Stretch, ...]
    first_trigger: int | None
    last_resolve: int | None
    resolves: int
    resolved_by_person: bool
    """The last resolve is a person's."""
    resolved_by_timer: bool
    """The last resolve is PagerDuty's own."""
    reopened: bool
    """Resolved twice, opened again by an entry, or open again after a resolve."""
    ends_resolved: bool
    """Of what follows the first trigger, the last trigger, reopening or resolve is a resolve."""
    urgency_changes: tuple[int, ...]
    escalated: bool
    """It has an escalation or a repeat of the escalation path."""
    acts: tuple[int, ...]
    """What people did besides trigger and acknowledge; a step of unknown type counts too."""
    parts: tuple[int, ...]
    """Acknowledgements and acts by which a person takes part, and does not only hand it on."""


def shape_of(codes: bytes) -> Shape:
    types = [_TYPES[code & _TYPE_BITS] for code in codes]
    by_user = [bool(code & HUMAN) for code in codes]
    by_person = [bool(code & HUMAN) and not code & TIMEOUT for code in codes]
    acks = tuple(s for s, kind in enumerate(types) if kind in ACKNOWLEDGE and by_user[s])
    acts = tuple(s for s, kind in enumerate(types) if by_person[s] and kind not in _PASSIVE)
    positions: dict[str | None, list[int]] = {}
    for step, kind in enumerate(types):
        positions.setdefault(kind, []).append(step)
    triggers = positions.get(log_types.TRIGGER, [])
    resolves = positions.get(log_types.RESOLVE, [])
    moves, stretches = _moves(types, by_user, by_person), _stretches(types)
    reopened = len(resolves) > 1 or len(stretches) > 1 or log_types.REOPEN in positions
    turns = [kind for s, kind in enumerate(types) if kind in _TURNS and s not in triggers[:1]]
    return Shape(
        codes=codes,
        acks=acks,
        assigns=tuple(positions.get(log_types.ASSIGN, ())),
        moves=moves,
        losses=tuple(move for move in moves if move.by_hand is not None),
        stretches=stretches,
        first_trigger=triggers[0] if triggers else None,
        last_resolve=resolves[-1] if resolves else None,
        resolves=len(resolves),
        resolved_by_person=bool(resolves) and by_person[resolves[-1]],
        resolved_by_timer=bool(resolves) and bool(codes[resolves[-1]] & TIMEOUT),
        reopened=reopened,
        ends_resolved=bool(turns) and turns[-1] == log_types.RESOLVE,
        urgency_changes=tuple(positions.get(log_types.URGENCY_CHANGE, ())),
        escalated=not ESCALATE.isdisjoint(positions),
        acts=acts,
        parts=tuple(sorted((*acks, *(s for s in acts if types[s] not in HANDS_ON)))),
    )


def _moves(
    types: Sequence[str | None], by_user: Sequence[bool], by_person: Sequence[bool]
) -> tuple[Move, ...]:
    """Acknowledgements by automation are left out: no person took the incident with them."""
    found = []
    before: str | None = None
    snooze: int | None = None
    for step, kind in enumerate(types):
        if kind in RETRIGGER:
            by_hand = by_person[step] if kind == log_types.UNACKNOWLEDGE else None
            found.append(Move(step, False, by_hand, before == log_types.SNOOZE, snooze))
        elif kind in ACKNOWLEDGE and by_user[step]:
            found.append(Move(step, owned=True, by_hand=None))
        if kind in CHANGES_STATE:
            before = kind
        if kind == log_types.SNOOZE:
            snooze = step
    return tuple(found)


def _stretches(types: Sequence[str | None]) -> tuple[Stretch, ...]:
    """From creation to the first resolve, and from each reopening to the next resolve."""
    resolves = [step for step, kind in enumerate(types) if kind == log_types.RESOLVE]
    if (
        resolves
        and log_types.TRIGGER in types[resolves[0] :]
        and log_types.TRIGGER not in types[: resolves[0]]
    ):
        # Resolved before it was triggered: clocks disagree (C5), nothing came back.
        return (Stretch(None, resolves[-1]),)
    found = [Stretch(None, resolves[0] if resolves else None)]
    for number, after in enumerate(resolves):
        until = resolves[number + 1] if number + 1 < len(resolves) else None
        between = range(after + 1, len(types) if until is None else until)
        again = [step for step in between if types[step] in REOPENS]
        again = again or [step for step in between if types[step] in SHOWS_OPEN]
        if again:
            found.append(Stretch(again[0], until))
    return tuple(found)
