"""Numbers and instants in words; the same on page, in file and on paper."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.core.clock import from_microseconds

DASH = "—"
MINUTE, HOUR, DAY = 60, 3_600, 86_400
MANY_HOURS = 100
_SMALL = 0.001


def duration(seconds: float | None) -> str:
    """Seconds in words: 250 is ``4 min 10 s``, 4320 is ``1 h 12 min``, 198720 is ``2.3 d``."""
    if seconds is None:
        return DASH
    sign = "\N{MINUS SIGN}" if seconds < 0 else ""
    return sign + _length(abs(seconds))


def _length(seconds: float) -> str:
    whole = round(seconds)
    if seconds < 10:
        return f"{_plain(round(seconds, 1))} s"
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return _two(whole, MINUTE, "min", 1, "s")
    if round(whole / MINUTE) < DAY // MINUTE:
        return _two(round(whole / MINUTE) * MINUTE, HOUR, "h", MINUTE, "min")
    return f"{_plain(round(whole / DAY, 1))} d"


def _two(whole: int, large: int, large_unit: str, small: int, small_unit: str) -> str:
    first, rest = divmod(whole, large)
    words = f"{first} {large_unit}"
    return f"{words} {rest // small} {small_unit}" if rest >= small else words


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,}"


def percent(ratio: float | None) -> str:
    """A share in words: 0.75 is ``75 %``; what is not all is never rounded to ``100 %``."""
    if ratio is None:
        return DASH
    shown = round(ratio * 100, 1)
    if shown >= 100 > ratio * 100:
        return "> 99.9 %"
    if shown <= 0 < ratio:
        return "< 0.1 %"
    return f"{_plain(shown)} %"


def points(difference: float | None) -> str:
    """A difference of two shares: 0.032 is ``3.2 points``."""
    if difference is None:
        return DASH
    sign = "\N{MINUS SIGN}" if difference < 0 else ""
    return f"{sign}{_plain(round(abs(difference) * 100, 1))} points"


def plain(value: float | None) -> str:
    """An index, a ratio or a probability, in three digits: ``0.357``."""
    if value is None:
        return DASH
    if 0 < value < _SMALL:
        return f"< {_SMALL}"
    return f"{value:.3g}" if abs(value) < MANY_HOURS else number(value)


def score(value: float | None) -> str:
    """A score from 0 to 100, as a whole number: rounded down, so that no band is reached early."""
    return DASH if value is None else f"{math.floor(value)}"


def minutes(value: float | None) -> str:
    """Minutes as a duration."""
    return duration(None if value is None else value * MINUTE)


def number(value: float | None) -> str:
    """A count or an amount with thousands apart and at most one decimal: ``11,402``.

    What is less than a tenth keeps two digits, so that little is never nothing: ``0.034``.
    """
    if value is None:
        return DASH
    return f"{value:.2g}" if 0 < abs(value) < 0.1 else _plain(round(value, 1))


def hours(value: float | None) -> str:
    """Hours: ``2,160 h``; short ones in hours and minutes, so that a gap of minutes is not 0."""
    if value is None:
        return DASH
    return duration(value * HOUR) if 0 < value < MANY_HOURS else f"{number(value)} h"


Instant = datetime | str | int
"""Aware datetime, ISO 8601 or microseconds since 1970: every form in which we store an instant."""


def _utc(value: Instant) -> datetime:
    if isinstance(value, int):
        return from_microseconds(value)
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


def day(value: Instant | None) -> str:
    """``3 March 2025``."""
    return DASH if value is None else f"{_utc(value):%-d %B %Y}"


def short_day(value: Instant, *, with_year: bool = False) -> str:
    """``3 Mar``, or ``3 Mar 2025``: for axes."""
    return f"{_utc(value):%-d %b %Y}" if with_year else f"{_utc(value):%-d %b}"


def moment(value: Instant | None) -> str:
    """``3 March 2025, 14:02 UTC``."""
    return DASH if value is None else f"{day(value)}, {_utc(value):%H:%M} UTC"


def second(value: Instant | None) -> str:
    """``3 March 2025, 14:02:09 UTC``: for receipts."""
    return DASH if value is None else f"{day(value)}, {_utc(value):%H:%M:%S} UTC"


def span(since: Instant, until: Instant) -> str:
    """``3 March 2025, 00:00 to 1 June 2025, 00:00 UTC``."""
    return f"{moment(since).removesuffix(' UTC')} to {moment(until)}"


def stamp(value: Instant | None) -> str:
    """``3 Mar 2025, 14:02``: for columns whose heading says the zone."""
    return DASH if value is None else f"{short_day(value, with_year=True)}, {_utc(value):%H:%M}"


def second_stamp(value: Instant | None) -> str:
    """``3 Mar 2025, 14:02:09``: the same to the second."""
    return DASH if value is None else f"{stamp(value)}:{_utc(value):%S}"


def exact_span(since: Instant, until: Instant) -> str:
    """The same to the second: windows are cut up as far as that."""
    return f"{second(since).removesuffix(' UTC')} to {second(until)}"


def machine_time(value: Instant | None) -> str:
    """ISO 8601 for the ``datetime`` attribute of a ``time`` element."""
    return "" if value is None else f"{_utc(value):%Y-%m-%dT%H:%M:%SZ}"


def clock(value: Instant | None) -> str:
    """``14:02 UTC``: for what happens within the hour."""
    return DASH if value is None else f"{_utc(value):%H:%M} UTC"


def ago(seconds: float) -> str:
    """How long something is past, in its largest unit: ``12 min ago``."""
    for unit, word in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {word} ago"
    return "less than a minute ago"


def listed(names: Sequence[str]) -> str:
    """``incidents, log entries and schedules``."""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def plain_name(name: str) -> str:
    """``escalation_policies`` as ``Escalation policies``."""
    return name.replace("_", " ").strip().capitalize()


FILTERS: Mapping[str, Callable[..., Any]] = {
    "clock": clock,
    "day": day,
    "duration": duration,
    "hours": hours,
    "listed": listed,
    "machine_time": machine_time,
    "moment": moment,
    "number": number,
    "percent": percent,
    "plain": plain,
    "plain_name": plain_name,
    "second": second,
    "second_stamp": second_stamp,
    "stamp": stamp,
}
