"""Bodies from a real server: their size, their deadline, and the connections used."""

import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from collectors.client import attempt
from collectors.client.budget import RateLimit
from collectors.client.client import PagerDutyClient
from collectors.client.rate_limits import LocalLimiter
from collectors.egress import open_session, rest_rules
from collectors.errors import RequestRefused, TooLarge, Unreachable
from collectors.pseudonyms import Pseudonyms
from collectors.resources.services import SERVICES

GOOD = b'{"services":[{"id":"P1"}],"more":false}'
MIB = 1024 * 1024
LIMITS = {"ratelimit-limit": "960", "ratelimit-remaining": "959", "ratelimit-reset": "60"}
Respond = Callable[[BaseHTTPRequestHandler], None]


def whole(
    body: bytes, encoding: str = "", status: int = 200, limits: Mapping[str, str] | None = None
) -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        if encoding:
            handler.send_header("Content-Encoding", encoding)
        for name, value in (limits or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def chunked(*pieces: bytes, encoding: str = "identity", end: bool = True) -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Content-Encoding", encoding)
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if end:
            handler.wfile.write(b"0\r\n\r\n")
        else:
            handler.close_connection = True

    return respond


def cut(length: int) -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(length))
        handler.end_headers()
        handler.wfile.write(GOOD)
        handler.close_connection = True

    return respond


@dataclass
class Server:
    url: str
    responses: list[Respond] = field(default_factory=list)
    """In turn; the last one for all further requests."""
    connections: set[object] = field(default_factory=set)
    headers: list[dict[str, str]] = field(default_factory=list)
    sent: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def trickle(self, handler: BaseHTTPRequestHandler) -> None:
        """A body that never ends, and never pauses for long."""
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        try:
            while not self.stopped.wait(0.02):
                handler.wfile.write(b" ")
                self.sent += 1
        except OSError:
            handler.close_connection = True


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.connections.add(self.client_address)
            found.headers.append(dict(self.headers))
            turn = min(len(found.headers), len(found.responses)) - 1
            found.responses[turn](self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what the tests are about."""

    httpd = Quiet(("127.0.0.1", 0), Handler)
    found = Server(f"http://127.0.0.1:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield found
    found.stopped.set()
    httpd.shutdown()
    thread.join()
    httpd.server_close()


class Tokens:
    def access_token(self, *, rejected: str | None = None) -> str:
        return "token"


class Noting(LocalLimiter):
    """Notes each rate limit."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[RateLimit | None] = []

    def responded(self, bucket: str, rate_limit: RateLimit | None) -> None:
        self.noted.append(rate_limit)
        super().responded(bucket, rate_limit)


@pytest.fixture
def limiter() -> Noting:
    return Noting()


@pytest.fixture
def client(server: Server, limiter: Noting) -> Iterator[PagerDutyClient]:
    def session() -> object:
        return open_session(rest_rules([server.url]))

    with PagerDutyClient(
        session,  # type: ignore[arg-type]
        server.url,
        Tokens(),
        Pseudonyms(bytes(32)),
        limiter,
        attempts=2,
    ) as opened:
        yield opened


def _deflated(body: bytes, bits: int) -> bytes:
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    "respond",
    [
        whole(GOOD),
        whole(gzip.compress(GOOD), "gzip"),
        whole(_deflated(GOOD, zlib.MAX_WBITS), "deflate"),
        whole(_deflated(GOOD, -zlib.MAX_WBITS), "deflate"),
        chunked(GOOD[:7], GOOD[7:]),
        chunked(*[bytes([each]) for each in gzip.compress(GOOD)], encoding="gzip"),
        chunked(*[bytes([each]) for each in _deflated(GOOD, 15)], encoding="deflate"),
        whole(GOOD, status=201),
    ],
    ids=["plain", "gzip", "deflate", "raw-deflate", "chunks", "gzip-chunks", "bytes", "201"],
)
def test_a_body_is_read_in_each_encoding(
    respond: Respond, server: Server, client: PagerDutyClient
) -> None:
    server.responses = [respond]
    assert client.page(SERVICES, {"limit": "100"}).received == 1
    assert server.headers[0]["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    "respond",
    [
        cut(len(GOOD) + 1),
        chunked(GOOD, end=False),
        whole(gzip.compress(GOOD)[:-9], "gzip"),
        whole(gzip.compress(GOOD) * 2, "gzip"),
        whole(GOOD, "gzip"),
        whole(b"\x78", "deflate"),
    ],
    ids=["short", "cut-chunks", "cut-gzip", "two-streams", "no-gzip", "one-byte"],
)
def test_an_incomplete_body_is_retried_even_if_it_parses(
    respond: Respond, server: Server, client: PagerDutyClient
) -> None:
    server.responses = [respond, whole(GOOD)]
    assert client.page(SERVICES, {}).received == 1
    assert len(server.headers) == 2
    server.responses = [respond]
    with pytest.raises(Unreachable):
        client.page(SERVICES, {})


