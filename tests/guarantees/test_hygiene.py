"""A process that dies leaves no copy of its memory, and its jobs run in processes of their own."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from rq import SimpleWorker, SpawnWorker, Worker

from app.processes.process_list import ROOT
from app.worker import DeclaredJobWorker
from tests.servers import Installation, environment

_HOLDS_STILL = "import sys, time; print('ready', flush=True); time.sleep(60)"
_LEAVES_NOTHING = f"""
from app.core.hygiene import leave_nothing
leave_nothing()
{_HOLDS_STILL}
"""
_PROBE = """
import ctypes, faulthandler, os, resource
from app.core.hygiene import leave_nothing
leave_nothing()
if os.fork() == 0:
    print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), faulthandler.is_enabled(),
          *resource.getrlimit(resource.RLIMIT_CORE), flush=True)
    os._exit(0)
os.wait()
"""


def _cores_allowed() -> None:
    """As much as this machine gives a process."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    if os.getuid() == 0:
        most = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def _crashed(folder: Path, program: str) -> bool:
    """Whether the kernel says that it wrote a core when this program got a SIGSEGV."""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment(PYTHONPATH=str(ROOT)),
        cwd=folder,
        stdout=subprocess.PIPE,
        preexec_fn=_cores_allowed,  # noqa: PLW1509 - it only makes a system call
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"ready\n"
        os.kill(process.pid, signal.SIGSEGV)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == -signal.SIGSEGV
    return os.WCOREDUMP(status)


def _cores_are_files() -> bool:
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    return (most != 0 or os.getuid() == 0) and bool(pattern) and pattern[0] not in "|/"


def test_a_crash_leaves_no_core_file(tmp_path: Path) -> None:
    ours, others = tmp_path / "ours", tmp_path / "others"
    ours.mkdir()
    others.mkdir()
    if _cores_are_files():
        assert _crashed(others, _HOLDS_STILL)
        assert list(others.iterdir()), "without the precaution there is one"
    assert not _crashed(ours, _LEAVES_NOTHING)
    assert list(ours.iterdir()) == []


def test_a_work_horse_leaves_no_core_and_no_traceback_of_the_interpreter(
    tmp_path: Path,
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _PROBE],
        env=environment(PYTHONPATH=str(ROOT), PYTHONFAULTHANDLER="1"),
        cwd=tmp_path,
        preexec_fn=_cores_allowed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout == "0 False 0 0\n", ended.stderr


def test_no_process_of_the_product_may_leave_a_core(product: Installation) -> None:
    for name in ("collect", "urgent", "sweep", "web"):
        for process in product[name].family():
            assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0), name
            if os.getuid() != 0:
                with pytest.raises(PermissionError):
                    Path(f"/proc/{process.pid}/environ").read_bytes()


def test_the_supervisor_sees_all_descendants_of_a_process(product: Installation) -> None:
    assert len(product["web"].family()) >= 2
    assert all(process.status() for process in product["collect"].family())


def test_a_job_runs_in_a_fork() -> None:
    assert issubclass(DeclaredJobWorker, Worker)
    assert not issubclass(DeclaredJobWorker, SimpleWorker | SpawnWorker)
    assert DeclaredJobWorker.execute_job is Worker.execute_job
    assert DeclaredJobWorker.fork_work_horse is Worker.fork_work_horse
    named = {path.name for path in (ROOT / "app").rglob("*.py") if "Worker(" in path.read_text()}
    assert named == {"worker.py"}
