"""What was planted, and where: kept by the proof, in no place that the product can write to."""

import random
import re
import secrets
from base64 import b32encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from proof.search.markers import Markers
from sandbox.canaries import REST, WORD, Mint

DRAWN = 2_000
SEED = 1
_EACH = 40
"""Texts that are remembered of one place, to draw from."""


def word() -> str:
    """Six letters that are new in each run."""
    return b32encode(secrets.token_bytes(5)).decode()[:WORD]


@dataclass(slots=True)
class Registry:
    """Every planted marker with its origin: ``endpoint pointer``, array positions as ``*``."""

    mint: Mint
    origins: dict[str, str] = field(default_factory=dict)
    _texts: dict[str, dict[str, str]] = field(default_factory=dict)
    """By origin: texts as they were sent, each with its marker."""

    def read(self, endpoint: str, pointer: str, value: object) -> None:
        """Take in everything below one place of an answer, keys included."""
        if isinstance(value, dict):
            for key, one in value.items():
                self.text(endpoint, f"{pointer}/{{key}}", key)
                self.read(endpoint, f"{pointer}/{self._name(key)}", one)
        elif isinstance(value, list):
            for one in value:
                self.read(endpoint, f"{pointer}/*", one)
        elif isinstance(value, str | int):
            self.text(endpoint, pointer, str(value))

    def text(self, endpoint: str, pointer: str, text: str) -> None:
        """Take in the markers of one text."""
        for token in _marks(self.mint, text):
            origin = self.origins.setdefault(token, f"{endpoint} {pointer}")
            if token.startswith(self.mint.prefix):
                kept = self._texts.setdefault(origin, {})
                if len(kept) < _EACH:
                    kept.setdefault(text, token)

    def _name(self, key: str) -> str:
        return "{key}" if self.mint.prefix in key else key

    def markers(self, controls: Iterable[str] = ()) -> Markers:
        """What the scanner looks for; ``controls`` are texts of ours whose digests count too."""
        controls = set(controls)
        planted = controls | set(self.origins)
        drawn = dict(islice(self._drawn(), DRAWN))
        drawn |= {text: text for text in controls if text.startswith(self.mint.prefix)}
        return Markers(
            prefix=self.mint.prefix,
            day=self.mint.day,
            numbers=frozenset(int(one) for one in planted if one.isdecimal()),
            moments=frozenset(_seconds(one) for one in planted if one.startswith(self.mint.day)),
            drawn=drawn,
        )

    def _drawn(self) -> Iterator[tuple[str, str]]:
        """Texts, each once and every place in turn; which come first, nobody can foresee."""
        dice, seen = random.SystemRandom(), set[str]()
        places = [list(texts.items()) for texts in self._texts.values()]
        dice.shuffle(places)
        for text, token in (place[n] for n in range(_EACH) for place in places if n < len(place)):
            if text not in seen:
                seen.add(text)
                yield text, token


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


_FORMS: dict[str, re.Pattern[str]] = {}


def _marks(mint: Mint, text: str) -> list[str]:
    if mint.prefix not in _FORMS:
        forms = rf"{mint.prefix}[A-Z2-7]{{{REST}}}|{mint.number}\d{{5}}|{mint.day}T[\d:]{{8}}Z"
        _FORMS[mint.prefix] = re.compile(forms)
    return _FORMS[mint.prefix].findall(text)
