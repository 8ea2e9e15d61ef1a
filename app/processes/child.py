"""One supervised process: it dies with the supervisor; its output is read in lines."""

import contextlib
import os
import selectors
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from app.core.hygiene import die_with_parent

_FIRST_DELAY = 0.2
_LONGEST_DELAY = 5.0
_STABLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Child:
    """One process to run; each line of its output begins with the name."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path


class Running:
    """A child and its restarts after crashes."""

    def __init__(self, child: Child, pump: selectors.BaseSelector) -> None:
        self.child = child
        self.failures = 0
        self.restart_at: float | None = None
        self._pump = pump
        self._begin()

    def _begin(self) -> None:
        self.started_at = time.monotonic()
        self.restart_at = None
        self.rest = b""
        self.process = subprocess.Popen(
            self.child.command,
            env=dict(self.child.environment),
            cwd=self.child.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C in a terminal must reach only the supervisor, or the order of stopping is lost.
            start_new_session=True,
            preexec_fn=die_with_parent(os.getpid()),  # noqa: PLW1509  this process has one thread
        )
        os.set_blocking(self.output.fileno(), False)
        self._pump.register(self.output, selectors.EVENT_READ, self)

    @property
    def output(self) -> IO[bytes]:
        assert self.process.stdout is not None  # noqa: S101  Popen was given a pipe
        return self.process.stdout

    def lines(self) -> Iterator[str]:
        """The complete lines that have arrived."""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self.output.fileno(), 65536):
                self.rest += chunk
            self.stop_reading()
        *complete, self.rest = self.rest.split(b"\n")
        yield from (line.decode(errors="replace") for line in complete)

    def last_lines(self) -> Iterator[str]:
        """The rest of an ended process's output, also without a line end."""
        yield from self.lines()
        if self.rest:
            yield self.rest.decode(errors="replace")

    def stop_reading(self) -> None:
        """Unregister the output: a selector reports its end again and again."""
        with contextlib.suppress(KeyError):
            self._pump.unregister(self.output)

    def family(self) -> set[psutil.Process]:
        """The process and everything below it, also where a child left the process group."""
        try:
            head = psutil.Process(self.process.pid)
            return {head, *head.children(recursive=True)}
        except psutil.NoSuchProcess:
            return set()

    def reap(self) -> int:
        """Wait for the ended process; returns the exit code (negative: the signal)."""
        uptime = time.monotonic() - self.started_at
        self.failures = 1 if uptime > _STABLE_SECONDS else self.failures + 1
        self.stop_reading()
        self.output.close()
        return self.process.wait()

    def schedule_restart(self) -> float:
        """Schedule the restart; returns the delay in seconds."""
        delay = min(_LONGEST_DELAY, float(_FIRST_DELAY * 2 ** (self.failures - 1)))
        self.restart_at = time.monotonic() + delay
        return delay

    def restart_when_due(self) -> None:
        if self.restart_at is not None and time.monotonic() >= self.restart_at:
            self._begin()
