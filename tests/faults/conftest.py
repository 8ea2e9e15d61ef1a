"""The installation that all cells on one kind of database use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import new_folder
from tests.faults.installation import SETTINGS, RepairedInstallation
from tests.faults.oracle import InstallationOracle
from tests.forked import fork
from tests.servers import Installation, Seed
from tests.unit.operations.conftest import tenant

__all__ = ["tenant"]

FAULTS = Path(__file__).parent

ON_SQLITE, ON_POSTGRES = (
    pytest.mark.parametrize("judged", [kind], indirect=True) for kind in ("sqlite", "postgresql")
)
"""For a cell that proves the same on both."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first cell also starts the installation, which a busy machine does slowly."""
    for item in items:
        if item.path.parent == FAULTS and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(300))


@dataclass(frozen=True, slots=True)
class Judged:
    """An installation and the oracle that judges it."""

    installation: RepairedInstallation
    oracle: InstallationOracle

    def cell(self) -> Iterator[RepairedInstallation]:
        """For one cell: judged after it, and again after its clients have disconnected."""
        self.installation.clear_requests()
        yield self.installation
        self.installation.repair()
        self.oracle.judge()
        self.installation.disconnect_all()
        self.oracle.judge_end()


@contextmanager
def built(settings: dict[str, str], seed: Seed | None) -> Iterator[Judged]:
    """Start a product, with one connected client that no cell may affect."""
    with new_folder() as folder:
        product = Installation(folder, {**SETTINGS, **settings}, seed, fork)
        try:
            product.start()
            installation = RepairedInstallation(product)
            yield Judged(installation, InstallationOracle(installation))
        finally:
            product.stop()


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def judged(request: pytest.FixtureRequest) -> Iterator[Judged]:
    """An installation on each kind of database, for all cells."""
    if request.param == "sqlite":
        with built({}, request.getfixturevalue("seed")) as found:
            yield found
        return
    server, (source, seed) = map(request.getfixturevalue, ("postgres", "postgres_seed"))
    with server.database(source) as url, built({"DATABASE_URL": url}, seed) as found:
        yield found


@pytest.fixture
def installation(judged: Judged) -> Iterator[RepairedInstallation]:
    """The installation of a cell."""
    yield from judged.cell()
