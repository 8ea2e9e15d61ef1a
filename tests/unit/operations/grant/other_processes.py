"""Other processes of the same installation, and servers that stand in for PagerDuty."""

import json
import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock
from urllib.parse import parse_qs

from app.core import crash_points
from app.core.clock import now
from app.core.config import Config
from app.core.errors import Busy
from app.extensions import bind, bound
from app.operations.grant import tokens
from app.operations.grant.grant import Grant
from app.operations.grant.limiter import SharedLimiter
from app.operations.grant.tokens import StoredTokens
from collectors.client.client import PagerDutyClient
from collectors.egress import open_session, rest_rules
from collectors.errors import Unreachable
from collectors.pseudonyms import Pseudonyms
from collectors.resources.services import SERVICES
from tests.forked import FORKS


class OneToken:
    def access_token(self, *, rejected: str | None = None) -> str:
        return "token"


def settings(identity: str = "http://localhost:9") -> dict[str, str]:
    """What another process needs to work on the database and keys that are bound here."""
    return {
        "TACIT_INSTANCE": str(bound.config.instance),
        "DATABASE_URL": bound.config.database_url,
        "REDIS_URL": bound.config.redis_url,
        "PAGERDUTY_IDENTITY_URL": identity,
        "PAGERDUTY_CLIENT_ID": "client",
        "PAGERDUTY_CLIENT_SECRET": "secret",
    }


def start(environ: dict[str, str]) -> None:
    """The first thing another process does."""
    bind(Config.from_env(environ))


@contextmanager
def processes(count: int, environ: dict[str, str]) -> Iterator[ProcessPoolExecutor]:
    """So many processes, all running before the first work is handed out."""
    together = FORKS.Barrier(count)
    with ProcessPoolExecutor(
        count, mp_context=FORKS, initializer=_start_together, initargs=(environ, together)
    ) as pool:
        yield pool


def _start_together(environ: dict[str, str], together: "threading.Barrier") -> None:
    start(environ)
    together.wait(60)


def request_pages(url: str, epoch_id: bytes, count: int) -> tuple[int, int]:
    """Request so many pages, four at a time; (requests, 429s)."""

    def session() -> object:
        return open_session(rest_rules([url]))

    with PagerDutyClient(
        session,  # type: ignore[arg-type]
        url,
        OneToken(),
        Pseudonyms(bytes(32)),
        SharedLimiter(epoch_id),
    ) as client:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: client.page(SERVICES, {"limit": "100"}), range(count)))
        return client.counters.take()


def request_token(epoch_id: bytes, handle: str) -> str:
    """An access token, as the client requests it, with retries."""
    for _ in range(20):
        try:
            return StoredTokens(epoch_id, handle).access_token()
        except (Busy, Unreachable):
            continue
    return "none"


def die_with_a_response(environ: dict[str, str], epoch_id: bytes, handle: str) -> None:
    """Refresh, and end between PagerDuty's answer and the commit."""
    os.environ[crash_points.VARIABLE] = crash_points.CrashPoint.GRANT_ANSWERED
    start(environ)
    StoredTokens(epoch_id, handle).access_token()


def use_tokens(epochs: list[tuple[bytes, str]], seed: int, seconds: float) -> tuple[int, int]:
    """Read and refresh tokens at random with two threads; (how often, how many refreshes)."""
    with (
        mock.patch.object(tokens, "request_refresh", _another_grant),
        ThreadPoolExecutor(2) as pool,
    ):
        done = list(pool.map(lambda each: _use(epochs, each, seconds), (seed, seed + 1)))
    return sum(uses for uses, _ in done), sum(refreshes for _, refreshes in done)


def _another_grant(*_: object) -> Grant:
    return Grant(secrets.token_hex(8), secrets.token_hex(8), now() + timedelta(hours=1))


def _use(epochs: list[tuple[bytes, str]], seed: int, seconds: float) -> tuple[int, int]:
    dice, deadline = random.Random(seed), time.monotonic() + seconds  # noqa: S311 - no secret
    uses = refreshes = 0
    while time.monotonic() < deadline:
        stored = StoredTokens(*dice.choice(epochs))
        token = stored.access_token()
        uses += 1
        if dice.random() < 0.2:
            assert stored.access_token(rejected=token) != token
            refreshes += 1
    return uses, refreshes


class TokenEndpoint:
    """Rotates: a refresh token that is used twice ends the grant, unless ``forgiving``."""

    def __init__(self, *, forgiving: bool = False) -> None:
        self.received: list[str] = []
        self.forgiving = forgiving
        self.stopped = threading.Event()
        self.delay = 0.0
        self._lock = threading.Lock()

    def response(self, refresh_token: str) -> tuple[int, dict[str, object]]:
        self.stopped.wait(self.delay)
        with self._lock:
            used = refresh_token in self.received
            self.received.append(refresh_token)
            if used and not self.forgiving:
                return 400, {"error": "invalid_grant"}
            number = len(self.received)
        return 200, {
            "access_token": f"access-{number}",
            "refresh_token": f"refresh-{number}",
            "token_type": "bearer",
            "expires_in": 3600,
        }


@contextmanager
def serving(response: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server on a free port of this machine; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            response(self)

        def do_POST(self) -> None:
            response(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what the tests are about."""

    httpd = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def send_json(
    handler: BaseHTTPRequestHandler, status: int, body: object, headers: dict[str, str]
) -> None:
    """Answer a request."""
    data = json.dumps(body).encode()
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(data)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)


@contextmanager
def token_endpoint(endpoint: TokenEndpoint) -> Iterator[str]:
    """The endpoint as a server."""

    def response(handler: BaseHTTPRequestHandler) -> None:
        form = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        status, body = endpoint.response(parse_qs(form)["refresh_token"][0])
        send_json(handler, status, body, {"Content-Type": "application/json"})

    with serving(response) as url:
        try:
            yield url
        finally:
            endpoint.stopped.set()
