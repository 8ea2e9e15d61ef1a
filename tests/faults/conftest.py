"""The houses that cells work with: one per file of cells and kind of database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import _folder
from tests.faults.house import SETTINGS, House
from tests.faults.oracle import HouseOracle
from tests.servers import Product, Seed
from tests.unit.operations.conftest import world

__all__ = ["world"]

FAULTS = Path(__file__).parent

ON_SQLITE, ON_POSTGRES = (
    pytest.mark.parametrize("standing", [kind], indirect=True) for kind in ("sqlite", "postgresql")
)
"""For a cell that proves the same on either."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first cell of a file starts its house as well: that may take a busy machine a while."""
    for item in items:
        if item.path.parent == FAULTS and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(300))


@dataclass(frozen=True, slots=True)
class Standing:
    """A house and who judges it."""

    house: House
    oracle: HouseOracle

    def judged(self) -> Iterator[House]:
        """The house, whole before a cell; judged after it, and again with everybody gone."""
        self.house.forget_requests()
        yield self.house
        self.house.mend()
        self.oracle.judge()
        self.house.empty()
        self.oracle.judge_end()


@contextmanager
def built(settings: dict[str, str], seed: Seed | None) -> Iterator[Standing]:
    """Start a product, with one client who is connected and must notice nothing."""
    with _folder() as folder:
        product = Product(folder, {**SETTINGS, **settings}, seed)
        try:
            product.start()
            house = House(product)
            yield Standing(house, HouseOracle(house))
        finally:
            product.stop()


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def standing(request: pytest.FixtureRequest) -> Iterator[Standing]:
    """An installation on each kind of database, for all cells."""
    if request.param == "sqlite":
        with built({}, request.getfixturevalue("seed")) as found:
            yield found
        return
    server, (source, seed) = map(request.getfixturevalue, ("postgres", "postgres_seed"))
    with server.database(source) as url, built({"DATABASE_URL": url}, seed) as found:
        yield found


@pytest.fixture
def house(standing: Standing) -> Iterator[House]:
    """The house of a cell."""
    yield from standing.judged()
