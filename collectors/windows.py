"""Planning of time windows: halved until PagerDuty's 10,000-record cap holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from collectors.resource import Resource

RECORD_CAP = 10_000
"""``offset + limit`` may not pass it (PagerDuty REST docs, Pagination)."""
PAGE_SIZE = 100
_SECOND = timedelta(seconds=1)

Bounds = tuple[datetime, datetime]


def wire(instant: datetime) -> str:
    """UTC with ``Z``, whole seconds: some endpoints refuse other zones."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slices(resource: Resource, since: datetime, until: datetime) -> Iterator[Bounds]:
    """Adjoining windows no longer than the endpoint takes; their edges are shared."""
    longest = timedelta(days=resource.max_days) if resource.max_days else until - since
    start = since
    while start < until:
        end = min(start + longest, until)
        yield start, end
        start = end


def halves(since: datetime, until: datetime) -> tuple[Bounds, Bounds] | None:
    """Two adjoining halves on a whole second, or None when a second cannot be split."""
    middle = since + (until - since) / 2
    middle = middle.replace(microsecond=0)
    if middle <= since:
        middle = since.replace(microsecond=0) + _SECOND
    if middle >= until or middle <= since:
        return None
    return (since, middle), (middle, until)
