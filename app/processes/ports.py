"""Ports of this machine: free before we start, answering after."""

import errno
import http.client
import socket


class PortTaken(Exception):
    """Somebody else listens where we want to; the message names the port and the setting."""


def require_free(host: str, port: int, setting: str) -> None:
    """Raises PortTaken unless every address of the host can be listened on."""
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        with socket.socket(family, kind, protocol) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind(address)
            except OSError as problem:
                # A host may have a name for IPv6 and no IPv6: that address is nobody's.
                if problem.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    continue
                why = "taken" if problem.errno == errno.EADDRINUSE else "not allowed here"
                raise PortTaken(
                    f"Port {port} is {why}: stop what uses it, or choose another with {setting}=…"
                ) from None


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def says_ready(port: int) -> bool:
    """Whether our web process answers 200 on /readyz."""
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        door.request("GET", "/readyz")
        return door.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        door.close()
