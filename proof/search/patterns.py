"""Thousands of short patterns in one pass: six bytes select, a table decides."""

from collections.abc import Iterable, Iterator

import numpy as np

_SIZE = 1 << 24
_PIECE = 1 << 22
_HEAD = 6


class PatternSet:
    """Patterns of at least six bytes, each with what it stands for. Raises ValueError."""

    def __init__(self, patterns: Iterable[tuple[bytes, str, str]]) -> None:
        self._by_head: dict[bytes, list[tuple[bytes, str, str]]] = {}
        for pattern in patterns:
            if len(pattern[0]) < _HEAD:
                raise ValueError("a pattern is too short to be found")
            self._by_head.setdefault(pattern[0][:_HEAD], []).append(pattern)
        self._first, self._second = (np.zeros(_SIZE, dtype=np.bool_) for _ in range(2))
        for head in self._by_head:
            self._first[int.from_bytes(head[:3])] = True
            self._second[int.from_bytes(head[3:])] = True

    def find(self, data: bytes) -> Iterator[tuple[str, str]]:
        """(name, token) of every pattern that stands somewhere in ``data``."""
        if not self._by_head or len(data) < _HEAD:
            return
        whole = np.frombuffer(data, dtype=np.uint8)
        for start in range(0, len(data) - _HEAD + 1, _PIECE):
            piece = whole[start : start + _PIECE + _HEAD - 1].astype(np.uint32)
            threes = piece[:-2] << 16 | piece[1:-1] << 8 | piece[2:]
            begun = np.flatnonzero(self._first[threes[:-3]])
            for at in begun[self._second[threes[begun + 3]]]:
                yield from self._at(data, start + int(at))

    def _at(self, data: bytes, at: int) -> Iterator[tuple[str, str]]:
        for pattern, name, token in self._by_head.get(data[at : at + _HEAD], ()):
            if data.startswith(pattern, at) and not _is_part(pattern, data, at):
                yield name, token


def _is_part(pattern: bytes, data: bytes, at: int) -> bool:
    """Whether digits are the middle of a longer number: among a million, some are by chance."""
    around = data[max(at - 1, 0) : at] + data[at + len(pattern) : at + len(pattern) + 1]
    return pattern.isdigit() and any(each in b"0123456789" for each in around)
