"""The web application on a database of the test's own, with a member logged in."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select

from app.core.clock import now, to_microseconds
from app.core.config import Config
from app.extensions import db
from app.models import (
    Assessment,
    Budget,
    CollectionRun,
    Engagement,
    Epoch,
    Purge,
    Window,
    new_handle,
)
from app.operations.assessments.question import Question
from app.web import create_app
from collectors.client.budget import BudgetState
from collectors.manifest import manifest_hash
from tests.factories.accounts import PASSWORD, add_connection, add_engagement, add_epoch, add_member
from tests.functional.consultant import UNSEEN


@dataclass(frozen=True)
class Browser:
    """A browser of a logged-in member, and the one engagement it looks at."""

    client: FlaskClient
    engagement: Engagement

    def get(self, page: str = "") -> str:
        response = self.client.get(f"/engagements/{self.engagement.handle}{page}")
        assert response.status_code == 200, response.status_code
        return response.text

    def post(self, address: str, from_page: str, **fields: str) -> Any:
        unseen = dict(UNSEEN.findall(self.client.get(from_page).text))
        assert unseen
        return self.client.post(address, data={**unseen, **fields})

    def connected(self, **values: Any) -> Epoch:
        """A connection as the callback leaves it."""
        with db.write() as session:
            return add_epoch(session, add_connection(session, self.engagement, **values))

    def run(
        self,
        epoch: Epoch,
        state: str,
        code: str | None = None,
        *,
        windows: Sequence[dict[str, Any]] = (),
        **values: Any,
    ) -> CollectionRun:
        """A collection in ``state``; without ``windows`` of 120 incidents, 30 in unless done."""
        moment = now()
        done = state == "done"
        alone = {
            "resource": "incidents",
            "state": "done" if done else "open",
            "declared": 120,
            "received": 120 if done else 30,
            "stored": 120 if done else 30,
        }
        stated = {
            "as_of": moment,
            "queued_at": moment,
            "started_at": moment - timedelta(seconds=10),
            "resumed_at": moment - timedelta(seconds=10),
            "finished_at": moment if done else None,
            "partial": False,
            "code": code,
            **values,
        }
        with db.write() as session:
            run = CollectionRun(
                handle=new_handle(),
                epoch_id=epoch.id,
                state=state,
                since=moment - timedelta(days=90),
                until=moment,
                **stated,
            )
            session.add(run)
            session.flush()
            session.add_all(
                Window(epoch_id=epoch.id, run_id=run.id, **each) for each in windows or [alone]
            )
        return run

    def budget(self, epoch: Epoch, unspent: int) -> None:
        """What PagerDuty's limit leaves in this minute."""
        later = to_microseconds(now()) + 30_000_000
        state = BudgetState(ceiling=960, unspent=unspent, known=True, resets_at=later)
        with db.write() as session:
            session.add(Budget(epoch_id=epoch.id, bucket="rest", **asdict(state)))

    def assessed(self, document: dict[str, Any], **values: Any) -> Epoch:
        """A finished collection and its assessment."""
        epoch = self.connected(**values)
        self.run(epoch, "done")
        self.assessed_again(epoch, document)
        return epoch

    def assessed_again(
        self,
        epoch: Epoch,
        document: dict[str, Any] | None,
        state: str = "done",
        question: Question | None = None,
    ) -> str:
        """Another assessment of the same run; its handle."""
        handle = new_handle()
        with db.write() as session:
            run = session.scalars(
                select(CollectionRun.id).where(CollectionRun.epoch_id == epoch.id)
            ).one()
            session.add(
                Assessment(
                    handle=handle,
                    epoch_id=epoch.id,
                    run_id=run,
                    state=state,
                    document=document,
                    queued_at=now(),
                    finished_at=now() if state == "done" else None,
                    question=None if question is None else question.as_json(),
                )
            )
        return handle

    def purged(self, *, done: bool) -> Purge:
        """A disconnect, due or finished."""
        moment = now()
        with db.write() as session:
            add_connection(session, self.engagement)
            purge = Purge(
                handle=new_handle(),
                engagement_id=self.engagement.id,
                epoch_handle=new_handle(),
                epoch_mask=None if done else os.urandom(16),
                state="done" if done else "due",
                cause="disconnect",
                stages={},
                allow_list_hash=manifest_hash(),
                requested_at=moment,
                deadline_at=moment + timedelta(hours=24),
                finished_at=moment if done else None,
                rows={"incident": 12_000, "token": 1},
            )
            session.add(purge)
        return purge


def csrf(client: FlaskClient, page: str = "/login") -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found
    return found.group(1)


@pytest.fixture
def settings() -> dict[str, str]:
    """A module may define its own, for example to name another database."""
    return {}


@pytest.fixture
def client(
    sqlite_settings: dict[str, str],
    settings: dict[str, str],
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[FlaskClient]:
    configured = {
        **sqlite_settings,
        "PAGERDUTY_CLIENT_ID": "an app",
        "PAGERDUTY_CLIENT_SECRET": "of the test",
        **settings,
    }
    made = create_app(Config.from_env(configured))
    made.jinja_env.bytecode_cache = compiled_templates
    with db.write() as session:
        add_member(session)
    browser = made.test_client()
    form = {"email": "member@firm.example", "password": PASSWORD}
    token = csrf(browser, "/login")
    assert browser.post("/login", data={"csrf_token": token, **form}).status_code == 303
    yield browser
    db.engine.dispose()


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    with db.write() as session:
        engagement = add_engagement(session, 1, "Acme <b>&</b> Sons")
    return Browser(client, engagement)
