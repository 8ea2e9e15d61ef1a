"""When somebody is expected to be on call: support hours of the services behind a policy."""

from collections.abc import Sequence
from itertools import pairwise

from app.assessment.duty.spans import Spans, union
from app.assessment.hours import LocalClock
from app.assessment.rows import Service, SupportHours


def support_spans(hours: SupportHours, clock: LocalClock, since: int, until: int) -> Spans:
    """Support hours inside ``[since, until)``, by the wall clock of their zone."""
    edges = clock.edges(since, until, (0, hours.start_s, hours.end_s))
    return union(
        (start, end)
        for start, end in pairwise(edges)
        if _supported(hours, *clock.weekday_and_second(start))
    )


def always(services: Sequence[Service]) -> bool:
    """Whether somebody is expected at every hour: support hours count only if all have them."""
    return not services or any(each.support_hours is None for each in services)


def _supported(hours: SupportHours, weekday: int, second: int) -> bool:
    if hours.start_s < hours.end_s:
        return weekday in hours.days and hours.start_s <= second < hours.end_s
    before = (weekday - 2) % 7 + 1
    late = weekday in hours.days and second >= hours.start_s
    return late or (before in hours.days and second < hours.end_s)
