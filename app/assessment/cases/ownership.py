"""When somebody owned an incident, and when nobody did (INC-11, INC-12)."""

from typing import NamedTuple

from app.assessment.cases.timeline import Timeline


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


def ownership_of(timeline: Timeline, end: int) -> Ownership:
    """Walks the log from creation to ``end``: a human ack owns until the incident triggers again.

    An acknowledgement by automation is nobody's: no person took the incident with it.
    """
    reached = timeline.incident.created_at
    spent = [0, 0]
    owned = False
    for step, now_owned, _ in timeline.shape.moves:
        if now_owned != owned:
            at = min(max(timeline.steps[step].created_at, reached), end)
            spent[owned] += at - reached
            reached, owned = at, now_owned
    if timeline.first_ack is not None and not timeline.logged:
        at = min(timeline.first_ack, end)
        spent[0], reached, owned = at - reached, at, True
    spent[owned] += end - reached
    lapses = [move.by_hand for move in timeline.shape.moves if move.by_hand is not None]
    return Ownership(
        measured=_measured(timeline),
        unowned_us=spent[0],
        owned_us=spent[1],
        lapsed_by_timeout=lapses.count(False),
        lapsed_by_human=lapses.count(True),
        lapsed=bool(lapses),
    )


def _measured(timeline: Timeline) -> bool:
    known = timeline.resolved_at is not None or not timeline.resolved
    return known and (timeline.tta or 0) >= 0 and (timeline.ttr or 0) >= 0
