"""One product to prove something of: its processes, its folders, the ways into its sinks."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from redis import Redis
from sqlalchemy import NullPool, create_engine, text

from proof.controls import Control, Controls
from proof.installation.postgres import Postgres, programs
from proof.installation.tacit import Installation, Seed
from proof.sinks import Piece, Wire, files, queue, rows

_TABLE = "proof_control"


@dataclass(slots=True)
class ObservedInstallation:
    """A running product; ``pages`` and ``reports`` are what browsers were sent."""

    product: Installation
    folder: Path
    postgres: Postgres | None
    wire: Wire
    browsed: list[Piece] = field(default_factory=list)

    @property
    def queue_url(self) -> str:
        return f"unix://{self.product.plan.socket}"

    def snapshot(self, controls: Controls) -> list[Piece]:
        """All sinks as they are now, with a control in every form in each of them."""
        # First, because the controls start a new write-ahead log.
        found = [*self._cluster(), *files(self.folder)]
        with self._planted_rows(controls):
            self._plant_files(controls)
            found += [*rows(self.product.database_url), *files(self.folder), *self._cluster()]
        with self._planted_queue(controls):
            found += queue(self.queue_url)
        for sink in ("pages", "reports"):
            made = controls.make(sink, values=True)
            found += (Piece(sink, "control", one.data, whole=True) for one in made)
        return [*found, *self.wire.pieces(), *self.browsed]

    def _cluster(self) -> Iterator[Piece]:
        return files(self.postgres.folder) if self.postgres is not None else iter(())

    def _plant_files(self, controls: Controls) -> None:
        with (self.folder / "web.log").open("ab") as log:
            for one in controls.make("logs", values=False):
                log.write(b"\n" + one.data + b"\n")
        places = {"temporary files": self.folder / "tmp", "other files": self.product.plan.instance}
        for sink, place in places.items():
            for number, one in enumerate(controls.make(sink, values=True)):
                (place / f"control-{number}").write_bytes(one.data)

    @contextmanager
    def _planted_rows(self, controls: Controls) -> Iterator[None]:
        engine = create_engine(self.product.database_url, poolclass=NullPool)
        kind = "BLOB" if engine.dialect.name == "sqlite" else "BYTEA"
        with engine.connect() as connection:

            def insert(made: list[Control]) -> None:
                framed = [{"value": b"\n" + one.data + b"\n"} for one in made]
                connection.execute(text(f"INSERT INTO {_TABLE} VALUES (:value)"), framed)  # noqa: S608 - our own name
                connection.commit()

            connection.execute(text(f"CREATE TABLE {_TABLE} (value {kind})"))
            insert(controls.make("database", values=False))
            self._checkpoint(connection.connection.dbapi_connection)
            # Twice: PostgreSQL's log puts a header into data that crosses a page of 8 KB.
            logged = controls.make("write-ahead log", values=False)
            insert(logged)
            insert(logged)
            made = controls.make("rows", values=True)
            plain = [{"value": one.data} for one in made]
            connection.execute(text(f"INSERT INTO {_TABLE} VALUES (:value)"), plain)  # noqa: S608 - our own name
            connection.commit()
            yield
            connection.execute(text(f"DROP TABLE {_TABLE}"))
            connection.commit()
        engine.dispose()

    def _checkpoint(self, connection: object) -> None:
        if self.postgres is not None:
            self.postgres.files()
            return
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # type: ignore[attr-defined] # sqlite3's

    @contextmanager
    def _planted_queue(self, controls: Controls) -> Iterator[None]:
        memory = controls.make("queue memory", values=True)
        commands = controls.make("queue commands", values=False)
        with Redis.from_url(self.queue_url, socket_timeout=5) as client:
            for number, one in enumerate(chain(memory, commands)):
                client.set(f"proof:{number}", one.data)
            yield
            client.delete(*(f"proof:{n}" for n in range(len(memory) + len(commands))))


@contextmanager
def seed() -> Iterator[Seed]:
    """What many products on SQLite begin with."""
    with _short_folder() as folder:
        yield Installation(Path(folder), {}).prepare()


@contextmanager
def observed_installation(
    settings: Mapping[str, str], *, postgres: bool, seed: Seed | None = None
) -> Iterator[ObservedInstallation]:
    """A product with folders of its own, ended afterwards; on SQLite or on a PostgreSQL server."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(_short_folder()))
        (folder / "tmp").mkdir()
        environ = {**settings, "TMPDIR": str(folder / "tmp")}
        server = None
        if postgres:
            found = programs()
            if found is None:
                raise RuntimeError("no PostgreSQL: scripts/postgres installs it, or says how")
            server = Postgres(Path(stack.enter_context(_short_folder())), found)
            stack.callback(server.end)
            environ["DATABASE_URL"] = stack.enter_context(server.database())
        product = Installation(folder, environ, seed)
        stack.callback(product.stop)
        product.start()
        wire = Wire()
        assert product.plan.socket is not None, "the queue server is our own"
        stack.enter_context(wire.listening(product.plan.socket))
        yield ObservedInstallation(product, folder, server, wire)


def _short_folder() -> "tempfile.TemporaryDirectory[str]":
    # A unix socket's path must stay below 100 bytes; a server that ends may still write.
    return tempfile.TemporaryDirectory(prefix="tacit-", dir="/tmp", ignore_cleanup_errors=True)
