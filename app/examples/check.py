"""Every expected value of a file of examples beside the engine's own."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from app.examples import keys, plain
from app.examples.declared import faults
from app.examples.equality import equal
from app.examples.identities import Identities
from app.examples.inputs import collections, facts_of
from app.examples.parameters import BadParameters, options_of
from app.examples.shape import shaped
from app.examples.tables import BadTable
from app.examples.worked import Worked
from collectors.pseudonyms import Pseudonyms

_KEY_BYTES = 32

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
    """Outcomes in the order of the file; one that is not as declared has a single, unequal one.

    ``warn`` is called for what is wrong with an example, and for records and keys that are not
    read.
    """
    for place, example in enumerate(document["examples"], 1):
        name = str(example.get("id", place) if isinstance(example, dict) else place)
        said = partial(_warn_of, warn, name)
        found = faults(example)
        for fault in found:
            said(fault)
        if found:
            yield Outcome(name, "", None, None, equal=False)
        else:
            yield from _check(name, example, said)


def _warn_of(warn: Warn, name: str, message: str) -> None:
    warn(f"{name}: {message}")


def _check(name: str, example: Json, warn: Warn) -> Iterator[Outcome]:
    worked = _worked(example, warn)
    for key, stated in example["expected"].items():
        expected, tolerance = stated["value"], stated.get("tol")
        warned: list[str] = []
        value = shaped(_value(example, worked, key, expected, warned.append), expected)
        for message in warned:
            warn(message)
        # Null that stands for no answer is not the null that is expected.
        answered = not warned and (worked is not None or plain.is_plain(key))
        same = answered and equal(value, expected, tolerance)
        yield Outcome(name, key, value, expected, equal=same)


def _worked(example: Json, warn: Warn) -> Worked | None:
    """The example through the collectors; None for one of plain numbers."""
    if all(map(plain.is_plain, example["expected"])):
        return None
    inputs = example.get("inputs", {})
    pseudonyms = Pseudonyms(secrets.token_bytes(_KEY_BYTES))
    ids = Identities(pseudonyms, inputs)
    try:
        options = options_of(example.get("params", {}), ids)
    except BadParameters as error:
        warn(str(error))
        return None
    facts, skipped = facts_of(collections(inputs), pseudonyms, options)
    for name, number in skipped.items():
        warn(f"{number} of {name} could not be read")
    return Worked(facts, options, ids)


def _value(example: Json, worked: Worked | None, key: str, expected: object, warn: Warn) -> Any:
    """None where there is no value, with the reason."""
    if worked is None and not plain.is_plain(key):
        return None
    try:
        if worked is None or plain.is_plain(key):
            inputs, params = example.get("inputs", {}), example.get("params", {})
            found = plain.value_of(key, inputs, params, expected)
            return list(found) if isinstance(found, tuple) else found
        return worked.ids.raw(keys.value_of(worked, key, expected))
    except keys.NotComputed:
        warn(f"{key} is not computed by this version")
    except BadTable as error:
        warn(f"{key}: {error}")
    except (AttributeError, LookupError, StopIteration, TypeError, ValueError):
        # The error may quote the file.
        warn(f"{key} cannot be computed from this example")
    return None
