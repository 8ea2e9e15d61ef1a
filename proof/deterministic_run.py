"""`python -m proof.deterministic_run`: one run in one process; clock, ids and keys are given.

Runs over accounts that differ only in what is forbidden must leave the same bytes: dump of the
database, logs, reports (`proof.noninterference`). That finds what no search can: a length, a
count, an order.
"""

import importlib
import json
import os
import pkgutil
import random
import re
import sys
import tempfile
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask, Response, request
from flask.testing import FlaskClient
from sqlalchemy import select

import app
import collectors
from app.core.config import Config
from app.extensions import db
from app.jobs import assess, collect, purge
from app.models import Assessment, Base, CollectionRun, Purge
from app.operations.accounts.members import add_member
from app.operations.deletion import revocation
from app.web import create_app
from proof.installation.consultant import UNSEEN
from proof.installation.processes import QueueServer
from proof.planted import settings_of
from sandbox.application import create_sandbox
from sandbox.canaries import REST, Mint
from sandbox.server import running

_PASSWORD = "a long enough password"  # noqa: S105 - of an account that lives a minute
_EMAIL = "consultant@client.example"
_DURATION = re.compile(r'"(ms|seconds|took)":[0-9.]+')
_APART = {"app.cli.__main__"}


def _modules() -> Iterator[types.ModuleType]:
    for package in (app, collectors):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name not in _APART:
                yield importlib.import_module(found.name)


def _tell_everything(moment: datetime) -> None:
    """Stop the clock and make chance repeat itself, in every module that has either."""
    dice = random.Random(1)  # noqa: S311 - that it can be foreseen is the point
    os.urandom = dice.randbytes
    random._urandom = dice.randbytes  # type: ignore[attr-defined] # noqa: SLF001 - what `secrets` draws from
    clock = app.core.clock.now
    still = types.SimpleNamespace(**vars(importlib.import_module("time")))
    still.time = moment.timestamp

    class Still(datetime):
        @classmethod
        def now(cls, _zone: object = None) -> Any:  # always in UTC here
            return moment

    for module in _modules():
        if getattr(module, "now", None) is clock:
            module.now = lambda: moment  # type: ignore[attr-defined]
        if "datetime.now(" in Path(str(module.__file__)).read_text():
            module.datetime = Still  # type: ignore[attr-defined]
    logs: Any = app.core.logs
    logs.time = still


class _AtOnce(threading.Thread):
    """A thread whose turn it is at once: whose line of the log comes first is chance, too."""

    def start(self) -> None:
        """All of it, before the caller goes on."""
        self.run()

    def join(self, timeout: float | None = None) -> None:
        """It has ended."""


def _take_turns() -> None:
    """The token is revoked at PagerDuty before the deletion begins, not beside it."""
    module: Any = revocation
    module.threading = types.SimpleNamespace(**vars(threading))
    module.threading.Thread = _AtOnce


class _Browser:
    """The browser of the consultant and of the authorizer."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._engagement = ""

    def sends(self, address: str, page: str = "", **fields: str) -> Any:
        """Fill in the form on a page."""
        unseen = dict(UNSEEN.findall(self._client.get(page or address).text))
        assert unseen, f"{page or address} has no form"
        response = self._client.post(address, data={**unseen, **fields})
        assert response.status_code == 303, (address, response.status_code)
        return response

    def connects(self) -> None:
        """From the login to the way back from PagerDuty."""
        self.sends("/login", email=_EMAIL, password=_PASSWORD)
        opened = self.sends(
            "/engagements/new",
            client_name="Acme",
            subdomain="acme",
            period="last_90_days",
            time_zone="UTC",
        )
        self._engagement = str(re.search(r"/engagements/[0-9a-f]{16}", opened.location)[0])  # type: ignore[index]
        away = self.sends(f"{self._engagement}/connect", extensions="users")
        form = {"login": "admin", "decision": "allow"}
        back = requests.post(away.location, data=form, allow_redirects=False, timeout=30)
        landed = urlsplit(back.headers["location"])
        response = self._client.get(f"{landed.path}?{landed.query}")
        assert response.status_code == 303, response.status_code

    def reports(self) -> Iterator[tuple[str, bytes]]:
        """Every download, the client's own included, by the end of its address."""
        address, card = f"{self._engagement}/client-link", f"{self._engagement}/card"
        unseen = dict(UNSEEN.findall(self._client.get(card).text))
        made = self._client.post(address, data=unseen)
        link = re.search(r"/client/[\w-]{43}", made.text)
        assert link, "no link for the client"
        ours = ("report.json", "report.csv", "findings.csv")
        for path in (*(f"{self._engagement}/{name}" for name in ours), f"{link[0]}/export.json"):
            response = self._client.get(path)
            assert response.status_code == 200, (path, response.status_code)
            yield path.rpartition("/")[2], response.get_data()

    def disconnects(self) -> None:
        """With the word that confirms it."""
        self.sends(f"{self._engagement}/disconnect", confirm="yes")


