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

Tell = Callable[[str], None]
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


def check(document: Json, tell: Tell) -> Iterator[Outcome]:
    """Outcomes in the order of the file.

    ``tell`` hears of what an example holds and nobody reads: parameters, inputs, records, keys.
    """
    for example in document["examples"]:
        name = str(example["id"])
        yield from _check(name, example, partial(_tell_of, tell, name))


def _tell_of(tell: Tell, name: str, said: str) -> None:
    tell(f"{name}: {said}")


def _check(name: str, example: Json, tell: Tell) -> Iterator[Outcome]:
    worked = _worked(example, tell)
    for key, asked in example["expected"].items():
        expected = asked["value"] if isinstance(asked, Mapping) and "value" in asked else asked
        tolerance = asked.get("tol") if isinstance(asked, Mapping) else None
        value = shaped(_value(example, worked, key, expected, tell), expected)
        yield Outcome(name, key, value, expected, equal(value, expected, tolerance))


def _worked(example: Json, tell: Tell) -> Worked | None:
    """The example through the collectors; None for one of plain numbers."""
    if all(map(plain.is_plain, example["expected"])):
        return None
    pseudonyms = Pseudonyms(secrets.token_bytes(_KEY_BYTES))
    ids = Identities(pseudonyms, example["inputs"])
    try:
        options, strange = options_of(example.get("params", {}), ids)
    except BadParameters as error:
        tell(str(error))
        return None
    for name in sorted(set(strange) - _PLAIN_PARAMS):
        tell(f"parameter {name} is not known and is ignored")
    if options is None:
        tell("no since and until: there is nothing to assess")
        return None
    found, unread = collections(example["inputs"])
    for name in unread:
        tell(f"input {name} is not a collection and is ignored")
    facts, skipped = facts_of(found, pseudonyms, options)
    for name, number in skipped.items():
        tell(f"{number} of {name} could not be read")
    return Worked(facts, options, ids)


def _value(example: Json, worked: Worked | None, key: str, expected: object, tell: Tell) -> Any:
    try:
        if plain.is_plain(key) or worked is None:
            params = example.get("params", {})
            found = plain.value_of(key, example["inputs"], params, expected)
            return list(found) if isinstance(found, tuple) else found
        return worked.ids.raw(keys.value_of(worked, key, expected))
    except KeyError:
        tell(f"{key} is no measure of the engine")
        return None
