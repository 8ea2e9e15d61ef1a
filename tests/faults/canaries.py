"""Where a forbidden string could lie after a cell: files, queue memory, what processes said."""

from collections.abc import Iterator
from pathlib import Path

from redis import Redis
from sqlalchemy import make_url

from proof.search.markers import Markers
from proof.search.scanner import Scanner
from sandbox.canaries import Mint
from sandbox.settings import Settings
from tests.servers import Installation

_DAY = "no day"
"""Planted moments are searched for by the proof."""
_DEPTH = 1
_OVERLAP = 65_536
"""Bytes of a log that are searched again: a canary may be half written at the first time."""


class Search:
    """Through all sinks of one product; what has not changed since the last time is left out."""

    def __init__(self, product: Installation) -> None:
        self._product = product
        prefix = _prefix(product)
        self._raw = prefix.encode().lower()
        self._scanner = Scanner(Markers(prefix, _DAY), _DEPTH)
        self._seen: dict[Path, tuple[int, int]] = {}
        self._read: dict[Path, int] = {}
        assert self._scanner.scan(b"a " + prefix.encode().hex().encode()), "it would find nothing"

    def leaks(self) -> list[str]:
        """Where a canary was found."""
        return [*self._files(), *self._queue(), *self._words()]

    def _files(self) -> Iterator[str]:
        """Raw, as they lie there: rows, what is left of rows, logs of the database."""
        for path in self._changed():
            if self._raw in path.read_bytes().lower():
                yield path.name

    def _changed(self) -> Iterator[Path]:
        folders = [self._product.plan.instance]
        if server := make_url(self._product.database_url).query.get("host"):
            folders.append(Path(str(server)))
        for path in (path for folder in folders for path in folder.rglob("*")):
            if not path.is_file():
                continue
            found = path.stat()
            now = (found.st_mtime_ns, found.st_size)
            if self._seen.get(path) != now:
                self._seen[path] = now
                yield path

    def _queue(self) -> Iterator[str]:
        """Every key of the queue server, its value decoded."""
        assert self._product.plan.socket is not None
        with Redis(unix_socket_path=str(self._product.plan.socket)) as redis:
            for key in redis.scan_iter("*"):
                dumped = redis.dump(key) or b""
                if self._scanner.scan(key) or self._scanner.scan(dumped, whole=True):
                    yield "queue memory"

    def _words(self) -> Iterator[str]:
        for path in self._product.folder.glob("*.log"):
            with path.open("rb") as log:
                log.seek(max(0, self._read.get(path, 0) - _OVERLAP))
                new = log.read()
                self._read[path] = log.tell()
            if self._scanner.scan(new):
                yield "logs"


def _prefix(product: Installation) -> str:
    """What begins every canary of the product's sandbox."""
    child = product.children()["sandbox"]
    return Mint(int(child.environment.get("SANDBOX_SEED", Settings().seed))).prefix
