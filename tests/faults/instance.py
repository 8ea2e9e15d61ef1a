"""An instance in the test's own process, and others of its processes that may die."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import time_machine

from app.core.clock import now
from app.core.config import Config
from app.core.crash_points import VARIABLE, CrashPoint
from app.extensions import bind, db
from app.models import Base
from app.operations.deletion.purge import purge
from app.operations.deletion.retention import close_due_epochs
from app.operations.grant.rotate import rotate
from app.sweep import sweep_once
from tests.factories.accounts import add_member
from tests.forked import FORKS
from tests.unit.operations.conftest import Tenant, new_tenant
from tests.unit.operations.grant.other_processes import start

SHORT = {
    "TACIT_LEASE_SECONDS": "1",
    "TACIT_PURGE_HEAD_START_SECONDS": "0.001",
    "TACIT_QUEUE_PATIENCE_SECONDS": "0.001",
    "TACIT_REVOCATION_SECONDS": "0.001",
    "TACIT_CONFIRMATION_SECONDS": "1",
}


@dataclass(frozen=True)
class Instance:
    """A database, a keystore and one firm; ``environ`` gives them to other processes."""

    environ: dict[str, str]
    firm_id: int

    @property
    def url(self) -> str:
        """Of the database."""
        return self.environ["DATABASE_URL"]

    @property
    def instance(self) -> Path:
        """The folder."""
        return Path(self.environ["TACIT_INSTANCE"])

    def tenant(self) -> Tenant:
        """One more engagement."""
        return new_tenant(self.firm_id)


@contextmanager
def new_instance(folder: Path, url: str, **settings: str) -> Iterator[Instance]:
    """Bind this process to a new instance; by default without a queue server."""
    environ = {
        **SHORT,
        "TACIT_INSTANCE": str(folder),
        "DATABASE_URL": url,
        "REDIS_URL": f"unix://{folder}/no.sock",
        "PAGERDUTY_IDENTITY_URL": "http://localhost:9",
        "PAGERDUTY_CLIENT_ID": "client",
        "PAGERDUTY_CLIENT_SECRET": "secret",
        **settings,
    }
    bind(Config.from_env(environ))
    Base.metadata.create_all(db.engine)
    with db.write() as session:
        member = add_member(session)
        firm_id = member.firm_id
    yield Instance(environ, firm_id)
    # A run that was stopped leaves its requests to end by themselves.
    for thread in threading.enumerate():
        if thread.name.startswith("request"):
            thread.join(10)
    db.engine.dispose()


def in_a_process(work: Callable[..., object], *arguments: Any) -> int:
    """Run it in a process of its own; the exit code, negative for the signal that ended it."""
    process = FORKS.Process(target=work, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode is not None, "it never ended"
    return process.exitcode


def purges(environ: dict[str, str], handle: str, crash: str) -> None:
    """In a process: one attempt at a purge, to its end or to a point."""
    os.environ[VARIABLE] = crash
    start(environ)
    purge(handle)


def rotates(environ: dict[str, str], crash: str) -> None:
    """In a process: new keys for everything, to its end or to a point."""
    os.environ[VARIABLE] = crash
    start(environ)
    rotate()


def sweeps(environ: dict[str, str], shift: timedelta, times: int) -> None:
    """In a process whose clock is wrong by ``shift``: so many sweeps, right after each other."""
    start(environ)
    with time_machine.travel(now() + shift, tick=True):
        for _ in range(times):
            assert sweep_once()


def keeps_sweeping(environ: dict[str, str], shift: timedelta, seconds: float) -> None:
    """In a process whose clock is wrong: what retention does for so long."""
    start(environ)
    with time_machine.travel(now() + shift, tick=True):
        close_due_epochs()
        threading.Event().wait(seconds)
        close_due_epochs()


def at(point: CrashPoint, time: int) -> str:
    """What ``TACIT_CRASH_AT`` says for it."""
    return f"{point}:{time}"
