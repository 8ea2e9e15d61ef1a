"""Business hours and sleep as an example may write them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.assessment.options import HOUR

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\b")
_RANGE = re.compile(
    rf"\b({'|'.join(_DAYS)})[a-z]*(?:\s*(?:-|\u2013|\.\.|to)\s*({'|'.join(_DAYS)}))?", re.IGNORECASE
)
_BEGIN = ("start", "from", "begin", "since")
_END = ("end", "to", "until")


class UnknownShape(ValueError):
    """The message says what cannot be read."""


@dataclass
class Hours:
    """Seconds of the local day and ISO weekdays, as far as they are told."""

    times: list[int] = field(default_factory=list)
    days: tuple[int, ...] | None = None


def hours_of(told: object) -> Hours:
    """``"Mon-Fri 08:00-18:00"``, ``["08:00", "18:00"]``, ``[8, 18]``, ``{"from": 8, "to": 18}``,
    ``{"start": "08:00", "end": "18:00", "days": [1, 2, 3, 4, 5]}``. Raises UnknownShape."""
    found = Hours()
    _read(told, found)
    if len(found.times) != 2:
        raise UnknownShape("hours need a begin and an end")
    return found


def _read(told: object, found: Hours) -> None:
    if isinstance(told, str):
        found.times += [_seconds(*match) for match in _CLOCK.findall(told)]
        found.days = _named(told) or found.days
    elif isinstance(told, Mapping):
        _read_mapping(told, found)
    elif isinstance(told, list) and _is_days(told):
        found.days = _days(told)
    elif isinstance(told, list):
        for each in told:
            _read(each, found)
    elif isinstance(told, int | float) and not isinstance(told, bool):
        found.times.append(round(told * _unit(told)))


def _read_mapping(told: Mapping[object, object], found: Hours) -> None:
    """The begin first, whatever comes first in the file."""
    names = {str(name).lower(): value for name, value in told.items()}
    for words in (_BEGIN, _END):
        for name, value in names.items():
            if any(word in re.split(r"[^a-z]+", name) for word in words):
                _read(_in_hours(name, value), found)
    for name, value in names.items():
        if "day" in name:
            days = _named(value) if isinstance(value, str) else _days(value)
            found.days = days or found.days
        elif name in {"hours", "time", "times"}:
            _read(value, found)


def _unit(told: float) -> int:
    """A bare number is of hours as far as a day has so many, else of minutes, else of seconds."""
    return HOUR if told <= 24 else 60 if told <= 1_440 else 1


def _in_hours(name: str, value: object) -> object:
    """A number by the unit that its name ends in."""
    units = {"_s": HOUR, "_seconds": HOUR, "_min": 60, "_minutes": 60}
    for unit, per_hour in units.items():
        if name.endswith(unit) and isinstance(value, int | float):
            return value / per_hour
    return value


def _seconds(hours: str, minutes: str, seconds: str) -> int:
    return int(hours) * HOUR + int(minutes or 0) * 60 + int(seconds or 0)


def _is_days(told: list[object]) -> bool:
    """More than a begin and an end, or names of days."""
    numbers = all(isinstance(each, int) and 0 <= each <= 7 for each in told)
    return (numbers and len(told) > 2) or (bool(told) and all(_named(each) for each in told))


def _days(told: object) -> tuple[int, ...] | None:
    """ISO weekdays; a list with 0 in it and no 7 counts from Monday as 0."""
    if not isinstance(told, list):
        return None
    named = {day for each in told for day in _named(each)}
    numbers = {each for each in told if isinstance(each, int)}
    return tuple(sorted(named or {n + 1 for n in numbers} if 0 in numbers else named | numbers))


def _named(told: object) -> tuple[int, ...]:
    return tuple(sorted(set(_span(told)))) if isinstance(told, str) else ()


def _span(told: str) -> Iterator[int]:
    for first, last in _RANGE.findall(told):
        low = _DAYS.index(first.lower())
        high = _DAYS.index((last or first).lower())
        yield from (day % 7 + 1 for day in range(low, high + 1 if high >= low else high + 8))
