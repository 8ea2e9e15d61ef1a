"""Search bytes for the markers of a run, decoding up to four times over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from proof.search.decoders import children
from proof.search.markers import TOKEN, Markers, checksums, search_patterns
from proof.search.patterns import PatternSet

DEPTH = 4
_WORDS = re.compile(rb"[0-9A-Za-z-]{8,}")
_LETTERS = re.compile(rb"[A-Za-z2-7]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One marker that was found: ``token`` as it was planted, ``way`` the decoders that led to it.

    ``token`` of a string that is cut short is what is left of it.
    """

    token: str
    what: str
    way: tuple[str, ...]


class Scanner:
    """Finds every marker of one run, and counts the bytes it reads."""

    def __init__(self, markers: Markers, depth: int = DEPTH) -> None:
        self._prefix = markers.prefix.lower().encode()
        self._day = markers.day.encode()
        self._patterns = PatternSet(search_patterns(markers))
        self._checksums = checksums(markers)
        self._depth = depth
        self.bytes = 0

    def scan(self, data: bytes, *, whole: bool = False) -> set[Hit]:
        """Every marker in ``data``; ``whole`` where it is one value and no file of many."""
        self.bytes += len(data)
        hits = set(self._scan(data, (), whole=whole))
        full = {hit.token for hit in hits if len(hit.token) == TOKEN}
        # A decoder that takes a part of something cuts what another has found whole.
        return {hit for hit in hits if not _is_cut(hit, full)}

    def _scan(self, data: bytes, way: tuple[str, ...], *, whole: bool) -> Iterator[Hit]:
        yield from self._here(data, way)
        if len(way) < self._depth:
            for name, found in children(data, whole=whole):
                yield from self._scan(found, (*way, name), whole=True)

    def _here(self, data: bytes, way: tuple[str, ...]) -> Iterator[Hit]:
        low = data.lower()
        for at in _places(low, self._prefix):
            letters = _LETTERS.match(data, at, at + TOKEN)
            text = letters.group() if letters else b""
            yield Hit(text.decode().upper(), "text", way)
        for at in _places(data, self._day):
            clock = data[at + len(self._day) + 1 : at + 19]
            token = f"{self._day.decode()}T{clock.decode('ascii', 'replace')}Z"
            yield Hit(token, "moment", way)
        for name, token_text in self._patterns.find(data):
            yield Hit(token_text, name, way)
        for word in self._checksums.keys() & set(_WORDS.findall(data)):
            yield Hit(self._checksums[word], "crc32", way)


def _is_cut(hit: Hit, full: set[str]) -> bool:
    return (
        hit.what == "text"
        and len(hit.token) < TOKEN
        and any(token.startswith(hit.token) for token in full)
    )


def _places(data: bytes, pattern: bytes) -> Iterator[int]:
    at = data.find(pattern)
    while at >= 0:
        yield at
        at = data.find(pattern, at + 1)
