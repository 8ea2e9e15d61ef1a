"""What a run looks for: strings with one prefix, numbers, moments of one day, digests.

Patterns are so long, or so bounded, that none of them is found by chance
(`tests/unit/proof/test_chance.py` has the arithmetic).
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

TOKEN = 24
"""Characters of a planted string, its prefix included."""
_SECONDS, _SHORT = "moment in seconds", "moment in six bytes"
WEAK = frozenset({"crc32", _SECONDS, _SHORT})
"""So short that one may be found by chance; three different ones in a sink are not."""
WEAK_LEAST = 3
_MICROSECONDS = 1_000_000
_MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Markers:
    """The markers of one run.

    ``prefix`` begins every planted string, ``day`` (``YYYY-MM-DD``) every planted moment.
    ``numbers`` and ``moments`` (seconds since 1970) are those planted; ``drawn`` the texts whose
    digests are looked for, each by its token.
    """

    prefix: str
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
            # In hexadecimal too: a decoder comes before.
            yield digest, name, token
    for number in markers.numbers:
        yield str(number).encode(), "number", str(number)
        yield from _in_binary(number, "number", str(number))
    for moment in markers.moments:
        token = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield str(moment).encode(), _SECONDS, token
        for unit in (_MILLISECONDS, _MICROSECONDS):
            yield str(moment * unit).encode(), "moment", token
        yield from _in_binary(moment * _MICROSECONDS, "moment", token)
        milliseconds = moment * _MILLISECONDS
        yield milliseconds.to_bytes(6, "big"), _SHORT, token
        yield milliseconds.to_bytes(8, "little"), "moment", token


def _in_binary(value: int, name: str, token: str) -> Iterator[tuple[bytes, str, str]]:
    """As SQLite (most significant byte first) and PostgreSQL store it: both in eight bytes."""
    yield value.to_bytes(8, "big"), name, token
    yield value.to_bytes(8, "little"), name, token


def checksums(markers: Markers) -> dict[bytes, str]:
    """A CRC-32 counts only where it is a word of its own."""
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
