"""`make prove`: the complete proof. It prints one JSON object, and exits with 1 if a part fails.

`SIZE=small make prove` takes a smaller account. Progress and findings go to standard error.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from proof.crawl import addresses
from proof.fault_cells import CELLS, FaultCells
from proof.installation.sandboxes import last_midnight
from proof.leaky.leaks import LEAKS
from proof.leaky_builds import seeded
from proof.noninterference import is_equal
from proof.planted import Stretch
from proof.progress import progress
from proof.scenario import Plan, Run, run_scenario

_SHOWN = 20
_NICE = 5


@dataclass(slots=True)
class Result:
    """What is printed; counts, but for ``noninterference_equal``."""

    canaries_planted: int = 0
    canaries_served: int = 0
    canaries_found: int = 0
    controls_planted: int = 0
    controls_found: int = 0
    leaks_seeded: int = 0
    leaks_caught: int = 0
    sinks: int = 0
    bytes_scanned: int = 0
    noninterference_equal: bool = False
    fault_cells: int = 0
    fault_cells_passed: int = 0

    def add(self, run: Run) -> None:
        """Add one run."""
        self.canaries_planted += run.planted
        self.canaries_served += run.sent
        self.canaries_found += len(run.verdict.tokens)
        self.controls_planted += run.verdict.controls
        self.controls_found += run.verdict.found
        self.sinks = max(self.sinks, len(run.verdict.sinks))
        self.bytes_scanned += run.verdict.bytes

    @property
    def is_proof(self) -> bool:
        """Whether everything was served, nothing was found, and the search can be believed."""
        return (
            self.canaries_served == self.canaries_planted > 0
            and self.canaries_found == 0
            and self.controls_found == self.controls_planted > 0
            and self.leaks_caught == self.leaks_seeded == len(LEAKS)
            and self.noninterference_equal
            and self.fault_cells_passed == self.fault_cells == len(CELLS)
        )


def report(run: Run) -> bool:
    """Write to standard error what was found. Whether every route of the application answered."""
    verdict = run.verdict
    for one in (*sorted(map(str, verdict.leaks))[:_SHOWN], *sorted(verdict.missed)[:_SHOWN]):
        progress(f"  {one}")
    for token, origin in list(run.unsent.items())[:_SHOWN]:
        progress(f"  never served: {token} {origin}")
    if run.unseen:
        progress(f"  never answered: {', '.join(sorted(run.unseen))}")
    return not run.unseen and not verdict.leaks


def main() -> int:
    """Run both databases, leaky builds and accounts that differ; beside them the fault cells."""
    size, rules, result = os.environ.get("SIZE") or "reference", addresses(), Result()
    with FaultCells() as cells:
        # Cells measure times; everything else waits as long as it takes.
        os.nice(_NICE)
        is_sound = _scenarios(size, rules, result)
        _compare(result)
        progress("fault cells")
        outcome = cells.outcome()
    result.fault_cells, result.fault_cells_passed = len(outcome.run), len(outcome.passed)
    progress(f"cells that failed: {sorted(outcome.run - outcome.passed)}; others: {outcome.others}")
    sys.stdout.write(f"{json.dumps(asdict(result))}\n")
    return 0 if result.is_proof and is_sound and not outcome.others else 1


def _scenarios(size: str, rules: list[tuple[str, str]], result: Result) -> bool:
    """A client's way on both databases, in parallel: much of it is waiting."""
    plans = [Plan(size, postgres=False), Plan(size, postgres=True)]
    is_sound = True
    with ThreadPoolExecutor() as pool:
        for run in pool.map(lambda plan: run_scenario(plan, rules), plans):
            result.add(run)
            is_sound &= report(run)
    return is_sound


def _compare(result: Result) -> None:
    """Builds that leak, and accounts that differ in forbidden values only."""
    progress(f"{len(LEAKS)} leaky builds")
    end = last_midnight()
    caught = seeded(LEAKS, Stretch(end - timedelta(days=90), end, datetime.now(UTC)))
    result.leaks_seeded, result.leaks_caught = len(caught), sum(one.is_caught for one in caught)
    progress(f"not caught: {[one.name for one in caught if not one.is_caught]}")
    result.noninterference_equal = is_equal(end)


if __name__ == "__main__":
    raise SystemExit(main())
