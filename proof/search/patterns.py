"""Thousands of short patterns in one pass: six bytes select, a table decides."""

import string
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

_SIZE = 1 << 24
_PIECE = 1 << 18
_HEAD = 6
LONG = 15
"""Digits that no hexadecimal text has by chance."""
_DIGITS = frozenset({bytes([one]) for one in b"0123456789"})
_WORD = frozenset({bytes([one]) for one in string.ascii_letters.encode()}) | _DIGITS


class PatternSet:
    """Patterns of at least six bytes, each with what it stands for. Raises ValueError."""

    def __init__(self, patterns: Iterable[tuple[bytes, str, str]]) -> None:
        self._by_head: dict[bytes, list[tuple[bytes, str, str]]] = {}
        for pattern in patterns:
            if len(pattern[0]) < _HEAD:
                raise ValueError("a pattern is too short to be found")
            self._by_head.setdefault(pattern[0][:_HEAD], []).append(pattern)
        self._first, self._second = (np.zeros(_SIZE, dtype=np.bool_) for _ in range(2))
        heads = np.array([int.from_bytes(head) for head in self._by_head], dtype=np.uint64)
        self._heads = np.sort(heads)
        self._first[heads >> 24] = True
        self._second[heads & 0xFFFFFF] = True

    def find(self, data: bytes) -> Iterator[tuple[str, str]]:
        """(name, token) of every pattern that stands somewhere in ``data``."""
        if not self._by_head or len(data) < _HEAD:
            return
        octets = np.frombuffer(data, dtype=np.uint8)
        for start in range(0, len(data) - _HEAD + 1, _PIECE):
            for at in self._candidates(octets[start : start + _PIECE + _HEAD - 1]):
                yield from self._at(data, start + int(at))

    def _candidates(self, octets: NDArray[np.uint8]) -> NDArray[np.intp]:
        """Where six bytes begin some pattern."""
        piece = octets.astype(np.uint32)
        threes = piece[:-2] << 16 | piece[1:-1] << 8 | piece[2:]
        begun = np.flatnonzero(self._first[threes[:-3]])
        begun = begun[self._second[threes[begun + 3]]]
        heads = threes[begun].astype(np.uint64) << np.uint64(24) | threes[begun + 3]
        places = np.searchsorted(self._heads, heads) % len(self._heads)
        found: NDArray[np.intp] = begun[self._heads[places] == heads]
        return found

    def _at(self, data: bytes, at: int) -> Iterator[tuple[str, str]]:
        for pattern, name, token in self._by_head.get(data[at : at + _HEAD], ()):
            if data.startswith(pattern, at) and not _is_part(pattern, data, at):
                yield name, token


def _is_part(pattern: bytes, data: bytes, at: int) -> bool:
    """Whether digits are only a part of a longer number, of a fraction, or of a hexadecimal text.

    Sixteen digits of a hexadecimal text are not planted ones by chance; ten are.
    """
    if not pattern.isdigit():
        return False
    others = _DIGITS if len(pattern) >= LONG else _WORD
    before, after = data[max(at - 2, 0) : at], data[at + len(pattern) : at + len(pattern) + 1]
    is_fraction = before[-1:] == b"." and before[:1] in _DIGITS
    return is_fraction or before[-1:] in others or after in others
