"""Instants as integer microseconds since 1970 UTC, and as PagerDuty writes them."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONTHS_IN_A_YEAR = 12

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EASTERN = timezone(timedelta(hours=-5))


def from_datetime(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def at_clock(day: date, seconds: int, zone: ZoneInfo) -> int:
    """The instant at which clocks in `zone` show that many seconds of that day."""
    hours, rest = divmod(seconds, 3600)
    clock = time(hours, rest // 60, rest % 60, tzinfo=zone)
    return from_datetime(datetime.combine(day, clock))


def parse(text: str) -> int:
    """Microseconds of an ISO 8601 text; one without an offset is read in UTC.

    Raises ValueError where the text is no instant.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return from_datetime(moment)


def show(at: int) -> str:
    """`2026-05-06T08:00:00Z`, with a fraction where there is one."""
    return (_EPOCH + timedelta(microseconds=at)).isoformat()[:-6] + "Z"


def show_eastern(at: int) -> str:
    """The same instant as `2026-05-06T03:00:00-05:00`: PagerDuty answers some fields so."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(_EASTERN).isoformat()


def show_in(at: int, zone: ZoneInfo) -> str:
    if zone.key in {"UTC", "Etc/UTC"}:
        return show(at)
    return to_datetime(at).astimezone(zone).isoformat()


def months_before(moment: datetime, months: int) -> datetime:
    """The same wall clock that many calendar months earlier, on the month's last day at most."""
    index = moment.year * MONTHS_IN_A_YEAR + moment.month - 1 - months
    year, month = divmod(index, MONTHS_IN_A_YEAR)
    first = moment.replace(year=year, month=month + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(moment.day, (following - timedelta(days=1)).day))
