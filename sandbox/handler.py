"""One connection: requests in turn, kept open between them as PagerDuty's are.

Werkzeug's own handler closes after each request and waits 10 ms for what may still come, which
a client that reuses its connections would pay on every page.
"""

import socket
import struct
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_LINGER_NOTHING = struct.pack("ii", 1, 0)
_LONGEST_BODY = 1 << 20
_NO_BODY = {"204", "304"}


class Handler(WSGIRequestHandler):
    """Logs nothing: a request line may contain a code. Small writes leave at once, which saves
    40 ms of delayed acknowledgement a page."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - Werkzeug's name
        """Silent."""

    def run_wsgi(self) -> None:
        self.environ = environ = self.make_environ()
        environ["wsgi.input"] = BytesIO(self._read_body())
        try:
            self._respond(environ)
        except (ConnectionError, TimeoutError) as error:
            self.connection_dropped(error, environ)

    def _read_body(self) -> bytes:
        """All of it, so that the next request begins where this one ends."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _LONGEST_BODY:
            self.close_connection = True
            return b""
        if "Transfer-Encoding" in self.headers:
            self.close_connection = True
        return self.rfile.read(int(length))

    def _respond(self, environ: "WSGIEnvironment") -> None:
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Any:
            head[:] = [status, headers]

        body: Iterable[bytes] = self.server.app(environ, start_response)
        try:
            self._send(head[0], head[1], body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()

    def _send(self, status: str, headers: list[tuple[str, str]], body: Iterable[bytes]) -> None:
        code, _, phrase = status.partition(" ")
        lengths = [int(value) for name, value in headers if name.lower() == "content-length"]
        chunked = not lengths and code not in _NO_BODY
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        sent = 0
        if self.command != "HEAD":
            sent = self._send_body(body, chunked=chunked)
        if lengths and sent != lengths[0]:
            self.close_connection = True

    def _send_body(self, body: Iterable[bytes], *, chunked: bool) -> int:
        sent = 0
        for part in body:
            if part:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
                sent += len(part)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")
        return sent

    def connection_dropped(
        self, error: BaseException, environ: "WSGIEnvironment | None" = None
    ) -> None:
        """A planted reset: the client sees the connection die without an answer."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOTHING)
