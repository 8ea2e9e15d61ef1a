"""Where each expected key comes from, beside the measures that the engine gives under its name."""

from collections.abc import Mapping

from app.assessment.catalogue import BY_MEASURE
from app.examples.keys import changes, duty, escalations, noise, people, structure
from app.examples.worked import Extract, Worked

_KEYS: Mapping[str, Extract] = (
    changes.KEYS | duty.KEYS | escalations.KEYS | noise.KEYS | people.KEYS | structure.KEYS
)
_PREFIXES = changes.PREFIXES | escalations.PREFIXES


class NotComputed(Exception):
    """No measure has this name, or it has no value for any account."""


def value_of(worked: Worked, key: str, expected: object) -> object:
    """The engine's value in the shape of what is expected; raises NotComputed."""
    extract = _KEYS.get(key)
    if extract is not None:
        return extract(worked, expected)
    for prefix, of_one in _PREFIXES.items():
        if key.startswith(prefix) and not worked.measured(key):
            return of_one(worked, key.removeprefix(prefix))
    return _measure(worked, key, expected)


def _measure(worked: Worked, key: str, expected: object) -> object:
    found = worked.measured(key)
    if isinstance(expected, Mapping):
        keyed = {value.key: value.value for value in found if value.key is not None}
        places = None if keyed else worked.by_place(key, expected)
        if keyed or places is not None:
            return keyed or places
    for value in found:
        if value.key is None:
            return value.value
    if found and isinstance(expected, int | float):
        values = [value.value for value in found if value.value is not None]
        return sum(values) if values else None
    if key in BY_MEASURE:
        return None
    raise NotComputed(key)
