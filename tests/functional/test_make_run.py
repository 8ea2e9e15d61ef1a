"""`make run`: one command starts everything, one Ctrl-C stops it, nothing is left behind."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import requests

from app.processes import ports
from app.processes.process_list import ROOT
from tests.servers import START_SECONDS, alive, environment, free_port, wait_until


class Run:
    """`make run` as a new user types it, with its output in a file."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port, self.sandbox_port = free_port(), free_port()
        self.instance = folder / "instance"
        self.log = folder / "run.log"
        environ = {
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "TACIT_INSTANCE": str(self.instance),
            **settings,
        }
        with self.log.open("wb") as log:
            self.popen = subprocess.Popen(
                ["make", "run"],
                cwd=ROOT,
                env=environment(**environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, words: str) -> None:
        over = lambda: words in self.said() or self.popen.poll() is not None  # noqa: E731
        wait_until(over, START_SECONDS, f"{words!r} is not there: {self.said()[-2000:]}")
        assert words in self.said(), self.said()[-2000:]

    def family(self) -> list[psutil.Process]:
        return list(psutil.Process(self.popen.pid).children(recursive=True))

    def supervisor(self) -> psutil.Process:
        return next(one for one in self.family() if one.cmdline()[-1:] == ["up"])

    def child(self, *words: str) -> psutil.Process | None:
        """The supervised process whose command line ends so."""
        found = [
            one
            for one in self.supervisor().children()
            if tuple(one.cmdline()[-len(words) :]) == words
        ]
        return found[0] if found else None


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Run]:
    run = Run(folder, **settings)
    try:
        yield run
    finally:
        family = run.family() if run.popen.poll() is None else []
        run.popen.terminate()
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        run.popen.wait()


def test_one_command_starts_everything_and_ctrl_c_stops_it(short_folder: Path) -> None:
    with running(short_folder) as run:
        run.wait_for("Stop with")
        said = run.said()
        url = f"http://127.0.0.1:{run.port}"
        assert f"Tacit is ready at  {url}" in said
        assert re.search(r"Log in with +\S+@\S+ +password +\S{16}", said)
        assert requests.get(f"{url}/readyz", timeout=5).json()["status"] == "ready"
        assert "Tacit" in requests.get(f"{url}/login", timeout=5).text
        assert ports.responds("localhost", run.sandbox_port)
        pids = [one.pid for one in run.family()]
        assert len(pids) >= 7
        # A terminal's Ctrl-C reaches the foreground group: make and the supervisor.
        os.killpg(run.popen.pid, signal.SIGINT)
        run.popen.wait(30)
        wait_until(lambda: not any(alive(pid) for pid in pids), 5, "a process is left")
        assert not (run.instance / "q.sock").exists()
        assert "Traceback" not in run.said()


def test_a_crashed_process_is_restarted_and_a_killed_supervisor_leaves_no_process(
    short_folder: Path,
) -> None:
    with running(short_folder) as run:
        run.wait_for("Stop with")
        first = run.child("worker", "urgent")
        assert first is not None
        first.kill()
        run.wait_for("urgent ended (-9), again in 0.2 s")
        wait_until(lambda: run.child("worker", "urgent"), 10, "no new worker")
        pids = [one.pid for one in run.family()]
        run.supervisor().kill()
        wait_until(lambda: not any(alive(pid) for pid in pids), 10, "a process is left")


def test_a_taken_port_is_a_clear_error_before_anything_starts(short_folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        began = time.monotonic()
        with running(short_folder, PORT=port) as run:
            run.wait_for(f"Port {port} is taken")
            run.popen.wait(20)
        assert run.popen.returncode != 0
        assert "PORT=" in run.said()
        assert "Traceback" not in run.said()
        assert not run.instance.exists()
        assert time.monotonic() - began < 20


def test_a_second_start_on_the_same_instance_is_refused(short_folder: Path) -> None:
    with running(short_folder) as first:
        first.wait_for("Stop with")
        (short_folder / "second").mkdir()
        environ = {"TACIT_INSTANCE": str(first.instance)}
        with running(short_folder / "second", **environ) as second:
            second.wait_for("Tacit already runs on")
        assert requests.get(f"http://127.0.0.1:{first.port}/readyz", timeout=5).ok
