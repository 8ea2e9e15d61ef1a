"""All of Tacit as processes that can be killed one by one."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from app.core import queue_server
from app.core.config import DEMO_EMAIL
from app.processes import ports
from app.processes.child import Child
from app.processes.process_list import ROOT, process_list
from proof.installation.processes import (
    START_SECONDS,
    Launch,
    Process,
    environment,
    execute,
    free_port,
)
from proof.installation.sandboxes import SandboxControl


@dataclass(frozen=True, slots=True)
class Seed:
    """The state after the tasks before a first start; a copy saves three seconds a start."""

    instance: Path
    password: str


class Installation:
    """All processes of `tacit up`, without a supervisor that restarts them.

    A test can kill one (`product["collect"].kill()`) and start it again.
    """

    email = DEMO_EMAIL

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        seed: Seed | None = None,
        launch: Launch = execute,
    ) -> None:
        self.folder = folder
        self._seed = seed
        self._launch = launch
        ports_of_ours = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
        paths = {"TACIT_INSTANCE": str(folder / "instance")}
        self.plan = process_list(environment(**ports_of_ours, **paths, **settings))
        self.url = self.plan.url
        self.password = seed.password if seed else self.plan.demo_password or ""
        self.sandbox = SandboxControl(f"http://localhost:{self.plan.sandbox_port}")
        self._processes: dict[str, Process] = {}

    @property
    def database_url(self) -> str:
        """The database: SQLite in the instance folder unless the settings name another."""
        url = self.plan.processes[0].environment.get("DATABASE_URL")
        return url or f"sqlite:///{self.plan.instance / 'tacit.db'}"

    def select(self, statement: str) -> list[Any]:
        """Rows, read directly from the database; one column gives plain values."""
        engine = create_engine(self.database_url, poolclass=NullPool)
        with engine.connect() as connection:
            rows = connection.execute(text(statement)).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]

    def execute(self, statement: str, **values: object) -> None:
        """Change rows directly in the database."""
        with create_engine(self.database_url, poolclass=NullPool).begin() as connection:
            connection.execute(text(statement), values)

    def count(self, table: str) -> int:
        """Rows of a table, of every epoch."""
        return int(self.select(f'SELECT count(*) FROM "{table}"')[0])  # noqa: S608

    def __getitem__(self, name: str) -> Process:
        """One of queue, sandbox, collect, urgent, sweep, web."""
        return self._processes[name]

    def prepare(self) -> Seed:
        """Run the tasks before a first start; starts nothing."""
        self.plan.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        for once in self.plan.before:
            self._run(once.command, once.environment)
        return Seed(self.plan.instance, self.password)

    def start(self) -> None:
        """Start everything and wait until /readyz reports ready."""
        if self._seed is not None:
            shutil.copytree(self._seed.instance, self.plan.instance)
        self.plan.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        children = self.children()
        for name in ("queue", "sandbox"):
            if name in children:
                self.start_one(name)
        if self.plan.socket is not None:
            socket_path = self.plan.socket
            self["queue"].need(lambda: queue_server.responds(socket_path), "no queue server")
        if self._seed is None:
            self.prepare()
        for child in self.plan.processes:
            self.start_one(child.name)
        if sandbox_port := self.plan.sandbox_port:
            self["sandbox"].need(lambda: ports.responds("localhost", sandbox_port), "no sandbox")
        self["web"].need(lambda: ports.says_ready(self.plan.port), "/readyz is not ready")

    def children(self) -> dict[str, Child]:
        """The processes that keep running, by name, in the order of starting."""
        kept = (self.plan.queue, self.plan.sandbox, *self.plan.processes)
        return {child.name: child for child in kept if child is not None}

    def start_one(self, name: str, called: str | None = None, **settings: str) -> None:
        """Start one process, for the first time or again; ``called`` names one more of its kind."""
        child = self.children()[name]
        child = replace(child, environment={**child.environment, **settings})
        self._processes[called or name] = Process(child, self.folder, launch=self._launch)

    def tacit(self, *arguments: str) -> str:
        """Run a `tacit` command; returns its output."""
        environ = self.plan.processes[0].environment
        return self._run((sys.executable, "-m", "app.cli", *arguments), environ)

    def words(self) -> str:
        """The output of all processes so far."""
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def states(self) -> dict[str, bool]:
        """Which of its processes run."""
        return {name: process.running for name, process in self._processes.items()}

    def stop(self) -> None:
        """End everything: Tacit's processes at once, then the sandbox and the queue server."""
        for name in {child.name for child in self.plan.processes} & set(self._processes):
            self[name].popen.send_signal(signal.SIGTERM)
        for name in reversed(list(self._processes)):
            self._processes.pop(name).end()

    def _run(self, command: tuple[str, ...], environ: Mapping[str, str]) -> str:
        ended = subprocess.run(
            command,
            env=dict(environ),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout
