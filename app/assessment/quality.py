"""Quality of the data: what INC-02 leaves out, DQ-04, and what log entries show of DQ-07."""

from collections.abc import Sequence

from app.assessment.figures import Figure
from app.assessment.timeline import Timeline, is_known


def quality(window: Sequence[Timeline], base: Sequence[Timeline]) -> list[Figure]:
    """INC-02, impossible durations of B, and log entries of types PagerDuty does not document."""
    impossible = [d for t in base for d in (t.tta, t.ttr) if d is not None and d < 0]
    measured = [d for t in base for d in (t.tta, t.ttr) if d is not None]
    known = [is_known(entry) for timeline in window for entry in timeline.entries]
    merged = len(window) - len(base)
    return [
        Figure("INC-02", "merged_count", merged, "count", len(window)),
        Figure("DQ-04", "negative_duration_count", len(impossible), "count", len(measured)),
        Figure("DQ-07", "unknown_log_entry_type_count", known.count(False), "count", len(known)),
    ]
