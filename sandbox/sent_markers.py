"""The markers that a proof's sandbox has sent: a marker that was not sent proves nothing."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

from flask import Response

from sandbox.canaries import REST, Mint

_ID_TOKEN = re.compile(rb'"id_token":\s*"[\w-]+\.([\w-]+)\.')


@dataclass(slots=True)
class SentMarkers:
    """Every marker in every response, once."""

    mint: Mint
    _seen: set[bytes] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def note(self, response: Response) -> None:
        """Only the head of a streamed response is read."""
        head = f"{response.status}\n{response.headers}".encode()
        body = b"" if response.is_streamed else response.get_data()
        found = {*self.markers(head), *self.markers(body)}
        for claims in _ID_TOKEN.findall(body):
            found |= set(self.markers(urlsafe_b64decode(claims + b"==")))
        with self._lock:
            self._seen |= found

    def markers(self, data: bytes) -> Iterator[bytes]:
        """Strings, numbers and moments as they were planted."""
        return iter(_pattern(self.mint).findall(data))

    def all(self) -> list[bytes]:
        with self._lock:
            return sorted(self._seen)


_PATTERNS: dict[str, re.Pattern[bytes]] = {}


def _pattern(mint: Mint) -> re.Pattern[bytes]:
    if mint.prefix not in _PATTERNS:
        forms = rf"{mint.prefix}[A-Z2-7]{{{REST}}}|{mint.number}\d{{5}}|{mint.day}T[\d:]{{8}}Z"
        _PATTERNS[mint.prefix] = re.compile(forms.encode())
    return _PATTERNS[mint.prefix]
