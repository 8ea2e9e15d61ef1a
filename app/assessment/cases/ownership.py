"""When somebody owned an incident, and when nobody did (INC-11, INC-12)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.assessment.cases.shapes import Move, Stretch
from app.assessment.cases.timeline import Timeline
from app.assessment.options import MICROSECONDS

_SNOOZE_END_US = 60 * MICROSECONDS
"""A snooze ends so near to the time that its entry names."""


class Ownership(NamedTuple):
    """Times in microseconds."""

    measured: bool
    """False where clocks disagree (C5) or nobody knows when it ended: the times mean nothing."""
    unowned_us: int
    """In triggered state."""
    owned_us: int
    """Acknowledged by a person, snoozed included."""
    lapsed_by_timeout: int
    """Acknowledgements that PagerDuty's own timer took back."""
    lapsed_by_human: int
    lapsed: bool
    """It lost an acknowledgement, one way or the other."""


def ownership_of(timeline: Timeline) -> Ownership:
    """Walks the log while the incident is open: a human ack owns until it triggers again.

    An acknowledgement by automation is nobody's: no person took the incident with it.
    """
    if timeline.first_ack is not None and not timeline.logged:
        ((start, end),) = timeline.spans
        at = min(timeline.first_ack, end)
        spent = [at - start, end - at]
    elif len(timeline.spans) == 1:
        spent = _spent(timeline, timeline.shape.moves, *timeline.spans[0])
    else:
        parts = [
            _spent(timeline, _moves_in(timeline, stretch), *span)
            for stretch, span in zip(timeline.shape.stretches, timeline.spans, strict=True)
        ]
        spent = [sum(part[owned] for part in parts) for owned in (False, True)]
    losses = timeline.shape.losses
    lapses = [move.by_hand for move in losses if _is_lapse(timeline, move)] if losses else losses
    return Ownership(
        measured=_measured(timeline),
        unowned_us=spent[False],
        owned_us=spent[True],
        lapsed_by_timeout=lapses.count(False),
        lapsed_by_human=lapses.count(True),
        lapsed=bool(lapses),
    )


def _spent(timeline: Timeline, moves: Iterable[Move], start: int, end: int) -> list[int]:
    """Microseconds without and with an owner between two instants."""
    reached, owned, spent = start, False, [0, 0]
    for move in moves:
        if move.owned != owned:
            at = min(max(timeline.steps[move.step].created_at, reached), end)
            spent[owned] += at - reached
            reached, owned = at, move.owned
    spent[owned] += end - reached
    return spent


def _moves_in(timeline: Timeline, stretch: Stretch) -> Iterator[Move]:
    first = stretch.start or 0
    last = len(timeline.steps) if stretch.end is None else stretch.end
    return (move for move in timeline.shape.moves if first <= move.step <= last)


def _is_lapse(timeline: Timeline, move: Move) -> bool:
    """The end of a snooze is no lost acknowledgement."""
    if move.snooze is None:
        return True
    until = timeline.steps[move.snooze].until
    if until is None:
        return not move.after_snooze
    return abs(timeline.steps[move.step].created_at - until) > _SNOOZE_END_US


def _measured(timeline: Timeline) -> bool:
    known = timeline.resolved_at is not None or not timeline.resolved
    return known and (timeline.tta or 0) >= 0 and (timeline.ttr or 0) >= 0
