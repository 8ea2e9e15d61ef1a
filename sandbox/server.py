"""Serves a sandbox over HTTP on loopback, quietly."""

import signal
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

_LINGER_NOTHING = struct.pack("ii", 1, 0)


class Handler(WSGIRequestHandler):
    """Logs nothing: a request line may hold a code. Small writes leave at once, which saves
    40 ms of delayed acknowledgement a page."""

    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - Werkzeug's name
        """Silent."""

    def connection_dropped(
        self, error: BaseException, environ: dict[str, object] | None = None
    ) -> None:
        """A planted reset: the client sees the connection die without an answer."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOTHING)


def bind(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A threaded server that already listens; port 0 takes a free one (see `.port`)."""
    return make_server(host, port, app, threaded=True, request_handler=Handler)


def serve(server: BaseWSGIServer) -> None:
    """Until SIGTERM or SIGINT; returns when the socket is closed."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this handler interrupts.
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.serve_forever(poll_interval=0.1)


@contextmanager
def running(app: Flask, host: str = "localhost", port: int = 0) -> Iterator[str]:
    """The sandbox in a thread of this process; gives its origin (`http://localhost:PORT`)."""
    server = bind(app, host, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
