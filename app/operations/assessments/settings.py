"""Options from their JSON form to those of the engine, each checked."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from app.assessment.options import HOUR, AssessmentOptions, Bands

_IDS = frozenset({"teams", "services", "change_integrations"})
SETTINGS = _IDS | {
    "excluded_urgencies",
    "ack_target_s",
    "transient_s",
    "bands",
    "minimum_group",
}
"""Options that a consultant may set; the others belong to the method."""
_HOURS = frozenset(each.name for each in fields(Bands)) - {"business_days"}


def options_from(stored: Mapping[str, Any], window: tuple[int, int]) -> AssessmentOptions:
    """Options that were stored as JSON, for a window; its end is the snapshot."""
    since, until = window
    plain: dict[str, Any] = dict(stored)
    plain["excluded_urgencies"] = tuple(stored["excluded_urgencies"])
    plain["change_integrations"] = tuple(map(bytes.fromhex, stored["change_integrations"]))
    days = tuple(stored["bands"]["business_days"])
    plain["bands"] = Bands(**{**stored["bands"], "business_days": days})
    return AssessmentOptions(since=since, until=until, as_of=until, **plain)


def setting(name: str, value: object) -> Any:
    """One option of ``SETTINGS`` from its JSON form: ids in hexadecimal, bands as an object.

    Lists lose order and repetition, which mean nothing: two assessments with the same options
    compare. Raises ValueError or TypeError, naming the option.
    """
    if name == "bands":
        return _bands(value)
    if name in _IDS:
        return tuple(sorted({_pseudonym(name, each) for each in _list(name, value)}))
    if name == "excluded_urgencies":
        return tuple(sorted({_text(name, each) for each in _list(name, value)}))
    return _integer(name, value)


def _bands(value: object) -> Bands:
    if not isinstance(value, Mapping):
        raise TypeError("bands must name hours and days")
    unknown = sorted(str(name) for name in set(value) - {*_HOURS, "business_days"})
    if unknown:
        raise ValueError(f"bands has no {', '.join(unknown)}")
    chosen: dict[str, Any] = {name: _integer(name, value[name]) for name in _HOURS & set(value)}
    if "business_days" in value:
        days = _list("business_days", value["business_days"])
        chosen["business_days"] = tuple(sorted(_integer("business_days", day) for day in days))
    for name in _HOURS & set(chosen):
        if chosen[name] % HOUR:
            # Bands moved by minutes would show when a single call came (PRIV-4, PRIV-6).
            raise ValueError(f"{name} must be a whole hour")
    return Bands(**chosen)


def _list(name: str, value: object) -> list[object] | tuple[object, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"{name} must be a list")
    return value


def _integer(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be words")
    return value


def _pseudonym(name: str, value: object) -> bytes:
    try:
        found = bytes.fromhex(_text(name, value))
    except (TypeError, ValueError):
        found = b""
    if len(found) != 16:
        raise ValueError(f"{name} must be pseudonyms of 32 hexadecimal digits")
    return found
