"""What every test shares: servers of its own, a browser, and no way out of this machine.

A test runs on both databases where locks, transactions, times or SQL of one dialect decide what it
proves. A file of other tests has ``pytestmark = ON_SQLITE``: what it stores is stored on PostgreSQL
by the tests of the same operation that have locks to prove.
"""

import io
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

from app.core import logs
from app.core.config import DATABASE_NAME
from app.database.engine import Database
from app.models import Base
from tests.forked import fork
from tests.postgres import Databases, Postgres, programs
from tests.servers import Installation, QueueServer, Sandbox, Seed

pytest_plugins = ["tests.skips", "tests.order"]

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BROWSER_TESTS = Path(__file__).parent / "browser"
_OURS = ("TACIT_", "PAGERDUTY_", "SANDBOX_", "DATABASE_URL", "REDIS_URL", "PG")
_TOOLS = ("TACIT_CHROMIUM", "TACIT_POSTGRES")

# A developer's real keys must not reach a test.
for _name in [name for name in os.environ if name.startswith(_OURS) and name not in _TOOLS]:
    del os.environ[_name]
os.environ["TACIT_ENV_FILE"] = ""

# A busy machine makes an example slow, not wrong.
settings.register_profile("tacit", deadline=None)
settings.load_profile("tacit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test under tests/browser is a browser test."""
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The output of the log."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.filter_loggers()
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


@contextmanager
def new_folder() -> Iterator[Path]:
    # A unix socket's path must stay below 100 bytes, and pytest's own folders may be long.
    folder = Path(tempfile.mkdtemp(prefix="tacit-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A private folder with a short path."""
    with new_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def queue_server() -> Iterator[QueueServer]:
    """One queue server for all; a test that fills or flushes it starts one of its own."""
    with new_folder() as folder:
        server = QueueServer(folder)
        try:
            yield server
        finally:
            server.process.end()


@contextmanager
def postgres_server(**settings: str) -> Iterator[Postgres]:
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL: scripts/postgres installs it, or says how")
    with new_folder() as folder:
        server = Postgres(folder, found, **settings)
        try:
            yield server
        finally:
            server.end()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for all, with a database for each test. No test kills it: it need not sync."""
    with postgres_server(fsync="off") as server:
        yield server


@pytest.fixture
def fragile_postgres() -> Iterator[Postgres]:
    """A PostgreSQL of the test's own, to kill."""
    with postgres_server() as server:
        yield server


def _with_tables(url: str) -> str:
    database = Database()
    database.bind(url)
    Base.metadata.create_all(database.engine)
    database.engine.dispose()
    return url


@pytest.fixture(scope="session")
def tables() -> Iterator[Path]:
    """An SQLite file with every table and no row, to copy."""
    with new_folder() as folder:
        file = folder / DATABASE_NAME
        _with_tables(f"sqlite:///{file}")
        yield file


@pytest.fixture
def sqlite_settings(tmp_path: Path, tables: Path) -> dict[str, str]:
    """Settings of an instance folder: SQLite with every table and no row, no queue server."""
    shutil.copy(tables, tmp_path)
    return {"TACIT_INSTANCE": str(tmp_path), "REDIS_URL": f"unix://{tmp_path}/no.sock"}


@pytest.fixture(scope="session")
def postgres_tables(postgres: Postgres) -> Iterator[str]:
    """The same on PostgreSQL: the URL of its database."""
    with postgres.database() as url:
        yield _with_tables(url)


@pytest.fixture(scope="session")
def databases(postgres: Postgres, postgres_tables: str) -> Iterator[Databases]:
    """Copies of it, each for one test at a time."""
    with ExitStack() as copies:
        yield Databases(postgres, postgres_tables, copies)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with every table and no row: a test with it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("tables"), tmp_path)
        yield f"sqlite:///{tmp_path / DATABASE_NAME}"
        return
    if request.node.get_closest_marker("new_database"):
        server: Postgres = request.getfixturevalue("postgres")
        with server.database(request.getfixturevalue("postgres_tables")) as url:
            yield url
        return
    databases: Databases = request.getfixturevalue("databases")
    with databases.lend() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / DATABASE_NAME}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture
def sandbox() -> Iterator[Callable[..., Sandbox]]:
    """Start sandboxes: `sandbox(size="small", rate_limit="0")`."""
    with ExitStack() as stack:

        def start(**switches: str) -> Sandbox:
            started = Sandbox(stack.enter_context(new_folder()), fork, **switches)
            stack.callback(started.process.end)
            return started

        yield start


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Each test has an application of its own; to compile its templates costs half a second."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@contextmanager
def _running(settings: dict[str, str], seed: Seed | None = None) -> Iterator[Installation]:
    with new_folder() as folder:
        product = Installation(folder, settings, seed, fork)
        try:
            product.start()
            yield product
        finally:
            product.stop()


@pytest.fixture(scope="session")
def seed() -> Iterator[Seed]:
    """A migrated SQLite database with the demo account, and its keystore."""
    with new_folder() as folder:
        yield Installation(folder, {}).prepare()


@pytest.fixture(scope="session")
def postgres_seed(postgres: Postgres) -> Iterator[tuple[str, Seed]]:
    """The same on PostgreSQL: the URL of its database, and the rest."""
    with new_folder() as folder, postgres.database() as url:
        yield url, Installation(folder, {"DATABASE_URL": url}).prepare()


def _seeded(request: pytest.FixtureRequest) -> tuple[dict[str, str], Seed]:
    """Where the product of a test keeps its rows, and what is there already."""
    named = "database_url" in request.fixturenames
    url: str = request.getfixturevalue("database_url") if named else "sqlite"
    if url.startswith("sqlite"):
        return {}, request.getfixturevalue("seed")
    source, found = request.getfixturevalue("postgres_seed")
    request.getfixturevalue("postgres").copy(source, url)
    return {"DATABASE_URL": url}, found


@pytest.fixture
def tacit(request: pytest.FixtureRequest) -> Iterator[Callable[..., Installation]]:
    """Start installations that a test may break: `tacit(SANDBOX_SIZE="small")`.

    They keep SQLite in their folder; where a test has `database_url`, PostgreSQL too.
    """
    with ExitStack() as stack:

        def start(**settings: str) -> Installation:
            if "DATABASE_URL" in settings:
                return stack.enter_context(_running(settings))
            where, found = _seeded(request)
            return stack.enter_context(_running({**where, **settings}, found))

        yield start


_SHARED = {"TACIT_SWEEP_SECONDS": "0.5", "SANDBOX_RATE_LIMIT": "100000"}


@pytest.fixture(scope="session")
def product() -> Iterator[Installation]:
    """One product on the small sandbox for all tests that break nothing in it."""
    with _running(_SHARED) as running:
        yield running


@pytest.fixture(scope="session")
def product_on_postgres(
    postgres: Postgres, postgres_seed: tuple[str, Seed]
) -> Iterator[Installation]:
    """The same on PostgreSQL."""
    source, found = postgres_seed
    with (
        postgres.database(source) as url,
        _running({**_SHARED, "DATABASE_URL": url}, found) as running,
    ):
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def either_product(request: pytest.FixtureRequest) -> Installation:
    """A test with it runs twice: on SQLite and on PostgreSQL."""
    name = "product" if request.param == "sqlite" else "product_on_postgres"
    found: Installation = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session")
def base_url() -> None:
    """Addresses in browser tests are absolute; the plugin's own fixture warns under this pytest."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's chromium, which finds no host but this machine."""
    names = (os.environ.get("TACIT_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no chromium: apt-get install chromium, or name one with TACIT_CHROMIUM")
    fence = "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
    return {
        **browser_type_launch_args,
        "executable_path": found,
        "args": [f"--host-resolver-rules={fence}", "--no-proxy-server", "--disable-dev-shm-usage"],
    }
