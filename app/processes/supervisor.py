"""Starts processes, restarts what dies and stops them in the opposite order.

One thread on purpose: a child is tied to the *thread* that forked it (PR_SET_PDEATHSIG), and a
fork beside other threads may deadlock the child.
"""

import contextlib
import selectors
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TextIO

import psutil

from app.database.sqlite_write_lock import WriteLockWatch
from app.processes.child import Child, Running

TICK_SECONDS = 0.05
ASK_SECONDS = 0.2
GRACE_SECONDS = 10.0
_PATIENCE = 4
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StartFailed(Exception):
    """A process that the product needs does not start; the message names it."""


class Supervisor:
    """Runs children until a stop is asked for by signal; a second signal ends all patience."""

    def __init__(
        self, out: TextIO, *, grace: float = GRACE_SECONDS, watch: WriteLockWatch | None = None
    ) -> None:
        self.stops = 0
        self._out = out
        self._grace = grace
        self._holders = watch
        self._starting = True
        self._running: list[Running] = []
        self._pump = selectors.DefaultSelector()

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """SIGINT, SIGTERM and SIGHUP ask for a stop inside this block."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self.stops += 1

        before = {number: signal.signal(number, ask) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def say(self, name: str, line: str) -> None:
        """One line of a process."""
        self.show(f"{name:<8}| {line}")

    def show(self, text: str) -> None:
        """Print; a reader that has gone away asks for a stop."""
        try:
            self._out.write(f"{text}\n")
            self._out.flush()
        except BrokenPipeError:
            self.stops += 1

    def start(self, child: Child) -> None:
        """Start a child and keep it alive from now on; once a stop is asked for, do nothing."""
        if self.stops:
            return
        self._running.append(Running(child, self._pump))

    def run(self, child: Child) -> None:
        """Run a child to its end while the others live; raises StartFailed unless it exits 0."""
        if self.stops:
            return
        once = Running(child, self._pump)
        try:
            while not self.stops and once.process.poll() is None:
                self._tick()
        finally:
            self._end(once)
        if not self.stops and once.process.returncode:
            raise StartFailed(f"{child.name} ended with exit code {once.process.returncode}.")

    def wait(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Tick until ready (True), or until the time is over or a stop is asked for (False)."""
        deadline = time.monotonic() + seconds
        asked_at = 0.0
        while not self.stops:
            # By the clock, not by the tick: asking makes a child talk, and its talk ends the tick.
            if time.monotonic() - asked_at >= ASK_SECONDS:
                if ready():
                    return True
                asked_at = time.monotonic()
            if time.monotonic() > deadline:
                return False
            self._tick()
        return False

    def watch(self) -> None:
        """Keep everything alive, whatever it takes, until a stop is asked for."""
        self._starting = False
        while not self.stops:
            self._tick()

    def stop(self) -> None:
        """End every child, the last started first."""
        self.stops = max(self.stops, 1)
        while self._running:
            self._end(self._running.pop())
        self._pump.close()

    def _tick(self) -> None:
        self._read(TICK_SECONDS)
        for one in self._running:
            one.revive_when_due()
            if one.resume_at is None and one.process.poll() is not None:
                self._mourn(one)
        if self._holders is not None:
            self._holders.look(lambda: set().union(*(one.family() for one in self._running)))

    def _read(self, timeout: float) -> None:
        # select returns at once when no pipe is registered on some systems: never spin.
        if not self._pump.get_map():
            time.sleep(timeout)
        for key, _ in self._pump.select(timeout):
            for line in key.data.lines():
                self.say(key.data.child.name, line)

    def _bury(self, one: Running) -> int:
        for line in one.last_lines():
            self.say(one.child.name, line)
        return one.bury()

    def _mourn(self, one: Running) -> None:
        code = self._bury(one)
        if self._starting and one.failures >= _PATIENCE:
            self._running.remove(one)
            raise StartFailed(f"{one.child.name} ended {one.failures} times, last with {code}.")
        self.say("tacit", f"{one.child.name} ended ({code}), again in {one.postpone():.1f} s")

    def _end(self, one: Running) -> None:
        if one.resume_at is not None:
            return
        family = one.family()
        if one.process.poll() is None:
            one.process.terminate()
        deadline = time.monotonic() + self._grace
        while one.process.poll() is None and time.monotonic() < deadline and self.stops < 2:
            self._read(TICK_SECONDS)
        for member in family | one.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        one.process.wait()
        self._bury(one)
