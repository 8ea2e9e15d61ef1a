"""Quality of the data: DQ-04 and the part of DQ-07 that log entries show."""

from collections.abc import Sequence

from app.assessment.figures import Figure
from app.assessment.timeline import Timeline, is_known


def quality(window: Sequence[Timeline], base: Sequence[Timeline]) -> list[Figure]:
    """Impossible durations of B, and log entries of a type PagerDuty does not document."""
    impossible = [d for t in base for d in (t.tta, t.ttr) if d is not None and d < 0]
    measured = [d for t in base for d in (t.tta, t.ttr) if d is not None]
    known = [is_known(entry) for timeline in window for entry in timeline.entries]
    return [
        Figure("DQ-04", "negative_duration_count", len(impossible), "count", len(measured)),
        Figure("DQ-07", "unknown_log_entry_type_count", known.count(False), "count", len(known)),
    ]
