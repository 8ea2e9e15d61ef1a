"""``params`` of an example as options of an assessment."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from app.assessment.options import AssessmentOptions, Bands
from app.core.clock import to_microseconds
from app.examples.bands import UnknownShape, hours_of
from app.examples.identities import Identities
from app.examples.names import PARAMETERS

_INSTANTS = frozenset({"since", "until", "as_of"})
_IDS = {"teams": "team", "services": "service", "change_integrations": "integration"}
_KNOWN = frozenset(each.name for each in fields(AssessmentOptions)) - {"bands"}
_HOURS = ("business", "sleep")


class BadParameters(ValueError):
    """The message names the parameter."""


def options_of(params: Mapping[str, Any], ids: Identities) -> AssessmentOptions:
    """Without a snapshot, it is the end of the window. Raises BadParameters."""
    given = {PARAMETERS.get(name, name): value for name, value in params.items()}
    known = {name: _value(name, given[name], ids) for name in given if name in _KNOWN}
    if not {"since", "until"} <= set(known):
        raise BadParameters("no since and until: there is nothing to assess")
    known.setdefault("as_of", known["until"])
    try:
        return AssessmentOptions(**known, bands=_bands(given))
    except (TypeError, ValueError) as error:
        raise BadParameters(str(error)) from None


def _value(name: str, given: Any, ids: Identities) -> Any:
    if name in _INSTANTS:
        return instant(name, given)
    if name in _IDS:
        return tuple(ids.pseudonym(_IDS[name], raw) for raw in given)
    return tuple(given) if isinstance(given, list) else given


def instant(name: str, given: object) -> int:
    """Microseconds since 1970; a time without an offset is UTC (C1)."""
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        raise BadParameters(f"{name} is no ISO 8601 time") from None
    return to_microseconds(found if found.tzinfo else found.replace(tzinfo=UTC))


def _bands(given: Mapping[str, Any]) -> Bands:
    """Hours that are not given stay as C10 has them. Raises BadParameters."""
    hours = {name: given[name] for name in _HOURS if given.get(name) is not None}
    inside = given.get("bands")
    if isinstance(inside, Mapping):
        hours |= {name: inside[name] for name in _HOURS if name in inside}
    values: dict[str, Any] = {}
    for name, value in hours.items():
        try:
            found = hours_of(value)
        except UnknownShape as error:
            raise BadParameters(f"params.{name} cannot be read: {error}") from None
        values[f"{name}_start_s"], values[f"{name}_end_s"] = found.times
        if name == "business" and found.days is not None:
            values["business_days"] = found.days
    return Bands(**values)
