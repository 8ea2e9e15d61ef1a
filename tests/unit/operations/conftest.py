"""A database and a keystore of the test's own, with one firm and one engagement."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.clock import now
from app.core.config import Config
from app.extensions import bind, db
from app.models import RECORD_TABLES, Base, CollectionRun, Engagement, Epoch, Firm
from app.operations.connection.authorise import Authorised
from app.operations.connection.connect import connect
from app.operations.connection.id_token import Account
from app.operations.grant.grant import Grant
from app.operations.runs.certificate import certificate
from app.operations.transactions.fence import open_epoch
from tests.factories.accounts import add_engagement
from tests.unit.operations.api import Api

IDENTITY = "http://localhost:9"


@dataclass(frozen=True)
class Tenant:
    firm_id: int
    engagement: Engagement

    def connect(
        self,
        *,
        account: str = "PACCT",
        access: str = "access",
        partial: bool = False,
        extensions: tuple[str, ...] = (),
    ) -> Epoch:
        """Store a grant, as the callback does."""
        grant = Grant(access, "refresh", now() + timedelta(hours=1))
        authorised = Authorised(
            Account(account, "acme", "us"), grant, partial=partial, extensions=extensions
        )
        with db.write() as session:
            connect(session, self.engagement, authorised)
        with db.read() as session:
            epoch = open_epoch(session, self.engagement.id)
        assert epoch is not None
        return epoch


def count(table: type[Base]) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def new_tenant(firm_id: int) -> Tenant:
    """One more engagement of a firm."""
    with db.write() as session:
        engagement = add_engagement(session, firm_id)
    return Tenant(firm_id, engagement)


@pytest.fixture
def tenant(tmp_path: Path, database_url: str) -> Iterator[Tenant]:
    bind(
        Config.from_env(
            {
                "TACIT_INSTANCE": str(tmp_path),
                "DATABASE_URL": database_url,
                "REDIS_URL": f"unix://{tmp_path}/no.sock",
                "PAGERDUTY_IDENTITY_URL": IDENTITY,
                "PAGERDUTY_CLIENT_ID": "client",
                "PAGERDUTY_CLIENT_SECRET": "secret",
            }
        )
    )
    with db.write() as session:
        firm = Firm(name="Firm", created_at=now())
        session.add(firm)
        session.flush()
    yield new_tenant(firm.id)
    # A run that was stopped leaves its requests to end by themselves, a disconnect its revocation.
    for thread in threading.enumerate():
        if thread.name.startswith(("request", "revocation")):
            thread.join(10)
    db.engine.dispose()


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """An account in memory instead of PagerDuty's door."""
    made = Api()
    monkeypatch.setattr("app.operations.collection.collect.rest_session", made.session)
    monkeypatch.setattr("app.operations.connection.check.rest_session", made.session)
    return made


def run_of(_tenant: Tenant) -> CollectionRun:
    """The newest run."""
    with db.read() as session:
        newest = select(CollectionRun).order_by(CollectionRun.id.desc()).limit(1)
        return session.scalars(newest).one()


def certificate_of(tenant: Tenant) -> dict[str, Any]:
    """The certificate of the newest run."""
    with db.read() as session:
        return certificate(session, run_of(tenant))


def rows(table: str) -> list[Any]:
    """Every row of a table of records, of any epoch."""
    with db.read() as session:
        return list(session.execute(select(RECORD_TABLES[table])))
