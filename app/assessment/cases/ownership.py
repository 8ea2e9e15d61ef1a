"""When somebody owned an incident, and when nobody did (INC-11, INC-12)."""

from typing import NamedTuple

from app.assessment.cases.timeline import ACKNOWLEDGE, RETRIGGER, Timeline, is_human

_UNACKNOWLEDGE = "unacknowledge_log_entry"
_MOVES = RETRIGGER | ACKNOWLEDGE


class Ownership(NamedTuple):
    """Times in microseconds."""

    measured: bool
    """False where clocks disagree (C5) or nobody knows when it ended: the times tell nothing."""
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
    by_timeout = by_human = 0
    for entry in timeline.steps:
        kind = entry.type
        if kind not in _MOVES:
            continue
        now_owned = kind in ACKNOWLEDGE
        if now_owned and not is_human(entry):
            continue
        if kind == _UNACKNOWLEDGE:
            by_hand = is_human(entry) and entry.channel_type != "timeout"
            by_human += by_hand
            by_timeout += not by_hand
        if now_owned != owned:
            at = min(max(entry.created_at, reached), end)
            spent[owned] += at - reached
            reached, owned = at, now_owned
    if not timeline.entries and timeline.first_ack is not None:
        at = min(timeline.first_ack, end)
        spent[0], reached, owned = at - reached, at, True
    spent[owned] += end - reached
    lapsed = by_timeout + by_human > 0
    return Ownership(_measured(timeline), spent[0], spent[1], by_timeout, by_human, lapsed)


def _measured(timeline: Timeline) -> bool:
    known = timeline.resolved_at is not None or not timeline.resolved
    return known and (timeline.tta or 0) >= 0 and (timeline.ttr or 0) >= 0
