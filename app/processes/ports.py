"""Ports of this machine: free before the start, responding after it."""

import errno
import http.client
import socket


class PortTaken(Exception):
    """Another process has the port; the message names the port and the setting."""


def require_free(host: str, port: int, setting: str) -> None:
    """Raises PortTaken unless every address of the host can be listened on."""
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        with socket.socket(family, kind, protocol) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                connection.bind(address)
            except OSError as problem:
                # A host may have a name for IPv6 but no IPv6: no process can have that address.
                if problem.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    continue
                why = "taken" if problem.errno == errno.EADDRINUSE else "not allowed here"
                raise PortTaken(
                    f"Port {port} is {why}: stop what uses it, or choose another with {setting}=…"
                ) from None


def responds(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def says_ready(port: int) -> bool:
    """Whether our web process responds with 200 on /readyz."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
