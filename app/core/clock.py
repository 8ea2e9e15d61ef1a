"""The one clock."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)


def to_microseconds(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, exact."""
    return (instant - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The aware UTC instant of ``value`` microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)


def wire(instant: datetime) -> str:
    """ISO 8601 in UTC with ``Z``; microseconds only where there are some."""
    text = instant.astimezone(UTC).isoformat()
    return text.replace("+00:00", "Z")