def _dump() -> bytes:
    """Every value of every table, in the order of their keys."""
    lines: list[str] = []
    with db.read() as session:
        for table in Base.metadata.sorted_tables:
            order = list(table.primary_key.columns)
            rows = session.execute(select(table).order_by(*order))
            lines += [f"{table.name} {tuple(row)!r}" for row in rows]
    return "\n".join(lines).encode()


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """What goes to standard error goes to a file."""
    kept = os.dup(2)
    with path.open("wb") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)


def _lengthen(sandbox: Flask, mint: Mint, tail: str) -> None:
    """Put ``tail`` at every forbidden text of the REST API's answers, keys included."""
    forbidden = re.compile(rf"{mint.prefix}[A-Z2-7]{{{REST}}}".encode())

    @sandbox.after_request
    def lengthened(response: Response) -> Response:
        if not request.path.startswith("/oauth/") and response.mimetype == "application/json":
            longer = rb"\g<0>" + tail.encode()
            response.set_data(forbidden.sub(longer, response.get_data()))
        return response


def run(word: str, tail: str, moment: datetime, folder: Path) -> None:
    """Leave dumps, log and reports in ``folder``."""
    settings = settings_of("small", word, moment, canary_ids=False)
    sandbox = create_sandbox(settings)
    _lengthen(sandbox, Mint(settings.seed, word), tail)
    with running(sandbox) as origin, _queue() as queue_url:
        config = Config.from_env(
            {
                "TACIT_INSTANCE": str(folder / "instance"),
                "REDIS_URL": queue_url,
                "PAGERDUTY_CLIENT_ID": settings.client_id,
                "PAGERDUTY_CLIENT_SECRET": settings.client_secret,
                **{f"PAGERDUTY_{name}_URL": origin for name in ("IDENTITY", "API", "API_EU")},
                "TACIT_REQUESTS_IN_FLIGHT": "1",
            }
        )
        _tell_everything(moment)
        _take_turns()
        with _logged(folder / "log"):
            _walk(config, folder)
    log = folder / "log"
    log.write_text(_DURATION.sub(r'"\1":0', log.read_text()))


@contextmanager
def _queue() -> Iterator[str]:
    # A unix socket's path must stay below 100 bytes.
    with tempfile.TemporaryDirectory(prefix="tacit-", dir="/tmp") as folder:
        server = QueueServer(Path(folder))
        try:
            yield server.url
        finally:
            server.process.end()


def _walk(config: Config, folder: Path) -> None:
    browser = _Browser(create_app(config).test_client())
    Base.metadata.create_all(db.engine)
    with db.write() as session:
        add_member(session, firm="Firm", email=_EMAIL, password=_PASSWORD)
    browser.connects()
    collect(_newest(CollectionRun))
    assess(_newest(Assessment))
    (folder / "dump-collected").write_bytes(_dump())
    for name, content in browser.reports():
        (folder / name).write_bytes(content)
    browser.disconnects()
    purge(_newest(Purge))
    (folder / "dump-deleted").write_bytes(_dump())


def _newest(model: Any) -> str:
    with db.read() as session:
        return str(session.scalars(select(model).order_by(model.id.desc()).limit(1)).one().handle)


if __name__ == "__main__":
    arguments = json.loads(sys.argv[1])
    moment, folder = datetime.fromisoformat(arguments["moment"]), Path(arguments["folder"])
    run(arguments["word"], arguments["tail"], moment, folder)
