"""Planning of time windows, each small enough for PagerDuty's cap of 10,000 records."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil

from collectors.resource import Resource

RECORD_CAP = 10_000
"""``offset + limit`` may not pass it (PagerDuty REST docs, Pagination)."""
RENDERED_AHEAD = timedelta(days=14)
"""How far schedules are rendered into the future, for the duty that is planned."""
_MARGIN = 1.3
"""Traffic is uneven: parts are planned smaller than the cap, so that few are cut again."""
_MOST_PARTS = 64
"""At a time: a total that makes no sense must not make a million windows."""
_SECOND = timedelta(seconds=1)

Bounds = tuple[datetime, datetime]


def wire(instant: datetime) -> str:
    """UTC with ``Z``, whole seconds: some endpoints refuse other zones."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rendered_until(as_of: datetime) -> datetime:
    """Where the rendering of a schedule ends."""
    return as_of + RENDERED_AHEAD


def slices(resource: Resource, since: datetime, until: datetime) -> Iterator[Bounds]:
    """Adjoining windows no longer than the endpoint takes; their edges are shared."""
    longest = timedelta(days=resource.max_days) if resource.max_days else until - since
    start = since
    while start < until:
        end = min(start + longest, until)
        yield start, end
        start = end


def parts(since: datetime, until: datetime, total: int) -> list[Bounds]:
    """Equal parts on whole seconds that should each have less than the cap.

    One part, where a second cannot be cut any more.
    """
    seconds = max(1, ceil((until - since) / _SECOND))
    count = min(seconds, _MOST_PARTS, max(2, ceil(_MARGIN * total / RECORD_CAP)))
    inner = (since + (until - since) * n / count for n in range(1, count))
    edges = sorted({each.replace(microsecond=0) for each in inner})
    ends = [since, *(edge for edge in edges if since < edge < until), until]
    return list(pairwise(ends))
