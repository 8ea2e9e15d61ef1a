"""A string of its own for every free-text leaf, so that a leak names the leaf it came from."""

import re
from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

PREFIX = "CNRY"
PATTERN = re.compile(r"CNRY[A-Z2-7]{20}|CANARY_\w+")
"""Ours, and the form that a hand-made account file may carry."""

_INDEX = re.compile(r"/\d+(?=/|$)")


def token(text: str, length: int) -> str:
    """`length` (at most 16) base-32 characters that look random and follow from `text`."""
    digest = blake2b(text.encode(), digest_size=10).digest()
    return b32encode(digest).decode()[:length]


@cache
def _leaf_code(pointer: str) -> str:
    return token(pointer, 7)


def leaf(stem: str, pointer: str) -> str:
    """The canary of one leaf: 24 characters, `stem` of the object and code of the pointer."""
    return stem + _leaf_code(pointer)


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes the canaries of one sandbox; the same seed makes the same ones."""

    seed: int

    def stem(self, kind: str, object_id: str) -> str:
        return PREFIX + token(f"{self.seed}/{kind}/{object_id}", 13)

    def leaf(self, kind: str, object_id: str, pointer: str) -> str:
        return leaf(self.stem(kind, object_id), pointer)


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted string; `pointer` is a JSON pointer with `*` for array positions."""

    text: str
    endpoint: str
    pointer: str


def find(endpoint: str, body: object, pointer: str = "") -> Iterator[Canary]:
    """Every canary in a JSON value, keys included."""
    if isinstance(body, str):
        where = _INDEX.sub("/*", pointer)
        yield from (Canary(hit, endpoint, where) for hit in PATTERN.findall(body))
    elif isinstance(body, Mapping):
        for key, value in body.items():
            yield from find(endpoint, value, f"{pointer}/{key}")
    elif isinstance(body, Sequence):
        for position, value in enumerate(body):
            yield from find(endpoint, value, f"{pointer}/{position}")
