"""Bodies of answers: read up to a cap, however small they were sent, and not for ever."""

import zlib
from collections.abc import Callable

import requests
from urllib3.exceptions import HTTPError

from collectors.errors import TooLarge, UnexpectedShape
from collectors.resource import Resource

ACCEPTED = "gzip, deflate"
_CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class _Body:
    """Bytes as they were before they were compressed, never more than one above the cap."""

    def __init__(self, encoding: str, cap: int) -> None:
        self.bytes = bytearray()
        self._encoding = encoding
        self._cap = cap
        self._head = b""
        self._inflater = zlib.decompressobj(_GZIP) if encoding == "gzip" else None

    @property
    def full(self) -> bool:
        return len(self.bytes) > self._cap

    @property
    def whole(self) -> bool:
        """Whether a compressed stream came to its end."""
        return self._encoding == "identity" or (self._inflater is not None and self._inflater.eof)

    def add(self, data: bytes) -> None:
        """Raises zlib.error."""
        if self._encoding == "identity":
            self.bytes += data[: self._room()]
            return
        if self._inflater is None:
            self._head += data
            if len(self._head) < 2:
                return
            # "deflate" is meant to have zlib's two bytes in front, and often has not.
            wrapped = self._head[0] & 15 == 8 and int.from_bytes(self._head[:2]) % 31 == 0
            self._inflater = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
            data, self._head = self._head, b""
        self.bytes += self._inflater.decompress(data, self._room())
        if self._inflater.unused_data:
            raise zlib.error("more follows the stream")

    def _room(self) -> int:
        return max(1, self._cap + 1 - len(self.bytes))


def read_body(
    resource: Resource, response: requests.Response, overdue: Callable[[], bool]
) -> bytes | None:
    """The body, or None where the connection broke off or ``overdue`` said that time is over.

    Raises TooLarge for more than the resource's cap after decompression, UnexpectedShape for an
    encoding that was not asked for. ``overdue`` is called after each piece.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower() or "identity"
    if encoding not in {"identity", "gzip", "deflate"}:
        raise UnexpectedShape(resource.name, "an encoding that was not asked for")
    body = _Body(encoding, resource.max_bytes)
    came = _pour(response, body, overdue)
    if body.full:
        raise TooLarge(resource.name, f"more than {resource.max_bytes} bytes")
    return bytes(body.bytes) if came and body.whole else None


def _pour(response: requests.Response, body: _Body, overdue: Callable[[], bool]) -> bool:
    # read1 returns after each piece that arrives: a body that trickles cannot outlive its time.
    try:
        while data := response.raw.read1(_CHUNK, decode_content=False):
            body.add(data)
            if body.full or overdue():
                return False
    except (HTTPError, OSError, zlib.error):
        return False
    return True
