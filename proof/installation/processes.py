"""Real processes on free ports and in their own folders; each is ended by its id."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psutil

from app.core import queue_server
from app.processes.child import Child

START_SECONDS = 60.0
_STILL = frozenset({psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE})


_handed_out: set[int] = set()


def free_port() -> int:
    """A free port of localhost, never the same twice."""
    while True:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            port = int(door.getsockname()[1])
        # Two requests at the same time sometimes got the same port.
        if port not in _handed_out:
            _handed_out.add(port)
            return port


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Return as soon as the condition is true; fail with `what` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds:g} s: {what}")
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        process = psutil.Process(pid)
        # The first of its threads may be dead before the last has closed what they share.
        return bool(process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1)
    except psutil.NoSuchProcess:
        return False


def environment(**settings: str) -> dict[str, str]:
    """The environment of a process of a test, without the developer's shell and .env file."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "TACIT_ENV_FILE": "", **settings}


class Started(Protocol):
    """A process that was started, as `subprocess.Popen` describes it."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...


class Launch(Protocol):
    """Starts a child that appends its output to a file."""

    def __call__(self, child: Child, log: Path, *, user: int | None = None) -> Started: ...


def execute(child: Child, log: Path, *, user: int | None = None) -> Started:
    """Start a child as an installation does: a new program."""
    with log.open("ab") as output:
        return subprocess.Popen(
            child.command,
            env=dict(child.environment),
            cwd=child.directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
        )


class Process:
    """A child with its output in a file, which a test can search."""

    def __init__(
        self, child: Child, folder: Path, user: int | None = None, launch: Launch = execute
    ) -> None:
        self.child = child
        self.log = folder / f"{child.name}.log"
        self.popen = launch(child, self.log, user=user)

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def family(self) -> list[psutil.Process]:
        """The process and everything below it; empty once it has ended."""
        try:
            head = psutil.Process(self.popen.pid)
            return [head, *head.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def below(self) -> list[psutil.Process]:
        """The children of the process: a worker's work-horse, a server's back ends."""
        return [each for each in self.family() if each.pid != self.popen.pid]

    def kill(self) -> None:
        """`kill -9` of this one process, as a crash would end it."""
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait()

    def crash(self) -> None:
        """`kill -9` of the process and everything below it, as when a machine loses power."""
        # A suspended process starts no child that this would miss, once the signal has arrived.
        self.popen.send_signal(signal.SIGSTOP)
        wait_until(self._stands_still, 10, "SIGSTOP suspended nobody")
        family = self.family()
        for each in family:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self.popen.wait()
        # Until the last of them has ended, its port or its socket seems to respond.
        wait_until(lambda: not any(alive(each.pid) for each in family), 10, "kill -9 killed nobody")

    def _stands_still(self) -> bool:
        try:
            return bool(psutil.Process(self.popen.pid).status() in _STILL)
        except psutil.NoSuchProcess:
            return True

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Suspend the process inside the block: it hangs and closes nothing."""
        self.popen.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.popen.send_signal(signal.SIGCONT)

    def end(self, seconds: float = 10, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal, then SIGKILL to the processes that are left."""
        family = self.family()
        self.popen.send_signal(number)
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            family += self.family()
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        self.popen.wait()

    def need(self, condition: Callable[[], object], what: str) -> None:
        """Wait for the start; fail at once, with the end of its log, if the process ends."""
        wait_until(lambda: condition() or not self.running, START_SECONDS, what)
        if not self.running:
            raise AssertionError(f"{self.child.name} ended: {self.log.read_text()[-2000:]}")


class QueueServer:
    """The embedded queue server on a socket of its own."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "q.sock"
        self.url = queue_server.url(self.socket)
        command = queue_server.command(self.socket)
        self.process = Process(Child("queue", command, environment(), folder), folder)
        self.process.need(lambda: queue_server.responds(self.socket), "no queue server")
