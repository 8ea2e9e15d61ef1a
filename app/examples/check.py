"""Every expected value of a file of examples beside the engine's own."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from app.examples import keys, plain
from app.examples.equality import equal
from app.examples.identities import Identities
from app.examples.inputs import collections, facts_of
from app.examples.parameters import BadParameters, options_of
from app.examples.shape import shaped
from app.examples.worked import Worked
from collectors.pseudonyms import Pseudonyms

_KEY_BYTES = 32
_PLAIN_PARAMS = frozenset({"alpha", "dominance_share", "minimum_group"})

Warn = Callable[[str], None]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expected key; ids stand in it as the file has them."""

    example: str
    key: str
    value: Any
    expected: Any
    equal: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def check(document: Json, warn: Warn) -> Iterator[Outcome]:
    """Outcomes in the order of the file.

    ``warn`` is called for parameters, inputs, records and keys of an example that are not read.
    """
    for example in document["examples"]:
        name = str(example["id"])
        yield from _check(name, example, partial(_warn_of, warn, name))


def _warn_of(warn: Warn, name: str, message: str) -> None:
    warn(f"{name}: {message}")


def _check(name: str, example: Json, warn: Warn) -> Iterator[Outcome]:
    worked = _worked(example, warn)
    for key, stated in example["expected"].items():
        expected = stated["value"] if isinstance(stated, Mapping) and "value" in stated else stated
        tolerance = stated.get("tol") if isinstance(stated, Mapping) else None
        value = shaped(_value(example, worked, key, expected, warn), expected)
        yield Outcome(name, key, value, expected, equal(value, expected, tolerance))


def _worked(example: Json, warn: Warn) -> Worked | None:
    """The example through the collectors; None for one of plain numbers."""
    if all(map(plain.is_plain, example["expected"])):
        return None
    pseudonyms = Pseudonyms(secrets.token_bytes(_KEY_BYTES))
    ids = Identities(pseudonyms, example["inputs"])
    try:
        options, strange = options_of(example.get("params", {}), ids)
    except BadParameters as error:
        warn(str(error))
        return None
    for name in sorted(set(strange) - _PLAIN_PARAMS):
        warn(f"parameter {name} is not known and is ignored")
    if options is None:
        warn("no since and until: there is nothing to assess")
        return None
    found, unread = collections(example["inputs"])
    for name in unread:
        warn(f"input {name} is not a collection and is ignored")
    facts, skipped = facts_of(found, pseudonyms, options)
    for name, number in skipped.items():
        warn(f"{number} of {name} could not be read")
    return Worked(facts, options, ids)


def _value(example: Json, worked: Worked | None, key: str, expected: object, warn: Warn) -> Any:
    try:
        if plain.is_plain(key) or worked is None:
            params = example.get("params", {})
            found = plain.value_of(key, example["inputs"], params, expected)
            return list(found) if isinstance(found, tuple) else found
        return worked.ids.raw(keys.value_of(worked, key, expected))
    except KeyError:
        warn(f"{key} is no measure of the engine")
        return None
