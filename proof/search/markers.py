"""What a run looks for: strings with one prefix, odd numbers, moments of one odd day, digests."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

TOKEN = 24
"""Characters of a planted string, its prefix included."""
_MICROSECONDS = 1_000_000
_MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Markers:
    """The markers of one run.

    ``prefix`` begins every planted string, ``number`` (ten digits) every planted number, ``day``
    (``YYYY-MM-DD``) every planted moment. ``numbers`` and ``moments`` (seconds since 1970) are
    those planted; ``drawn`` the texts whose digests are looked for, each by its token.
    """

    prefix: str
    number: str
    day: str
    numbers: frozenset[int] = frozenset()
    moments: frozenset[int] = frozenset()
    drawn: Mapping[str, str] = field(default_factory=dict)


def digests(text: bytes) -> Iterator[tuple[str, bytes]]:
    """MD5, SHA-1 and SHA-256, as bytes."""
    yield "md5", hashlib.md5(text, usedforsecurity=False).digest()
    yield "sha1", hashlib.sha1(text, usedforsecurity=False).digest()
    yield "sha256", hashlib.sha256(text).digest()


def crc(text: bytes) -> int:
    """CRC-32."""
    return zlib.crc32(text)


def search_patterns(markers: Markers) -> Iterator[tuple[bytes, str, str]]:
    """(bytes, what they are, token): everything that has no prefix in common."""
    for text, token in markers.drawn.items():
        for name, digest in digests(text.encode()):
            yield digest, name, token
            yield digest.hex().encode(), name, token
            yield digest.hex().upper().encode(), name, token
    for number in markers.numbers:
        yield from _in_binary(number, "number", str(number), 6)
    for moment in markers.moments:
        token = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for unit in (1, _MILLISECONDS, _MICROSECONDS):
            yield str(moment * unit).encode(), "moment", token
        yield from _in_binary(moment * _MICROSECONDS, "moment", token, 7)
        yield from _in_binary(moment * _MILLISECONDS, "moment", token, 6)


def _in_binary(value: int, name: str, token: str, size: int) -> Iterator[tuple[bytes, str, str]]:
    """As SQLite (most significant byte first, six bytes or eight) and PostgreSQL store it."""
    yield value.to_bytes(size, "big"), name, token
    yield value.to_bytes(8, "little"), name, token


def checksums(markers: Markers) -> dict[bytes, str]:
    """Four bytes are found by chance anywhere: a CRC-32 counts only where it stands alone."""
    found: dict[bytes, str] = {}
    for text, token in markers.drawn.items():
        value = crc(text.encode())
        for form in _forms(value):
            found[form] = token
    return found


def _forms(value: int) -> Iterable[bytes]:
    yield f"{value:08x}".encode()
    yield f"{value:08X}".encode()
    yield str(value).encode()
