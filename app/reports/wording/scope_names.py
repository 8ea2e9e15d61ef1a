"""The names of scopes and keys: pseudonyms short, hours and levels in words."""

from collections.abc import Mapping

from app.assessment.metric import KeyKind
from app.reports.wording import words

SHORT_ID = 8
_HEX_ID = 32
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEVELS: Mapping[str, tuple[str, str]] = {
    "team": ("Team", "teams"),
    "service": ("Service", "services"),
    "policy": ("Escalation policy", "escalation policies"),
    "schedule": ("Schedule", "schedules"),
    "dependency": ("Dependency", "dependencies"),
    "week": ("ISO week", "weeks"),
    "hour": ("Hour of the week", "hours of the week"),
    "account": ("Account", "account"),
}
"""Levels in words, one and many."""
PSEUDONYMOUS = frozenset({"team", "service", "policy", "schedule", "dependency"})
_WORDS: Mapping[str, str] = {
    "direct": "Direct",
    "auto_resolved": "Resolved itself",
    "user_resolved": "Resolved by a person",
    "open": "Still open",
    "off": "Off hours",
    "sms": "SMS",
    "ack": "acknowledged",
}


def short(pseudonym: str) -> str:
    """The beginning of a pseudonym, enough to distinguish it from others."""
    return pseudonym[:SHORT_ID]


def cell_name(cell: str) -> str:
    """``1-08`` is ``Mon 08:00``."""
    day, _, hour = cell.partition("-")
    return f"{_DAYS[int(day) - 1]} {hour}:00"


def place_name(level: str, of: str | None) -> str:
    """The name of a scope in a row of a table."""
    if of is None:
        return "Whole account"
    if level == "hour":
        return cell_name(of)
    return " to ".join(map(short, of.split(">"))) if level in PSEUDONYMOUS else of


def key_name(key: str) -> str:
    """A key of a map in words: ``L1`` is ``Level 1``, a pseudonym its beginning."""
    if ">" in key:
        return " > ".join(map(_step, key.split(">")))
    if key[:1] == "L" and key[1:].isdigit():
        return f"Level {key[1:]}"
    if _is_pseudonym(key):
        return short(key)
    plain = key.replace("_", " ")
    return _WORDS.get(key, plain[:1].upper() + plain[1:])


def _step(key: str) -> str:
    """One step of a path, or one end of an edge."""
    if _is_pseudonym(key):
        return short(key)
    return key if key[:1] == "L" else key.replace("_", " ")


def _is_pseudonym(key: str) -> bool:
    return len(key) == _HEX_ID


_RANKLESS = {"none": "No priority", "unknown": "Unknown priority"}


def key_of_kind(kind: KeyKind, key: str) -> str:
    """A key whose meaning its measure declares: bounds in seconds, hours of the week."""
    if kind == "seconds":
        return f"within {words.duration(float(key))}"
    if kind == "hour":
        return cell_name(key)
    if kind == "priority":
        return f"Priority {key}" if key.isdigit() else _RANKLESS.get(key, key_name(key))
    return key_name(key)
