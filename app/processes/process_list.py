"""The processes of an installation, and the environment of each."""

import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from app.core import queue_server
from app.core.config import DATABASE_NAME, DEMO_EMAIL, ConfigError, positive
from app.processes.child import Child

ROOT = Path(__file__).resolve().parents[2]
_SANDBOX_CLIENT = "tacit-sandbox"
# The variables that the queue server and the sandbox get: no secret of ours.
_HARMLESS = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")


@dataclass(frozen=True, slots=True)
class ProcessList:
    """Everything that `tacit up` starts; None where it is not needed."""

    url: str
    port: int
    sandbox_port: int | None
    instance: Path
    socket: Path | None
    demo_password: str | None
    queue: Child | None
    sandbox: Child | None
    before: tuple[Child, ...]
    processes: tuple[Child, ...]
    database: Path | None
    """SQLite's file; None if the database is a server."""
    holder_seconds: float
    """How long a process may have SQLite's write lock without a commit."""


def process_list(environ: Mapping[str, str]) -> ProcessList:
    """Decide from the environment; raises ConfigError and NoQueueServer, starts nothing."""
    port, sandbox_port = _port(environ, "PORT", 8000), _port(environ, "SANDBOX_PORT", 8001)
    if port == sandbox_port:
        raise ConfigError("PORT and SANDBOX_PORT must differ.")
    instance = Path(environ.get("TACIT_INSTANCE") or ROOT / "instance").resolve()
    shared = {
        **environ,
        "PYTHONUNBUFFERED": "1",
        "TACIT_INSTANCE": str(instance),
        "TACIT_BASE_URL": environ.get("TACIT_BASE_URL") or f"http://127.0.0.1:{port}",
        "TACIT_BIND": environ.get("TACIT_BIND") or f"127.0.0.1:{port}",
    }
    socket = None if environ.get("REDIS_URL") else queue_server.socket_path(instance)
    if socket is not None:
        shared["REDIS_URL"] = queue_server.url(socket)
    sandboxed = _wants_sandbox(environ)
    if sandboxed:
        shared |= _sandbox_settings(sandbox_port)
    password = secrets.token_urlsafe(12) if sandboxed else None
    return ProcessList(
        url=shared["TACIT_BASE_URL"],
        port=port,
        sandbox_port=sandbox_port if sandboxed else None,
        instance=instance,
        socket=socket,
        demo_password=password,
        queue=_queue(environ, socket) if socket is not None else None,
        sandbox=_sandbox(environ, shared, sandbox_port) if sandboxed else None,
        before=_before(shared, password),
        processes=_processes(shared),
        database=_database(environ, instance),
        holder_seconds=positive(environ, "TACIT_HOLDER_SECONDS", 5),
    )


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not (value.isdecimal() and 0 < int(value) < 65536):
        raise ConfigError(f"{name} must be a port number, 1 to 65535.")
    return int(value)


def _database(environ: Mapping[str, str], instance: Path) -> Path | None:
    url = environ.get("DATABASE_URL")
    if not url:
        return instance / DATABASE_NAME
    if not url.startswith("sqlite"):
        return None
    named = make_url(url).database
    return ROOT / named if named else None


def _wants_sandbox(environ: Mapping[str, str]) -> bool:
    """Whether to use the sandbox: without a configured PagerDuty app, never in production."""
    given = {
        name: bool(environ.get(name)) for name in ("PAGERDUTY_CLIENT_ID", "PAGERDUTY_CLIENT_SECRET")
    }
    if len(set(given.values())) > 1:
        missing = next(name for name, there in given.items() if not there)
        raise ConfigError(f"{missing} is missing: an app at PagerDuty has an id and a secret.")
    return not any(given.values()) and environ.get("TACIT_ENV") != "production"


def _sandbox_settings(port: int) -> dict[str, str]:
    origin = f"http://localhost:{port}"
    return {
        "PAGERDUTY_CLIENT_ID": _SANDBOX_CLIENT,
        "PAGERDUTY_CLIENT_SECRET": secrets.token_urlsafe(32),
        "PAGERDUTY_IDENTITY_URL": origin,
        "PAGERDUTY_API_URL": origin,
        "PAGERDUTY_API_EU_URL": origin,
    }


def _bare(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in _HARMLESS if name in environ}


def _queue(environ: Mapping[str, str], socket: Path) -> Child:
    return Child("queue", queue_server.command(socket), _bare(environ), ROOT)


def _sandbox(environ: Mapping[str, str], shared: Mapping[str, str], port: int) -> Child:
    """Its switches (SANDBOX_SIZE, SANDBOX_ACCOUNT_FILE and so on) pass through; the secret too."""
    switches = {name: value for name, value in environ.items() if name.startswith("SANDBOX_")}
    environment = {
        **_bare(environ),
        "PYTHONUNBUFFERED": "1",
        **switches,
        "SANDBOX_HOST": "localhost",
        "SANDBOX_PORT": str(port),
        "SANDBOX_REDIRECT_URI": f"{shared['TACIT_BASE_URL']}/oauth/callback",
        "SANDBOX_CLIENT_ID": shared["PAGERDUTY_CLIENT_ID"],
        "SANDBOX_CLIENT_SECRET": shared["PAGERDUTY_CLIENT_SECRET"],
    }
    return Child("sandbox", (sys.executable, "-m", "sandbox"), environment, ROOT)


def _tacit(name: str, environment: Mapping[str, str], *arguments: str) -> Child:
    return Child(name, (sys.executable, "-m", "app.cli", *arguments), environment, ROOT)


def _before(shared: Mapping[str, str], password: str | None) -> tuple[Child, ...]:
    """Processes that run once before the others: in a sandbox also for the demo login."""
    migrate = _tacit("migrate", shared, "migrate")
    if password is None:
        return (migrate,)
    environment = {**shared, "TACIT_DEMO_PASSWORD": password}
    return (migrate, _tacit("member", environment, "member", "demo", "--email", DEMO_EMAIL))


def _processes(shared: Mapping[str, str]) -> tuple[Child, ...]:
    """In the order of starting; they stop in the reverse order, web first.

    A purge never waits for a collection: `urgent` is a queue and a worker of its own.
    """
    serve = (sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app")
    return (
        _tacit("collect", shared, "worker", "collect"),
        _tacit("urgent", shared, "worker", "urgent"),
        _tacit("sweep", shared, "sweep"),
        Child("web", serve, shared, ROOT),
    )
