"""Ids of an example and the pseudonyms that the engine knows them by."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from collectors.pseudonyms import Pseudonyms

_KINDS = (
    "user",
    "service",
    "business_service",
    "escalation_policy",
    "schedule",
    "incident",
    "change_event",
    "team",
    "priority",
    "integration",
)


class Identities:
    """One id may stand for objects of several kinds: each kind has its own pseudonym."""

    def __init__(self, pseudonyms: Pseudonyms, inputs: object) -> None:
        self._pseudonyms = pseudonyms
        self._raw = {
            pseudonyms.of(kind, raw).hex(): raw for raw in set(_ids(inputs)) for kind in _KINDS
        }

    def pseudonym(self, kind: str, raw: str) -> bytes:
        """What the engine knows ``raw`` by."""
        return self._pseudonyms.of(kind, raw)

    def raw(self, value: Any) -> Any:
        """``value`` with every pseudonym, bytes or hexadecimal, as the id it stands for.

        Sets become sorted lists, other sequences lists.
        """
        if isinstance(value, bytes):
            return self._raw.get(value.hex(), value.hex())
        if isinstance(value, str):
            return self._raw.get(value, value)
        if isinstance(value, Mapping):
            return {self.raw(key): self.raw(each) for key, each in value.items()}
        if isinstance(value, AbstractSet):
            return sorted((self.raw(each) for each in value), key=str)
        if isinstance(value, list | tuple):
            return [self.raw(each) for each in value]
        return value


def _ids(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if isinstance(each, str) and (key == "id" or str(key).endswith("_id")):
                yield each
            else:
                yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)
