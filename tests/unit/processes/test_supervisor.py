"""The supervisor: what dies comes back, what stops leaves nothing behind."""

import io
import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.processes.child import Child
from app.processes.supervisor import StartFailed, Supervisor

ROOT = Path(__file__).resolve().parents[3]
SLEEP = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(out: io.StringIO) -> Iterator[Supervisor]:
    one = Supervisor(out, grace=0.5)
    with one.signals():
        yield one
        one.stop()


def python(name: str, code: str, folder: Path) -> Child:
    return Child(name, (sys.executable, "-c", code), {"PATH": os.environ["PATH"]}, folder)


def alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def numbers(folder: Path) -> list[int]:
    """The process ids that children of a test wrote down, one file each."""
    return [int(path.name) for path in folder.iterdir() if path.name.isdecimal()]


def noting(code: str) -> str:
    return f"import os, pathlib; pathlib.Path(str(os.getpid())).touch(); {code}"


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_what_dies_is_started_again(
    supervisor: Supervisor, out: io.StringIO, tmp_path: Path
) -> None:
    supervisor.start(python("fragile", noting(SLEEP), tmp_path))
    assert supervisor.wait(lambda: "up" in out.getvalue(), 10)
    (first,) = numbers(tmp_path)
    os.kill(first, signal.SIGKILL)
    assert supervisor.wait(lambda: out.getvalue().count("up") == 2, 10)
    assert "fragile ended (-9), again in 0.2 s" in out.getvalue()
    assert len(numbers(tmp_path)) == 2


def test_a_process_that_never_starts_ends_the_start_with_its_name(
    supervisor: Supervisor, out: io.StringIO, tmp_path: Path
) -> None:
    supervisor.start(python("broken", "raise SystemExit(3)", tmp_path))
    with pytest.raises(StartFailed, match="broken ended 4 times, last with 3"):
        supervisor.wait(lambda: False, 20)
    assert "again in 0.2 s" in out.getvalue()
    assert "again in 0.8 s" in out.getvalue()


def test_each_line_carries_the_name_of_its_process(
    supervisor: Supervisor, out: io.StringIO, tmp_path: Path
) -> None:
    supervisor.run(python("short", "print('one'); print('two', end='')", tmp_path))
    assert out.getvalue() == "short   | one\nshort   | two\n"


def test_a_one_time_step_that_fails_ends_the_start(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="migrate ended with exit code 7"):
        supervisor.run(python("migrate", "raise SystemExit(7)", tmp_path))


def test_a_child_sees_only_the_environment_it_is_given(
    supervisor: Supervisor, out: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACIT_MASTER_KEY", "not for a child")
    supervisor.run(python("bare", "import os; print('TACIT_MASTER_KEY' in os.environ)", tmp_path))
    assert out.getvalue() == "bare    | False\n"


def test_stop_ends_the_last_started_first(
    supervisor: Supervisor, out: io.StringIO, tmp_path: Path
) -> None:
    parting = (
        "import os, signal, time\n"
        "def end(*_):\n    os.write(1, b'bye\\n')\n    os._exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\nprint('up', flush=True)\ntime.sleep(60)"
    )
    for name in ("queue", "worker", "web"):
        supervisor.start(python(name, parting, tmp_path))
    assert supervisor.wait(lambda: out.getvalue().count("up") == 3, 10)
    supervisor.stop()
    byes = [line.split()[0] for line in out.getvalue().splitlines() if line.endswith("bye")]
    assert byes == ["web", "worker", "queue"]


def test_what_ignores_the_request_is_killed_with_its_own_children(
    supervisor: Supervisor, tmp_path: Path, out: io.StringIO
) -> None:
    # The grandchild leaves the process group, as the work horse of a queue worker does.
    family = "import os\nif os.fork() == 0:\n    os.setpgrp()\n" + textwrap.indent(
        noting(STUBBORN), ""
    ).replace("; ", "\n")
    supervisor.start(python("stubborn", family, tmp_path))
    assert supervisor.wait(lambda: out.getvalue().count("up") == 2, 10)
    pids = numbers(tmp_path)
    assert len(pids) == 2
    supervisor.stop()
    assert wait_until(lambda: not any(alive(pid) for pid in pids))


def test_a_second_ctrl_c_kills_the_children_at_once(out: io.StringIO, tmp_path: Path) -> None:
    supervisor = Supervisor(out, grace=60)
    with supervisor.signals():
        supervisor.start(python("stubborn", STUBBORN, tmp_path))
        assert supervisor.wait(lambda: "up" in out.getvalue(), 10)
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        supervisor.watch()
        began = time.monotonic()
        supervisor.stop()
    assert time.monotonic() - began < 5


def test_after_a_stop_nothing_more_is_started(supervisor: Supervisor, tmp_path: Path) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    supervisor.start(python("late", noting(SLEEP), tmp_path))
    supervisor.run(python("late", noting("pass"), tmp_path))
    assert numbers(tmp_path) == []
