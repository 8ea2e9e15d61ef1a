"""The fault cells: `tests/faults` once over, and which cells of it passed."""

import re
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app.processes.process_list import ROOT
from proof.installation.processes import environment

CELLS = frozenset({*range(1, 17), *range(19, 22), 23, 25, *range(27, 33)}) | frozenset(
    {*range(34, 37), 38, 39, *range(41, 51)}
)
"""The fault cells of `docs/conventions.md` that the proof runs."""
_CELL = re.compile(r"test_cell_(\d+)_")
_BAD = {"failure", "error", "skipped"}
_SECONDS = 1_500


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of the folder: ``others`` are failed tests of it that belong to no cell."""

    run: frozenset[int]
    passed: frozenset[int]
    others: tuple[str, ...]


def _heed_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class FaultCells:
    """Pytest on the folder, beside what else is done; nothing of it outlives the block."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tacit-")
        self._report = Path(self._folder.name) / "faults.xml"

    def __enter__(self) -> Self:
        """As `make test` runs it."""
        self._pytest = subprocess.Popen(
            [
                *(sys.executable, "-m", "pytest", "tests/faults", "-q"),
                *(f"--junitxml={self._report}", "--numprocesses=logical"),
                *("--maxprocesses=8", "--dist=loadscope"),
            ],
            cwd=ROOT,
            env=environment(),
            stdout=sys.stderr,
            # A shell that starts the proof in the background has it ignore SIGINT.
            preexec_fn=_heed_interrupt,  # noqa: PLW1509 - no other thread runs yet
        )
        return self

    def outcome(self) -> Outcome:
        """When all have run. Raises TimeoutExpired where that takes too long."""
        self._pytest.wait(_SECONDS)
        return read(self._report)

    def __exit__(self, *_: object) -> None:
        """Interrupt it: it ends its own processes."""
        if self._pytest.poll() is None:
            self._pytest.send_signal(signal.SIGINT)
            self._pytest.wait(_SECONDS)
        self._folder.cleanup()


def read(report: Path) -> Outcome:
    """What a report of pytest's says of the cells; a cell with a skipped test has not passed."""
    # Written by our own pytest a moment ago.
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314
    results: dict[int, list[bool]] = defaultdict(list)
    others: list[str] = []
    for case in cases:
        name, good = case.get("name", ""), not _BAD & {part.tag for part in case}
        if cell := _CELL.match(name):
            results[int(cell.group(1))].append(good)
        elif not good:
            others.append(name)
    return Outcome(
        _named(results), _named(n for n, all_of in results.items() if all(all_of)), (*others,)
    )


def _named(cells: Iterable[int]) -> frozenset[int]:
    return CELLS & frozenset(cells)
