"""What a response means: its status, its rate limit, and its body up to a cap and a deadline."""

import zlib
from collections.abc import Callable, Mapping

import requests
from urllib3.exceptions import HTTPError

from collectors.client.budget import RateLimit
from collectors.client.rate_limits import Admission, Outcome
from collectors.client.request import Failure, Request
from collectors.errors import CollectorError, Gone, NotAvailable, RequestRefused, TooLarge

ACCEPTED = "gzip, deflate"
_ENCODINGS = frozenset({"identity", "gzip", "deflate"})
_CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_MAX_HEADER = 1_000_000
"""No rate limit and no reset is higher; a higher number is ignored as nonsense."""


def read_response(
    request: Request,
    response: requests.Response,
    admission: Admission,
    overdue: Callable[[], bool],
) -> bytes | Failure:
    """The body, or why there is none. Raises a CollectorError that no retry can change.

    ``overdue`` is called after each piece of the body.
    """
    status = response.status_code
    admission.rate_limit = rate_limit(response.headers)
    if status == 429:
        admission.outcome = Outcome.LIMITED
        return Failure.LIMITED
    if status == 408 or status >= 500:
        admission.outcome = Outcome.FAILED
        return Failure.NO_RESPONSE
    if status == 401:
        return Failure.REJECTED
    if 300 <= status < 400:
        return Failure.REDIRECTED
    if not 200 <= status < 300:
        raise _refusal(request, status)
    body = read_body(request, response, overdue)
    if body is Failure.NO_RESPONSE:
        admission.outcome = Outcome.FAILED
    return body


def _refusal(request: Request, status: int) -> CollectorError:
    if status == 402:
        return NotAvailable(request.name, "plan")
    if status == 403:
        return NotAvailable(request.name, "role")
    if status == 404 and request.owner is not None:
        return Gone(request.name)
    return RequestRefused(request.name, f"status {status}")


def rate_limit(headers: Mapping[str, str]) -> RateLimit | None:
    """The ``ratelimit-*`` headers, or None where one is absent or makes no sense."""
    limit = _number(headers.get("ratelimit-limit"))
    remaining = _number(headers.get("ratelimit-remaining"))
    reset = _number(headers.get("ratelimit-reset"))
    if limit is None or remaining is None or reset is None or limit < 1 or reset < 0:
        return None
    return RateLimit(int(limit), max(0, int(remaining)), reset)


def _number(header: str | None) -> float | None:
    try:
        value = float(header) if header is not None else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < _MAX_HEADER else None


def read_body(
    request: Request, response: requests.Response, overdue: Callable[[], bool]
) -> bytes | Failure:
    """The body; NO_RESPONSE where it broke off or ran past its deadline.

    Raises TooLarge for more than the resource's cap after decompression.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower() or "identity"
    if encoding not in _ENCODINGS:
        request.detail = "an encoding that was not requested"
        return Failure.SHAPE
    cap = request.resource.max_bytes
    body = _Body(encoding, cap)
    ended = _receive(response, body, overdue)
    if body.full:
        raise TooLarge(request.name, f"more than {cap} bytes")
    return bytes(body.bytes) if ended and body.complete else Failure.NO_RESPONSE


def _receive(response: requests.Response, body: "_Body", overdue: Callable[[], bool]) -> bool:
    # read1 returns after each piece that arrives: a slow body cannot outlive its deadline.
    try:
        while data := response.raw.read1(_CHUNK, decode_content=False):
            body.add(data)
            if body.full or overdue():
                return False
    except (HTTPError, OSError, zlib.error):
        return False
    return True


class _Body:
    """Decompressed bytes, never more than one above the cap."""

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
    def complete(self) -> bool:
        """Whether a compressed stream reached its end."""
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
            # "deflate" should start with zlib's two bytes, and often does not.
            wrapped = self._head[0] & 15 == 8 and int.from_bytes(self._head[:2]) % 31 == 0
            self._inflater = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
            data, self._head = self._head, b""
        self.bytes += self._inflater.decompress(data, self._room())
        if self._inflater.unused_data:
            raise zlib.error("more follows the stream")

    def _room(self) -> int:
        return max(1, self._cap + 1 - len(self.bytes))
