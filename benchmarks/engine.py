"""The figures of the engine: a whole assessment, from rows to the document, on one core."""

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

from benchmarks.company import Switches, assessed, collect_in, database_url, product, until
from benchmarks.figures import Figure, at_most, progress

_FACTORS = (1, 4, 16)
_MILLION = 12
"""Times the reference account's 90,000 log entries."""
_ROUNDS = 3


def _measure(times: int, rounds: int = 1) -> dict[str, Any]:
    """The best of some rounds over one collection of that many times the reference account."""
    end = until()
    with product(Switches(times=times), end) as running:
        collect_in(running, end)
        assessed(running)
        command = [sys.executable, "-m", "benchmarks.assessing", database_url(running)]
        found: list[dict[str, Any]] = [
            json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            for _ in range(rounds)
        ]
    best = min(found, key=lambda each: each["seconds"])
    progress(f"x{times}: {json.dumps({name: round(best[name], 2) for name in best})}")
    return best


def reference() -> Iterable[Figure]:
    """Figure 1: the reference account."""
    best = _measure(1, _ROUNDS)
    yield at_most("engine.reference_s", best["seconds"], "s", 2)
    yield at_most("engine.reference_mb", best["megabytes"], "MB", 250)


def million() -> Iterable[Figure]:
    """Figure 2: more than a million log entries."""
    best = _measure(_MILLION)
    whole = best["log_entries"] >= 1_000_000
    yield at_most("engine.million_s", best["seconds"], "s", 15, also=whole)


def growth() -> Iterable[Figure]:
    """Figure 3: seconds a log entry at 16 times the account, against those at once the account."""
    spent = [_measure(times) for times in _FACTORS]
    each = [found["seconds"] / found["log_entries"] for found in spent]
    progress(f"microseconds a log entry: {', '.join(f'{one * 1e6:.1f}' for one in each)}")
    yield at_most("engine.growth", max(each) / each[0], "ratio", 1.1)


PARTS = {"reference": reference, "million": million, "growth": growth}
