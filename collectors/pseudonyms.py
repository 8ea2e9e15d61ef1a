"""Ids leave this package only as pseudonyms."""

import hmac

PSEUDONYM_BYTES = 16
_CACHE_LIMIT = 50_000


class Pseudonyms:
    """HMAC-SHA-256(key of the epoch, kind ‖ 0 ‖ id), first 16 bytes.

    Keyed, because PagerDuty ids are short enough to be found by trying them all; one key per
    epoch, so that two connections of one account cannot be linked.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("a pseudonym key has at least 32 bytes")
        self._key = key
        self._cache: dict[tuple[str, str], bytes] = {}

    def __repr__(self) -> str:
        return "Pseudonyms(key hidden)"

    def of(self, kind: str, identifier: str) -> bytes:
        """The pseudonym of one PagerDuty id; ids are unique only per kind."""
        found = self._cache.get((kind, identifier))
        if found is None:
            message = kind.encode() + b"\x00" + identifier.encode("utf-8", "surrogatepass")
            found = hmac.digest(self._key, message, "sha256")[:PSEUDONYM_BYTES]
            if len(self._cache) >= _CACHE_LIMIT:
                self._cache.clear()
            self._cache[kind, identifier] = found
        return found
