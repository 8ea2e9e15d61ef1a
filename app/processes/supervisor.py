"""Starts processes, restarts those that die and stops them in the reverse order.

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
READY_POLL_SECONDS = 0.2
GRACE_SECONDS = 10.0
_MAX_FAILED_STARTS = 4
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StartFailed(Exception):
    """A required process does not start; the message names it."""


class Supervisor:
    """Runs children until a signal requests a stop; a second signal kills at once."""

    def __init__(
        self, out: TextIO, *, grace: float = GRACE_SECONDS, watch: WriteLockWatch | None = None
    ) -> None:
        self.stops = 0
        self._out = out
        self._grace = grace
        self._write_lock_watch = watch
        self._starting = True
        self._running: list[Running] = []
        self._pump = selectors.DefaultSelector()

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """SIGINT, SIGTERM and SIGHUP request a stop inside this block."""

        def request_stop(_number: int, _frame: FrameType | None) -> None:
            self.stops += 1

        before = {number: signal.signal(number, request_stop) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def say(self, name: str, line: str) -> None:
        """One line of a process."""
        self.show(f"{name:<8}| {line}")

    def show(self, text: str) -> None:
        """Print; a closed output requests a stop."""
        try:
            self._out.write(f"{text}\n")
            self._out.flush()
        except BrokenPipeError:
            self.stops += 1

    def start(self, child: Child) -> None:
        """Start a child and restart it when it dies; after a stop request, do nothing."""
        if self.stops:
            return
        self._running.append(Running(child, self._pump))

    def run(self, child: Child) -> None:
        """Run a child to its end while the others run; raises StartFailed unless it exits 0."""
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
        """Tick until ready (True), or until the time-out or a stop request (False)."""
        deadline = time.monotonic() + seconds
        polled_at = 0.0
        while not self.stops:
            # By the clock, not by the tick: a poll makes a child print, which ends the tick.
            if time.monotonic() - polled_at >= READY_POLL_SECONDS:
                if ready():
                    return True
                polled_at = time.monotonic()
            if time.monotonic() > deadline:
                return False
            self._tick()
        return False

    def watch(self) -> None:
        """Restart every child that dies, until a stop is requested."""
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
            one.restart_when_due()
            if one.restart_at is None and one.process.poll() is not None:
                self._record_exit(one)
        if self._write_lock_watch is not None:
            self._write_lock_watch.look(
                lambda: set().union(*(one.family() for one in self._running))
            )

    def _read(self, timeout: float) -> None:
        # Without a registered pipe, select returns at once on some systems: do not spin.
        if not self._pump.get_map():
            time.sleep(timeout)
        for key, _ in self._pump.select(timeout):
            for line in key.data.lines():
                self.say(key.data.child.name, line)

    def _reap(self, one: Running) -> int:
        for line in one.last_lines():
            self.say(one.child.name, line)
        return one.reap()

    def _record_exit(self, one: Running) -> None:
        code = self._reap(one)
        if self._starting and one.failures >= _MAX_FAILED_STARTS:
            self._running.remove(one)
            raise StartFailed(f"{one.child.name} ended {one.failures} times, last with {code}.")
        self.say(
            "tacit", f"{one.child.name} ended ({code}), again in {one.schedule_restart():.1f} s"
        )

    def _end(self, one: Running) -> None:
        if one.restart_at is not None:
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
        self._reap(one)
