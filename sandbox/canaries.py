"""A string of its own for every free-text leaf, so that a leak names the leaf it came from.

All of one run begin with `CNRY` and the run's word, so that one search finds them all. Planted
numbers share their first digits, planted moments a day before any object of an account.
"""

import re
from base64 import b32encode
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b

PREFIX = "CNRY"
PATTERN = re.compile(r"CNRY[A-Z2-7]{20}|CANARY_\w+")
"""Ours, and the form that a hand-made account file may carry."""

WORD, REST = 6, 14
"""Letters of a run's word, and those that follow it in a canary."""
NUMBERS, MOMENTS = 900, 120
"""So few that a search finds none of them by chance."""


def token(text: str, length: int) -> str:
    """`length` (at most 16) base-32 characters that look random and follow from `text`."""
    digest = blake2b(text.encode(), digest_size=10).digest()
    return b32encode(digest).decode()[:length]


@cache
def _leaf_code(pointer: str) -> str:
    return token(pointer, 6)


def leaf(stem: str, pointer: str) -> str:
    """The canary of one leaf: 24 characters, `stem` of the object and code of the pointer."""
    return stem + _leaf_code(pointer)


def _number(text: str, below: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % below


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes the canaries of one sandbox; the same seed and word make the same ones.

    `word` is six letters of base 32; without one it follows from the seed.
    """

    seed: int
    word: str = ""

    @property
    def prefix(self) -> str:
        return PREFIX + (self.word or token(f"word/{self.seed}", WORD))

    @property
    def number(self) -> int:
        """Eleven digits that begin every planted number; five follow.

        Such a number is larger than any instant in microseconds, and a double has it exactly.
        """
        return 2 * 10**10 + _number(f"{self.prefix}/number", 7 * 10**10)

    @property
    def day(self) -> str:
        """The day of every planted moment: years before any object of an account."""
        return (date(2001, 1, 1) + timedelta(days=_number(f"{self.prefix}/day", 3000))).isoformat()

    def odd_number(self, of: str) -> int:
        """The last ten thousand, and the day before two in the afternoon, are left to others."""
        return self.number * 10**5 + _number(of, NUMBERS)

    def odd_moment(self, of: str) -> str:
        return f"{self.day}T{timedelta(hours=14, seconds=_number(of, MOMENTS))}Z"

    def stem(self, kind: str, object_id: str) -> str:
        return self.prefix + token(f"{self.seed}/{kind}/{object_id}", 8)

    def whole(self, kind: str, object_id: str) -> str:
        """A canary that is no leaf of an object: an id, a token."""
        return self.prefix + token(f"{self.seed}/{kind}/{object_id}", REST)

    def leaf(self, kind: str, object_id: str, pointer: str) -> str:
        return leaf(self.stem(kind, object_id), pointer)
