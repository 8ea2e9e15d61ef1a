"""The figures of the engine: an assessment, from the rows to the document, on one core.

One account is collected from the sandbox; larger ones are copies that the database makes of it.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from sqlite3 import connect
from typing import Any

from benchmarks.company import Switches, assessed, collect_in, database_url, product
from benchmarks.copies import multiply
from benchmarks.figures import Figure, at_most, progress
from benchmarks.yardstick import yardstick_s
from proof.installation.sandboxes import last_midnight

_FACTORS = (1, 4, 16)
_MILLION = 12
"""Times the reference account's 90,000 log entries."""
_ROUNDS = 3


@cache
def _collected() -> tempfile.TemporaryDirectory[str]:
    """A folder with the database of one collected reference account, deleted at the end."""
    folder = tempfile.TemporaryDirectory(prefix="tacit-bench-")
    end = last_midnight()
    with product(Switches(), end) as running:
        collect_in(running, end)
        assessed(running)
        with closing(connect(database_url(running).removeprefix("sqlite:///"))) as database:
            database.execute("VACUUM INTO ?", (f"{folder.name}/collected.db",))
    return folder


def _measure(times: int, rounds: int = 1) -> dict[str, Any]:
    """The best of some rounds with that many times the reference account."""
    with tempfile.TemporaryDirectory(prefix="tacit-bench-") as folder:
        target = Path(folder, "multiplied.db")
        multiply(Path(_collected().name, "collected.db"), target, times)
        command = [sys.executable, "-m", "benchmarks.assessing", f"sqlite:///{target}"]
        found: list[dict[str, Any]] = [
            json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            for _ in range(rounds)
        ]
        best = min(found, key=lambda each: each["seconds"])
        best["yardstick_s"] = yardstick_s(target)
    progress(f"x{times}: {json.dumps({name: round(best[name], 2) for name in best})}")
    return best


def reference() -> Iterable[Figure]:
    """The reference account."""
    best = _measure(1, _ROUNDS)
    yield _seconds("engine.reference_s", best, 2)
    yield at_most("engine.reference_mb", best["megabytes"], "MB", 250)


def million() -> Iterable[Figure]:
    """More than a million log entries."""
    best = _measure(_MILLION)
    yield _seconds("engine.million_s", best, 15, also=best["log_entries"] >= 1_000_000)


def growth() -> Iterable[Figure]:
    """Processor time a log entry in an account 16 times as large, compared with the account's."""
    spent = [_measure(times) for times in _FACTORS]
    each = [found["cpu_s"] / found["log_entries"] for found in spent]
    progress(f"microseconds a log entry: {', '.join(f'{one * 1e6:.1f}' for one in each)}")
    yield at_most("engine.growth", max(each) / each[0], "ratio", 1.1)


def _seconds(name: str, found: dict[str, Any], goal: float, *, also: bool = True) -> Figure:
    """By the clock; the ratio is of processor time, which other work hardly changes."""
    figure = at_most(name, found["seconds"], "s", goal, also=also)
    return figure.beside(found["yardstick_s"], found["cpu_s"])


PARTS = {"reference": reference, "million": million, "growth": growth}
