"""`tacit up` ends a process that hangs with SQLite's write lock: a disconnect waits for seconds."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from app.core.config import DATABASE_NAME, DEMO_EMAIL
from app.database.sqlite_write_lock import writer
from app.processes.child import Child
from app.processes.process_list import ROOT
from tests.functional.collection import UNLIMITED
from tests.functional.consultant import Consultant
from tests.servers import (
    Installation,
    Process,
    SandboxControl,
    alive,
    environment,
    free_port,
    wait_until,
)


@contextmanager
def _up(folder: Path, **settings: str) -> Iterator[tuple[Process, Consultant, SandboxControl]]:
    """Everything under its supervisor, and a consultant who is logged in."""
    port, sandbox_port = str(free_port()), str(free_port())
    ports = {
        "PORT": port,
        "SANDBOX_PORT": sandbox_port,
        "TACIT_INSTANCE": str(folder / "instance"),
    }
    command = (sys.executable, "-m", "app.cli", "up")
    process = Process(Child("up", command, environment(**ports, **settings), ROOT), folder)
    try:
        process.need(lambda: "Stop with" in process.log.read_text(), "it does not start")
        password = re.search(r"password +(\S{16})", process.log.read_text())
        assert password
        url = f"http://127.0.0.1:{port}"
        product = SimpleNamespace(url=url, email=DEMO_EMAIL, password=password.group(1))
        consultant = Consultant(cast("Installation", product)).logs_in()
        yield process, consultant, SandboxControl(f"http://localhost:{sandbox_port}")
    finally:
        process.end(30)


def _hung_writer(database: Path) -> int:
    """Stop a process of the product in the middle of a write; its pid.

    The process with the lock is suspended; if it released the lock at that moment, it may continue.
    """
    deadline = time.monotonic() + 60
    with Path(f"{database}-shm").open("rb") as shared:
        while time.monotonic() < deadline:
            pid = writer(shared.fileno())
            if pid is None:
                continue
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                time.sleep(0.05)
                if writer(shared.fileno()) == pid:
                    return pid
                os.kill(pid, signal.SIGCONT)
    raise AssertionError("nobody wrote")


def _disconnect(consultant: Consultant, form: dict[str, str]) -> int:
    address = consultant.product.url + consultant.path("/disconnect")
    data = {**form, "confirm": "yes"}
    return consultant.http.post(address, data=data, allow_redirects=False, timeout=30).status_code


def test_a_process_that_hangs_with_the_write_lock_is_ended(short_folder: Path) -> None:
    environ = {**UNLIMITED, "TACIT_HOLDER_SECONDS": "3"}
    with _up(short_folder, **environ) as (process, consultant, sandbox):
        consultant.opens_engagement()
        sandbox.plant(kind="slow", path="/log_entries", seconds=0.2, times=100_000)
        consultant.connects()
        form = consultant.form(consultant.path("/disconnect"))
        pid = _hung_writer(short_folder / "instance" / DATABASE_NAME)
        began = time.monotonic()
        assert _disconnect(consultant, form) == 503
        assert time.monotonic() - began < 3
        wait_until(lambda: not alive(pid), 10, "the process that hangs is still there")
        wait_until(lambda: _disconnect(consultant, form) == 303, 20, "it is still blocked")
        assert '"event":"holder_killed"' in process.log.read_text()
        sandbox.heal()
        consultant.waits_for_card("Deleted")
