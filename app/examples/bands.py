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
    """Seconds of the local day and ISO weekdays, as far as they are given."""

    times: list[int] = field(default_factory=list)
    days: tuple[int, ...] | None = None


def hours_of(given: object) -> Hours:
    """``"Mon-Fri 08:00-18:00"``, ``["08:00", "18:00"]``, ``[8, 18]``, ``{"from": 8, "to": 18}``,
    ``{"start": "08:00", "end": "18:00", "days": [1, 2, 3, 4, 5]}``. Raises UnknownShape."""
    found = Hours()
    _read(given, found)
    if len(found.times) != 2:
        raise UnknownShape("hours need a begin and an end")
    return found


def _read(given: object, found: Hours) -> None:
    if isinstance(given, str):
        found.times += [_seconds(*match) for match in _CLOCK.findall(given)]
        found.days = _named(given) or found.days
    elif isinstance(given, Mapping):
        _read_mapping(given, found)
    elif isinstance(given, list) and _is_days(given):
        found.days = _days(given)
    elif isinstance(given, list):
        for each in given:
            _read(each, found)
    elif isinstance(given, int | float) and not isinstance(given, bool):
        found.times.append(round(given * _unit(given)))


def _read_mapping(given: Mapping[object, object], found: Hours) -> None:
    """The begin first, whatever comes first in the file."""
    names = {str(name).lower(): value for name, value in given.items()}
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


def _unit(given: float) -> int:
    """A bare number is of hours as far as a day has so many, else of minutes, else of seconds."""
    return HOUR if given <= 24 else 60 if given <= 1_440 else 1


def _in_hours(name: str, value: object) -> object:
    """A number by the unit that its name ends in."""
    units = {"_s": HOUR, "_seconds": HOUR, "_min": 60, "_minutes": 60}
    for unit, per_hour in units.items():
        if name.endswith(unit) and isinstance(value, int | float):
            return value / per_hour
    return value


def _seconds(hours: str, minutes: str, seconds: str) -> int:
    return int(hours) * HOUR + int(minutes or 0) * 60 + int(seconds or 0)


def _is_days(given: list[object]) -> bool:
    """More than a begin and an end, or names of days."""
    numbers = all(isinstance(each, int) and 0 <= each <= 7 for each in given)
    return (numbers and len(given) > 2) or (bool(given) and all(_named(each) for each in given))


def _days(given: object) -> tuple[int, ...] | None:
    """ISO weekdays; a list with 0 in it and no 7 counts from Monday as 0."""
    if not isinstance(given, list):
        return None
    named = {day for each in given for day in _named(each)}
    numbers = {each for each in given if isinstance(each, int)}
    return tuple(sorted(named or {n + 1 for n in numbers} if 0 in numbers else named | numbers))


def _named(given: object) -> tuple[int, ...]:
    return tuple(sorted(set(_span(given)))) if isinstance(given, str) else ()


def _span(given: str) -> Iterator[int]:
    for first, last in _RANGE.findall(given):
        low = _DAYS.index(first.lower())
        high = _DAYS.index((last or first).lower())
        yield from (day % 7 + 1 for day in range(low, high + 1 if high >= low else high + 8))
