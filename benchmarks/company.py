"""One collection on real processes: sandbox, queue, worker, web page; and their measurements."""

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import requests
from sqlalchemy import func, select

from app.database.engine import Database
from app.models import RECORD_TABLES, Assessment, CollectionRun
from app.operations.runs.certificate import certificate
from benchmarks.memory import Growth, watched
from proof.installation.sandboxes import last_midnight
from tests.functional.consultant import Consultant
from tests.servers import Installation

DAYS = 90
UNLIMITED = 900_000
"""Requests a minute: more than can be sent. Without a stated limit the product assumes 960."""
_TIME_OUT = 1800.0
_ENDED = {"done", "failed"}
_NOT_REST = ("/oauth/", "/global/", "/account/")


@dataclass(frozen=True, slots=True)
class Switches:
    """How the sandbox is set: ``rate_limit`` a minute, for on-calls ``oncalls_limit``."""

    size: str = "reference"
    times: int = 1
    rate_limit: int = UNLIMITED
    oncalls_limit: int = UNLIMITED
    latency_ms: int = 0


@dataclass(frozen=True, slots=True)
class Collected:
    """One run. ``requests`` is the sandbox's ledger of REST requests, ``rows`` the database's."""

    seconds: float
    requests: list[dict[str, Any]]
    certificate: dict[str, Any]
    counts: dict[str, int]
    rows: dict[str, int]
    growth: Growth

    @property
    def records(self) -> int:
        """Everything the run stored, of every resource."""
        return sum(each["stored"] for each in self.certificate["resources"])

    @property
    def limited(self) -> int:
        """Answers with 429."""
        return sum(each["status"] == 429 for each in self.requests)


def _settings(switches: Switches, end: datetime) -> dict[str, str]:
    values = {
        "size": switches.size,
        "times": switches.times,
        "rate_limit": switches.rate_limit,
        "oncalls_limit": switches.oncalls_limit,
        "latency_ms": switches.latency_ms,
        "as_of": end.isoformat(),
    }
    return {f"SANDBOX_{name.upper()}": str(value) for name, value in values.items()}


@contextlib.contextmanager
def product(switches: Switches, end: datetime) -> Iterator[Installation]:
    """The whole product in a folder of its own, ended afterwards."""
    # A unix socket's path must stay below 100 bytes.
    with tempfile.TemporaryDirectory(prefix="tacit-", dir="/tmp") as folder:
        started = Installation(Path(folder), _settings(switches, end))
        try:
            started.start()
            yield started
        finally:
            started.stop()


def collect(switches: Switches) -> Collected:
    """Start everything, connect, wait for the run's end, stop everything."""
    end = last_midnight()
    with product(switches, end) as running:
        return collect_in(running, end)


def collect_in(running: Installation, end: datetime) -> Collected:
    """One run of a running product over the account's 90 days."""
    consultant = Consultant(running).logs_in()
    consultant.opens_engagement(
        period="typed",
        since=str((end - timedelta(days=DAYS)).date()),
        until=str((end - timedelta(days=1)).date()),
    )
    clear_requests(running)
    with _database(running) as database:
        with watched(lambda: psutil.Process(running["collect"].popen.pid)) as growth:
            consultant.connects()
            run = _ended(database)
        if run.started_at is None or run.finished_at is None:
            raise RuntimeError(f"the run {run.state}: {run.code}")
        with database.read() as session:
            proof = certificate(session, run)
            rows = {
                name: session.scalar(select(func.count()).select_from(table)) or 0
                for name, table in RECORD_TABLES.items()
            }
    seconds = (run.finished_at - run.started_at).total_seconds()
    ledger = rest_requests(running, since=run.started_at)
    return Collected(
        seconds=seconds,
        requests=ledger,
        certificate=proof,
        counts=_counts(running),
        rows=rows,
        growth=growth,
    )


def clear_requests(running: Installation) -> None:
    """Empty the sandbox's ledger."""
    requests.delete(f"{running.sandbox.url}/__sandbox/requests", timeout=10).raise_for_status()


def rest_requests(running: Installation, *, since: datetime | None = None) -> list[dict[str, Any]]:
    """The REST requests that the sandbox has received, from ``since`` on."""
    ledger: list[dict[str, Any]] = running.sandbox.requests()["requests"]
    rest = [each for each in ledger if not each["path"].startswith(_NOT_REST)]
    return [e for e in rest if since is None or datetime.fromisoformat(e["time"]) >= since]


def _counts(running: Installation) -> dict[str, int]:
    counts: dict[str, Any] = running.sandbox.counts()
    return {name: count for name, count in counts.items() if isinstance(count, int)}


def database_url(running: Installation) -> str:
    """Where a running product keeps its rows."""
    return f"sqlite:///{running.plan.instance / 'tacit.db'}"


def assessed(running: Installation) -> None:
    """Wait until the product has made its own assessment: nothing else works then."""
    deadline = time.monotonic() + _TIME_OUT
    with _database(running) as database:
        while time.monotonic() < deadline:
            with database.read() as session:
                state = session.scalar(select(Assessment.state))
            if state in _ENDED:
                return
            time.sleep(0.2)
    raise RuntimeError(f"no assessment ended in {_TIME_OUT:g} s")


@contextlib.contextmanager
def _database(running: Installation) -> Iterator[Database]:
    database = Database()
    database.bind(database_url(running))
    try:
        yield database
    finally:
        database.engine.dispose()


def _ended(database: Database) -> CollectionRun:
    deadline = time.monotonic() + _TIME_OUT
    while time.monotonic() < deadline:
        with database.read() as session:
            run = session.scalar(select(CollectionRun).order_by(CollectionRun.id.desc()))
        if run is not None and run.state in _ENDED:
            return run
        time.sleep(0.2)
    raise RuntimeError(f"no run ended in {_TIME_OUT:g} s")
