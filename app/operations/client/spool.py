"""Spool: bytes whose SHA-256 must be known before the first is sent, too many to keep in memory."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from app.core.crypto import Ring, new_key, seal, unseal
from app.extensions import bound

PIECE = 1024 * 1024


class Spool:
    """On disk without a name, sealed under a key that only this object has.

    When it is closed, or its process dies, file and key no longer exist; what the disk still
    has is noise.
    """

    def __init__(self, file: IO[bytes], text: Iterable[str]) -> None:
        self._file = file
        self.size = 0
        self._digest = hashlib.sha256()
        self._ring = Ring(1, {1: new_key()})
        self._lengths: list[int] = []
        for piece in _pieces(text):
            self._write(piece)

    @property
    def sha256(self) -> bytes:
        """Of the whole, in plain text."""
        return self._digest.digest()

    def pieces(self) -> Iterator[bytes]:
        """The plain text, once."""
        self._file.seek(0)
        for number, length in enumerate(self._lengths):
            yield unseal(self._ring, self._file.read(length), str(number))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __del__(self) -> None:
        """Close also after an error, or if the response was never read."""
        self.close()

    def _write(self, piece: bytes) -> None:
        self.size += len(piece)
        self._digest.update(piece)
        # Its number is bound to it: pieces read in another order do not open.
        sealed = seal(self._ring, piece, str(len(self._lengths)))
        self._lengths.append(len(sealed))
        self._file.write(sealed)


def spooled(text: Iterable[str]) -> Spool:
    """Write a complete text."""
    # Beside the database, where there is room; a temporary folder may be memory.
    return Spool(tempfile.TemporaryFile(dir=bound.config.instance), text)


def _pieces(text: Iterable[str]) -> Iterator[bytes]:
    parts, size = [], 0
    for each in text:
        parts.append(each)
        size += len(each)
        if size >= PIECE:
            yield "".join(parts).encode()
            parts, size = [], 0
    if parts:
        yield "".join(parts).encode()