def test_a_bomb_is_not_inflated_beyond_the_cap(server: Server, client: PagerDutyClient) -> None:
    inflated = 30 * SERVICES.max_bytes
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    zeros = bytes(MIB)
    bomb = b"".join(packer.compress(zeros) for _ in range(inflated // MIB)) + packer.flush()
    server.responses = [whole(GOOD), whole(bomb, "gzip")]
    client.page(SERVICES, {})
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            client.page(SERVICES, {})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * SERVICES.max_bytes
    assert len(server.headers) == 2


def test_a_body_at_the_cap_is_read_and_one_byte_more_is_not(
    server: Server, client: PagerDutyClient
) -> None:
    full = GOOD + b" " * (SERVICES.max_bytes - len(GOOD))
    server.responses = [
        whole(gzip.compress(full, 1), "gzip"),
        whole(gzip.compress(full + b" ", 1), "gzip"),
    ]
    assert client.page(SERVICES, {}).received == 1
    with pytest.raises(TooLarge):
        client.page(SERVICES, {})


def test_a_slow_body_ends_at_its_deadline(
    server: Server, client: PagerDutyClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "DEADLINE_SECONDS", 0.3)
    server.responses = [server.trickle]
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        client.page(SERVICES, {})
    assert time.monotonic() - begun < 10
    assert len(server.headers) == 2
    assert server.sent > 5


def test_pages_in_a_row_use_one_connection(server: Server, client: PagerDutyClient) -> None:
    server.responses = [whole(GOOD), whole(gzip.compress(GOOD), "gzip"), chunked(GOOD)]
    for _ in range(6):
        client.page(SERVICES, {})
    assert len(server.connections) == 1


def test_four_threads_have_a_connection_each_and_count_every_request(
    server: Server, client: PagerDutyClient
) -> None:
    together = threading.Barrier(4, timeout=20)

    def slow(handler: BaseHTTPRequestHandler) -> None:
        together.wait()
        whole(GOOD, limits=LIMITS)(handler)

    server.responses = [slow]
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda _: client.page(SERVICES, {}), range(40)))
    assert [page.received for page in pages] == [1] * 40
    assert len(server.connections) == 4
    assert client.counters.take() == (40, 0)
    assert client.counters.take() == (0, 0)


def test_a_redirect_is_neither_followed_nor_read(server: Server, client: PagerDutyClient) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", f"{server.url}/users")
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()

    server.responses = [endless, endless]
    begun = time.monotonic()
    with pytest.raises(RequestRefused):
        client.page(SERVICES, {})
    assert time.monotonic() - begun < 5
    assert len(server.headers) == 2, "each attempt goes to the declared address"


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        ({}, RateLimit(960, 959, 60.0)),
        ({"ratelimit-reset": "1.5"}, RateLimit(960, 959, 1.5)),
        ({"ratelimit-remaining": "-3"}, RateLimit(960, 0, 60.0)),
        ({"ratelimit-limit": "0"}, None),
        ({"ratelimit-limit": "many"}, None),
        ({"ratelimit-remaining": "nan"}, None),
        ({"ratelimit-reset": "inf"}, None),
        ({"ratelimit-reset": "-1"}, None),
        ({"ratelimit-reset": "9" * 400}, None),
        ({"ratelimit-reset": ""}, None),
    ],
    ids=str,
)
def test_nonsense_in_headers_is_ignored(
    odd: dict[str, str],
    expected: RateLimit | None,
    limiter: Noting,
    server: Server,
    client: PagerDutyClient,
) -> None:
    server.responses = [whole(GOOD, limits=LIMITS | odd)]
    client.page(SERVICES, {})
    assert limiter.noted == [expected]
