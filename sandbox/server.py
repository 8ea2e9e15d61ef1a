"""Serves a sandbox over HTTP on loopback, quietly."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer

from sandbox.handler import Handler


class Server(ThreadedWSGIServer):
    """A thread for each connection; closing the server ends those that are still open."""

    def __init__(self, host: str, port: int, app: Flask) -> None:
        super().__init__(host, port, app, Handler)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override] # sockets only
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override] # sockets only
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """A kept connection would go on being served by its thread."""
        super().server_close()
        with self._lock:
            for one in self._open:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    # The client was faster.
                    continue


def bind(app: Flask, host: str, port: int) -> Server:
    """A threaded server that already listens; port 0 takes a free one (see `.port`)."""
    return Server(host, port, app)


def serve(server: Server) -> None:
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
