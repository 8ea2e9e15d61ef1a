"""Memory of the process that collects, watched from outside: the worker's fork, and its peak."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psutil

_FIRST_LOOK_SECONDS = 0.02
"""Until the fork exists: its memory at the start is the reference."""
_LOOK_SECONDS = 0.25
"""Afterwards: a look costs processor time that the fork needs."""
MEGABYTE = 2**20


@dataclass(slots=True)
class _Seen:
    first: int
    most: int


@dataclass(slots=True)
class Growth:
    """What was seen of every fork, in bytes: all of it, and what it shares with no process."""

    resident: dict[int, _Seen] = field(default_factory=dict)
    own: dict[int, _Seen] = field(default_factory=dict)

    def megabytes(self) -> float:
        """The most that any fork has grown since it was first seen, by either measure."""
        seen = [*self.resident.values(), *self.own.values()]
        if not seen:
            raise RuntimeError("no work-horse was seen")
        return max(each.most - each.first for each in seen) / MEGABYTE

    def words(self) -> str:
        """Start and peak of each fork, for a watcher."""
        return "; ".join(
            f"resident {self.resident[pid].first / MEGABYTE:.0f} to "
            f"{self.resident[pid].most / MEGABYTE:.0f} MB, own {self.own[pid].first / MEGABYTE:.0f}"
            f" to {self.own[pid].most / MEGABYTE:.0f} MB"
            for pid in self.resident
        )

    def look(self, process: psutil.Process) -> None:
        """Take one sample of a fork."""
        memory = process.memory_full_info()
        for table, value in ((self.resident, memory.rss), (self.own, memory.uss)):
            seen = table.setdefault(process.pid, _Seen(value, value))
            seen.most = max(seen.most, value)


@contextlib.contextmanager
def watched(worker: Callable[[], psutil.Process]) -> Iterator[Growth]:
    """Watch every fork of a worker."""
    growth, over = Growth(), threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_SECONDS if growth.resident else _FIRST_LOOK_SECONDS):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                for fork in worker().children():
                    growth.look(fork)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield growth
    finally:
        over.set()
        thread.join()
