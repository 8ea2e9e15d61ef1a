"""`tacit up`: the whole product on one machine, until Ctrl-C."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from filelock import FileLock, Timeout

from app.core import queue_server
from app.core.config import DEMO_EMAIL, ConfigError
from app.core.hygiene import leave_nothing
from app.core.logs import filter_loggers
from app.database.sqlite_write_lock import WriteLockWatch
from app.processes import ports
from app.processes.process_list import ProcessList, process_list
from app.processes.supervisor import StartFailed, Supervisor

_PROBLEMS = (ConfigError, queue_server.NoQueueServer, ports.PortTaken, StartFailed)
_READY_SECONDS = 90.0


@click.command()
def up() -> None:
    """Start everything on this machine and keep it alive until Ctrl-C."""
    filter_loggers()
    leave_nothing()
    os.umask(0o077)  # the database, its journal and every log are for this user only
    try:
        planned = process_list(os.environ)
        ports.require_free("127.0.0.1", planned.port, "PORT")
        if planned.sandbox_port is not None:
            ports.require_free("localhost", planned.sandbox_port, "SANDBOX_PORT")
        with _instance_lock(planned.instance), _socket_folder(planned):
            _supervise(planned)
    except _PROBLEMS as problem:
        raise click.ClickException(str(problem)) from None


@contextlib.contextmanager
def _instance_lock(instance: Path) -> Iterator[None]:
    """Lock the instance folder: two supervisors would remove each other's queue socket."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(instance / "up.lock", fallback_to_soft=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ConfigError(
            f"Tacit already runs on {instance}: stop it, or choose another TACIT_INSTANCE."
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _socket_folder(planned: ProcessList) -> Iterator[None]:
    """Remove the socket afterwards, with its folder where that was made for it alone."""
    path = planned.socket
    if path is None:
        yield
        return
    queue_server.prepare(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        if path.parent != planned.instance:
            path.parent.rmdir()


def _supervise(planned: ProcessList) -> None:
    watched = planned.database
    watch = None if watched is None else WriteLockWatch(watched, planned.holder_seconds)
    supervisor = Supervisor(sys.stdout, watch=watch)
    with supervisor.signals():
        try:
            _start(supervisor, planned)
            _need(
                supervisor, lambda: ports.says_ready(planned.port), f"{planned.url}/readyz is not"
            )
            if not supervisor.stops:
                supervisor.show(_welcome(planned))
            supervisor.watch()
        finally:
            supervisor.stop()


def _start(supervisor: Supervisor, planned: ProcessList) -> None:
    socket, sandbox_port = planned.socket, planned.sandbox_port
    if planned.queue is not None and socket is not None:
        supervisor.start(planned.queue)
        _need(supervisor, lambda: queue_server.responds(socket), "the queue server is not")
    if planned.sandbox is not None:
        supervisor.start(planned.sandbox)
    for once in planned.before:
        supervisor.run(once)
    for child in planned.processes:
        supervisor.start(child)
    if sandbox_port is not None:
        _need(supervisor, lambda: ports.responds("localhost", sandbox_port), "the sandbox is not")


def _need(supervisor: Supervisor, ready: Callable[[], bool], what: str) -> None:
    if not supervisor.wait(ready, _READY_SECONDS) and not supervisor.stops:
        raise StartFailed(f"After {_READY_SECONDS:.0f} s {what} ready.")


def _welcome(planned: ProcessList) -> str:
    lines = ["", f"  Tacit is ready at  {planned.url}"]
    if planned.demo_password is not None:
        lines += [
            f"  Log in with        {DEMO_EMAIL}  password  {planned.demo_password}",
            "  Then click         New engagement (subdomain acme), Integrations, Connect PagerDuty",
            f"  Its PagerDuty is   a sandbox at http://localhost:{planned.sandbox_port}",
        ]
    else:
        lines += [
            "  Make a login with  .venv/bin/tacit member add --firm NAME --email ADDRESS",
            "  Then click         New engagement, Integrations, Connect PagerDuty",
        ]
    return "\n".join([*lines, "  Stop with          Ctrl-C", ""])
