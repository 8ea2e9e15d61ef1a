"""The order of the tests, and which of them one xdist worker runs together.

Files that start processes come first: the last file to end decides how long all take. The order of
the files of one folder and of the tests of a file stays random.
"""

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TESTS = Path(__file__).parent
SLOW_FIRST = ("faults", "unit/proof", "functional", "browser", "guarantees")
_KINDS = ("sqlite", "postgresql")


def _rank(item: pytest.Item) -> int:
    inside = [number for number, name in enumerate(SLOW_FIRST) if _is_in(item, name)]
    return inside[0] if inside else len(SLOW_FIRST)


def _is_in(item: pytest.Item, folder: str) -> bool:
    return item.path.is_relative_to(TESTS / folder)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow folders first."""
    items.sort(key=_rank)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """A worker runs a file at a time; of tests/faults, all cells on one kind of database.

    They share an installation, which takes ten seconds to start.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        if not file.startswith("tests/faults/"):
            return file
        parameters = nodeid.partition("[")[2]
        return next((f"tests/faults on {kind}" for kind in _KINDS if kind in parameters), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """With --dist=loadscope, this scheduling, which keeps the order of the tests."""
    if config.getoption("dist") != "loadscope":
        return None
    config.option.loadscopereorder = False
    return Scheduling(config, log)
