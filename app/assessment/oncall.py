"""On-call coverage: ONC-09 per schedule."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.assessment.figures import Figure, Scope, count, keyed
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.rows import ScheduleEntry

_HOUR_US = 3_600 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class Coverage:
    entries: int
    """Entries that name a person and reach into the window."""
    covered_us: int
    gaps: tuple[tuple[int, int], ...]


def coverage(entries: Sequence[ScheduleEntry], options: AssessmentOptions) -> Coverage:
    """Union of the entries clipped to the window, and the gaps it leaves.

    An entry without a user is nobody, so it covers nothing (C11).
    """
    shifts = sorted(
        (max(e.start, options.since), min(e.end, options.until))
        for e in entries
        if e.user_id is not None and max(e.start, options.since) < min(e.end, options.until)
    )
    gaps = []
    reached = options.since
    for start, end in shifts:
        if start > reached:
            gaps.append((reached, start))
        reached = max(reached, end)
    if reached < options.until:
        gaps.append((reached, options.until))
    uncovered = sum(end - start for start, end in gaps)
    return Coverage(len(shifts), options.window_us - uncovered, tuple(gaps))


def coverages(
    schedules: Sequence[bytes], entries: Sequence[ScheduleEntry], options: AssessmentOptions
) -> dict[bytes, Coverage]:
    """Coverage of every schedule, by id; one without an entry is one gap."""
    shifts: defaultdict[bytes, list[ScheduleEntry]] = defaultdict(list)
    for entry in entries:
        shifts[entry.schedule_id].append(entry)
    return {s: coverage(shifts[s], options) for s in sorted(set(schedules))}


def schedule_coverage(
    schedules: Sequence[bytes], entries: Sequence[ScheduleEntry], options: AssessmentOptions
) -> list[Figure]:
    """ONC-09: covered hours, hours of gap and number of gaps per schedule."""
    found = coverages(schedules, entries, options)
    with_gap = sum(bool(each.gaps) for each in found.values())
    figures = [
        Figure("C2", "window_h", options.window_us / _HOUR_US, "h", 1),
        count("ONC-09", "schedules_with_gap_count", with_gap, len(found)),
    ]
    for schedule, each in found.items():
        figures += _of_schedule(each, options.window_us, keyed(schedule.hex(), "schedule"))
    return figures


def _of_schedule(found: Coverage, window_us: int, scope: Scope) -> list[Figure]:
    covered = found.covered_us / _HOUR_US
    gap = (window_us - found.covered_us) / _HOUR_US
    return [
        Figure("ONC-09", "schedule_covered_h", covered, "h", found.entries, scope=scope),
        Figure("ONC-09", "schedule_gap_h", gap, "h", found.entries, scope=scope),
        Figure(
            "ONC-09", "schedule_gap_count", len(found.gaps), "count", found.entries, scope=scope
        ),
    ]
