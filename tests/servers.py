"""Real processes for tests: on free ports, in folders of their own, ended by their own ids."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests
from sqlalchemy import NullPool, create_engine, text

from app import ports, queue_server
from app.child import Child
from app.config import DEMO_EMAIL
from app.processes import ROOT, plan

START_SECONDS = 60.0


def free_port() -> int:
    """A port nobody listens on, for localhost in both its meanings."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Return as soon as the condition holds; fail with `what` when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds:g} s: {what}")
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def environment(**settings: str) -> dict[str, str]:
    """What a process of a test knows: nothing of the developer's shell or .env file."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "TACIT_ENV_FILE": "", **settings}


class Process:
    """A child with its output in a file, so that a test can search every word it said."""

    def __init__(self, child: Child, folder: Path, user: int | None = None) -> None:
        self.child = child
        self.log = folder / f"{child.name}.log"
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                child.command,
                env=dict(child.environment),
                cwd=child.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
            )

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
        """What runs below the process: a worker's horse, a server's back ends."""
        return [each for each in self.family() if each.pid != self.popen.pid]

    def kill(self) -> None:
        """`kill -9` of this one process, as a crash would end it."""
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait()

    def crash(self) -> None:
        """`kill -9` of the process and everything below it, as when a machine loses power."""
        for each in self.family():
            each.kill()
        self.popen.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """SIGSTOP inside the block: a process that hangs and closes nothing."""
        self.popen.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.popen.send_signal(signal.SIGCONT)

    def end(self, seconds: float = 10, number: signal.Signals = signal.SIGTERM) -> None:
        """A signal that asks, then SIGKILL for whatever is left of the family."""
        family = self.family()
        self.popen.send_signal(number)
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            family += self.family()
        for member in family:
            if member.is_running():
                member.kill()
        self.popen.wait()

    def need(self, condition: Callable[[], object], what: str) -> None:
        """Wait for the start; a process that ended fails at once, with its last words."""
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
        self.process.need(lambda: queue_server.answers(self.socket), "no queue server")


@dataclass(frozen=True, slots=True)
class SandboxDoor:
    """What a test may ask of a running sandbox behind its back."""

    url: str

    def requests(self) -> Any:
        """Every request it received, and the count of refused ones."""
        return self._get("requests")

    def canaries(self) -> Any:
        """Every forbidden string it serves, with its origin."""
        return self._get("canaries")

    def counts(self) -> Any:
        """Totals of the account per resource."""
        return self._get("counts")

    def plant(self, **fault: object) -> None:
        """Plant a fault: kind, path, after, times, headers."""
        requests.post(f"{self.url}/__sandbox/faults", json=fault, timeout=10).raise_for_status()

    def heal(self) -> None:
        """Take every fault away that is left."""
        requests.delete(f"{self.url}/__sandbox/faults", timeout=10).raise_for_status()

    def mutate(self, **edit: object) -> None:
        """Change the account: kind, id, set."""
        requests.post(f"{self.url}/__sandbox/mutate", json=edit, timeout=10).raise_for_status()

    def _get(self, name: str) -> Any:
        answer = requests.get(f"{self.url}/__sandbox/{name}", timeout=30)
        answer.raise_for_status()
        return answer.json()


class Sandbox:
    """A sandbox process; switches are its options: `size="small"`, `rate_limit="0"`."""

    def __init__(self, folder: Path, **switches: str) -> None:
        port = free_port()
        self.door = SandboxDoor(f"http://localhost:{port}")
        told = {f"SANDBOX_{name.upper()}": value for name, value in switches.items()}
        told |= {"SANDBOX_HOST": "localhost", "SANDBOX_PORT": str(port)}
        command = (sys.executable, "-m", "sandbox")
        self.process = Process(Child("sandbox", command, environment(**told), ROOT), folder)
        self.process.need(lambda: ports.answers("localhost", port), "no sandbox")


@dataclass(frozen=True, slots=True)
class Seed:
    """What the errands before a first start leave: a copy spares each product three seconds."""

    instance: Path
    password: str


class Product:
    """All of Tacit as separate processes, exactly those of `tacit up`, none restarted by itself.

    A test can kill one (`product["collect"].kill()`) and start it again.
    """

    email = DEMO_EMAIL

    def __init__(self, folder: Path, settings: Mapping[str, str], seed: Seed | None = None) -> None:
        self.folder = folder
        self._seed = seed
        ports_of_ours = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
        paths = {"TACIT_INSTANCE": str(folder / "instance")}
        self.plan = plan(environment(**ports_of_ours, **paths, **settings))
        self.url = self.plan.url
        self.password = seed.password if seed else self.plan.demo_password or ""
        self.sandbox = SandboxDoor(f"http://localhost:{self.plan.sandbox_port}")
        self._processes: dict[str, Process] = {}

    @property
    def database_url(self) -> str:
        """Where its rows are: SQLite in the instance folder unless the settings say otherwise."""
        told = self.plan.crew[0].environment.get("DATABASE_URL")
        return told or f"sqlite:///{self.plan.instance / 'tacit.db'}"

    def select(self, statement: str) -> list[Any]:
        """Rows behind the product's back; one column comes as plain values."""
        engine = create_engine(self.database_url, poolclass=NullPool)
        with engine.connect() as connection:
            rows = connection.execute(text(statement)).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]

    def execute(self, statement: str, **values: object) -> None:
        """Change rows behind the product's back."""
        with create_engine(self.database_url, poolclass=NullPool).begin() as connection:
            connection.execute(text(statement), values)

    def count(self, table: str) -> int:
        """Rows of a table, of every epoch."""
        return int(self.select(f'SELECT count(*) FROM "{table}"')[0])  # noqa: S608

    def __getitem__(self, name: str) -> Process:
        """One of queue, sandbox, collect, urgent, sweep, web."""
        return self._processes[name]

    def prepare(self) -> Seed:
        """Do what comes once before a first start; nothing is started."""
        self.plan.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        for once in self.plan.before:
            self._run(once.command, once.environment)
        return Seed(self.plan.instance, self.password)

    def start(self) -> None:
        """Start everything and wait until /readyz says so."""
        if self._seed is not None:
            shutil.copytree(self._seed.instance, self.plan.instance)
        self.plan.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        children = self.children()
        for name in ("queue", "sandbox"):
            if name in children:
                self.start_one(name)
        if self.plan.socket is not None:
            socket_path = self.plan.socket
            self["queue"].need(lambda: queue_server.answers(socket_path), "no queue server")
        if self._seed is None:
            self.prepare()
        for child in self.plan.crew:
            self.start_one(child.name)
        if sandbox_port := self.plan.sandbox_port:
            self["sandbox"].need(lambda: ports.answers("localhost", sandbox_port), "no sandbox")
        self["web"].need(lambda: ports.says_ready(self.plan.port), "/readyz is not ready")

    def children(self) -> dict[str, Child]:
        """What keeps running, by name, in the order of starting."""
        kept = (self.plan.queue, self.plan.sandbox, *self.plan.crew)
        return {child.name: child for child in kept if child is not None}

    def start_one(self, name: str, called: str | None = None) -> None:
        """Start one process, for the first time or again; ``called`` names one more of its kind."""
        self._processes[called or name] = Process(self.children()[name], self.folder)

    def tacit(self, *arguments: str) -> str:
        """Run a `tacit` command beside the product; returns what it printed."""
        told = self.plan.crew[0].environment
        return self._run((sys.executable, "-m", "app.cli", *arguments), told)

    def words(self) -> str:
        """Everything that every process has said so far."""
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def stop(self) -> None:
        """End everything: the crew at once, then what it leans on."""
        for name in {child.name for child in self.plan.crew} & set(self._processes):
            self[name].popen.terminate()
        for name in reversed(list(self._processes)):
            self._processes.pop(name).end()

    def _run(self, command: tuple[str, ...], told: Mapping[str, str]) -> str:
        ended = subprocess.run(
            command,
            env=dict(told),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout
