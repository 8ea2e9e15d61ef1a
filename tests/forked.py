"""Processes of Tacit that begin as forks of one that has loaded the product.

To load it takes a second of processor time, and the tests start hundreds of processes. What happens
after that is the same as in a new program: environment, folder, output, session and arguments
are the child's own. Tests of what a new program protects start it with `execute`.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from app.processes.child import Child
from proof.installation.processes import Started, execute

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "app.cli.worker",
        "app.cli.sweep",
        "app.web",
        "gunicorn.app.wsgiapp",
        "gunicorn.workers.gthread",
        "sandbox.cli",
        "tests.unit.operations.grant.other_processes",
    ]
)


class Forked:
    """A forked process, described as `subprocess.Popen` would."""

    def __init__(self, process: ForkServerProcess) -> None:
        assert process.pid is not None
        self.pid = process.pid
        self._process = process

    def poll(self) -> int | None:
        """The exit code once it has ended: negative for the signal that ended it."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return code

    def send_signal(self, sig: int) -> None:
        """Send a signal unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sig)


def fork(child: Child, log: Path, *, user: int | None = None) -> Started:
    """Start a Python module as a fork, any other program as itself."""
    python, option, *rest = child.command
    if python != sys.executable or option != "-m" or user is not None:
        return execute(child, log, user=user)
    module, *arguments = rest
    process = FORKS.Process(
        target=_become,
        args=(module, arguments, dict(child.environment), child.directory, log),
        name=child.name,
        daemon=True,
    )
    process.start()
    return Forked(process)


def _become(
    module: str, arguments: list[str], environ: Mapping[str, str], folder: Path, log: Path
) -> None:
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with log.open("ab") as output:
        for number in (1, 2):
            os.dup2(output.fileno(), number)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)
