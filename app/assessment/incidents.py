"""Incident lifecycle: INC-01, INC-03 to INC-08.

``base`` is population B: timelines created in the window, merged ones left out (C3).
"""

from collections.abc import Sequence

from app.assessment.figures import Figure, count, durations, keyed, share, tally
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.statistics import garwood
from app.assessment.timeline import Timeline, status_at

_WEEK_US = 7 * 86_400 * MICROSECONDS


def lifecycle(base: Sequence[Timeline], options: AssessmentOptions) -> list[Figure]:
    """All lifecycle figures; the split by urgency carries measures of its own (C3)."""
    high = [t for t in base if t.incident.urgency == "high"]
    dora = [t for t in base if t.incident.urgency not in options.excluded_urgencies]
    return [
        *volume(base, options),
        count("INC-01", "high_urgency_incident_count", len(high), len(base)),
        *backlog(base, options),
        *acknowledgement(base, options),
        *acknowledgement(high, options, "high_urgency_"),
        *durations("INC-07", "ttr_all", resolve_times(base), ("mean", "median", "p90")),
        *durations("INC-07", "high_urgency_ttr", resolve_times(high), ("median", "p90")),
        *durations("INC-08", "ttr_dora", resolve_times(dora), ("mean", "median", "p90")),
    ]


def volume(base: Sequence[Timeline], options: AssessmentOptions) -> list[Figure]:
    """INC-01: size of B, and per week of the window."""
    weeks = options.window_us / _WEEK_US
    n = len(base)
    low, high = garwood(n)
    rate = Figure(
        "INC-01",
        "incidents_per_week",
        n / weeks,
        "per week",
        n,
        (low / weeks, high / weeks),
        sample_class="rate",
    )
    return [tally("INC-01", "incident_count", n, n), rate]


def backlog(base: Sequence[Timeline], options: AssessmentOptions) -> list[Figure]:
    """INC-03: not resolved at the snapshot, by status, with their age."""
    still_open = [t for t in base if not t.resolved]
    statuses = [status_at(t, options.as_of) for t in still_open]
    ages = [options.as_of - t.incident.created_at for t in still_open]
    stale = sum(age > options.stale_s * MICROSECONDS for age in ages)
    return [
        tally("INC-03", "open_count", len(still_open), len(base)),
        *(
            count("INC-03", "open_by_status", statuses.count(status), len(base), keyed(status))
            for status in ("triggered", "acknowledged")
        ),
        count("INC-03", "open_stale_count", stale, len(still_open)),
        *durations("INC-03", "open_age", ages, ("median", "p90")),
    ]


def acknowledgement(
    base: Sequence[Timeline], options: AssessmentOptions, prefix: str = ""
) -> list[Figure]:
    """INC-04 to INC-06: time to the first human ack, ack rate, acked within the target."""
    acked = sum(t.first_ack is not None for t in base)
    within, followed = acked_within(base, options)
    return [
        *durations("INC-04", f"{prefix}tta", ack_times(base), ("mean", "median", "p90", "p95")),
        count("INC-05", f"{prefix}acked_count", acked, len(base)),
        share("INC-05", f"{prefix}ack_rate", acked, len(base)),
        share("INC-06", f"{prefix}acked_within_target_rate", within, followed),
    ]


def acked_within(base: Sequence[Timeline], options: AssessmentOptions) -> tuple[int, int]:
    """INC-06: incidents acked within the target, and those followed for at least as long.

    An incident younger than the target can still make it, one whose ack precedes its creation
    tells nothing (C5): both are in neither number. Never acknowledged counts as missed.
    """
    target = options.ack_target_s * MICROSECONDS
    followed = [
        t
        for t in base
        if options.as_of - t.incident.created_at >= target and (t.tta is None or t.tta >= 0)
    ]
    return sum(t.tta is not None and t.tta <= target for t in followed), len(followed)


def ack_times(base: Sequence[Timeline]) -> list[int]:
    """Times to acknowledge in microseconds; impossible ones left out (C5)."""
    return [t.tta for t in base if t.tta is not None and t.tta >= 0]


def resolve_times(base: Sequence[Timeline]) -> list[int]:
    """Times to resolve in microseconds; impossible ones left out (C5)."""
    return [t.ttr for t in base if t.ttr is not None and t.ttr >= 0]
