"""Ids leave this package only as pseudonyms."""

import hashlib
from collections.abc import Iterable

PSEUDONYM_BYTES = 16
CACHE_LIMIT = 50_000
_BLOCK = 64


class Pseudonyms:
    """HMAC-SHA-256(key of the epoch, kind ‖ 0 ‖ id), first 16 bytes.

    Keyed, because PagerDuty ids are short enough to be found by trying them all; one key per
    epoch, so that two connections of one account cannot be linked. Safe in several threads.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("a pseudonym key has at least 32 bytes")
        # RFC 2104 by hand: half the price of hmac.digest, which hashes the key again each time.
        block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
        self._cache: dict[tuple[str, str], bytes] = {}

    def __repr__(self) -> str:
        return "Pseudonyms(key hidden)"

    def of(self, kind: str, identifier: str) -> bytes:
        """The pseudonym of one PagerDuty id; ids are unique only per kind."""
        found = self._cache.get((kind, identifier))
        if found is None:
            found = self.once(kind, identifier)
            if len(self._cache) >= CACHE_LIMIT:
                self._cache.clear()
            self._cache[kind, identifier] = found
        return found

    def once(self, kind: str, identifier: str) -> bytes:
        """The same, not cached: for ids that are seen once, like a log entry's own."""
        return self._digest(f"{kind}\0{identifier}".encode("utf-8", "surrogatepass"))

    def derived(self, kind: str, values: Iterable[int | bytes | None]) -> bytes:
        """A pseudonym of stored values, for a record that has no id."""
        return self._digest(f"{kind}\0{tuple(values)!r}".encode())

    def _digest(self, message: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()[:PSEUDONYM_BYTES]
