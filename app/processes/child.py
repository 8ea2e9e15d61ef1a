"""One supervised process: started tied to us, its output read in lines, its family known."""

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

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_SETTLED_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Child:
    """One process to run: the name stands before each line of its output."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path


class Running:
    """A child in this life and the ones after a crash."""

    def __init__(self, child: Child, pump: selectors.BaseSelector) -> None:
        self.child = child
        self.failures = 0
        self.resume_at: float | None = None
        self._pump = pump
        self._begin()

    def _begin(self) -> None:
        self.started_at = time.monotonic()
        self.resume_at = None
        self.rest = b""
        self.process = subprocess.Popen(
            self.child.command,
            env=dict(self.child.environment),
            cwd=self.child.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C in a terminal must reach the supervisor alone, or nothing stops in order.
            start_new_session=True,
            preexec_fn=die_with_parent(os.getpid()),  # noqa: PLW1509  this process has one thread
        )
        os.set_blocking(self.output.fileno(), False)
        self._pump.register(self.output, selectors.EVENT_READ, self)

    @property
    def output(self) -> IO[bytes]:
        assert self.process.stdout is not None  # noqa: S101  Popen was asked for a pipe
        return self.process.stdout

    def lines(self) -> Iterator[str]:
        """Whatever whole lines have arrived."""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self.output.fileno(), 65536):
                self.rest += chunk
            self.silence()
        *whole, self.rest = self.rest.split(b"\n")
        yield from (line.decode(errors="replace") for line in whole)

    def last_lines(self) -> Iterator[str]:
        """The rest of a dead process's output, also what lacks its line end."""
        yield from self.lines()
        if self.rest:
            yield self.rest.decode(errors="replace")

    def silence(self) -> None:
        """Stop listening: at the end of the output a selector would report it for ever."""
        with contextlib.suppress(KeyError):
            self._pump.unregister(self.output)

    def family(self) -> set[psutil.Process]:
        """The process and everything below it, also where a child left the process group."""
        try:
            head = psutil.Process(self.process.pid)
            return {head, *head.children(recursive=True)}
        except psutil.NoSuchProcess:
            return set()

    def bury(self) -> int:
        """Note the death; returns the exit code (negative: the signal)."""
        lived = time.monotonic() - self.started_at
        self.failures = 1 if lived > _SETTLED_SECONDS else self.failures + 1
        self.silence()
        self.output.close()
        return self.process.wait()

    def postpone(self) -> float:
        """Plan the next life; returns the pause in seconds."""
        pause = min(_LONGEST_PAUSE, float(_FIRST_PAUSE * 2 ** (self.failures - 1)))
        self.resume_at = time.monotonic() + pause
        return pause

    def revive_when_due(self) -> None:
        if self.resume_at is not None and time.monotonic() >= self.resume_at:
            self._begin()
