"""The windows of figures over people: whole blocks of four weeks, on one grid (PRIV-4)."""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

BLOCK_WEEKS = 4
"""Two windows differ by whole blocks: single weeks would be few people's more often."""
MOST_BLOCKS = 3
"""Twelve weeks, the usual window of an assessment."""
_BLOCK = timedelta(weeks=BLOCK_WEEKS)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Window(NamedTuple):
    """``[since, until)`` in microseconds since 1970 UTC; both are local Mondays, 00:00."""

    since: int
    until: int

    def overlaps(self, other: "Window") -> bool:
        """Whether they share a week."""
        return self.since < other.until and other.since < self.until

    def in_step(self, other: "Window", zone: ZoneInfo) -> bool:
        """Whether both bounds of the other window are whole blocks away from this one's end."""
        end = _local(self.until, zone)
        return not any((end - _local(at, zone)) % _BLOCK for at in other)


def first_window(since: int, until: int, zone: ZoneInfo) -> Window | None:
    """Up to three blocks that end with the last whole week of ``[since, until)``.

    None where there is no whole block.
    """
    end = _monday(_local(until, zone))
    begin = _local(since, zone)
    blocks = min((end - begin) // _BLOCK, MOST_BLOCKS)
    if blocks < 1:
        return None
    return Window(_instant(end - blocks * _BLOCK, zone), _instant(end, zone))


def window_at(first: Window, until: int, zone: ZoneInfo) -> Window:
    """The window of the same length that has moved on by whole blocks, none after ``until``."""
    begin, end = _local(first.since, zone), _local(first.until, zone)
    moved = max(0, (_local(until, zone) - end) // _BLOCK) * _BLOCK
    return Window(_instant(begin + moved, zone), _instant(end + moved, zone))


def _local(at: int, zone: ZoneInfo) -> datetime:
    """Local time without a zone: a day of it has 24 hours, whatever the clocks do."""
    return (_EPOCH + at * _MICROSECOND).astimezone(zone).replace(tzinfo=None)


def _instant(local: datetime, zone: ZoneInfo) -> int:
    return (local.replace(tzinfo=zone).astimezone(UTC) - _EPOCH) // _MICROSECOND


def _monday(local: datetime) -> datetime:
    """The beginning of its week."""
    return datetime.combine(local.date() - timedelta(days=local.weekday()), time.min)
