"""A database and a keystore of the test's own, with one firm and one engagement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import now
from app.config import Config
from app.extensions import bind, db
from app.models import Base, Engagement, Epoch
from app.operations.connect import Authorised, connect
from app.operations.engage import open_engagement
from app.operations.fence import open_epoch
from app.operations.id_token import Account
from app.operations.members import add_member
from app.operations.tokens import Grant

IDENTITY = "http://localhost:9"


@dataclass(frozen=True)
class World:
    firm_id: int
    engagement: Engagement

    def connect(
        self, *, account: str = "PACCT", access: str = "access", partial: bool = False
    ) -> Epoch:
        """Store a grant, as the callback does."""
        grant = Grant(access, "refresh", now() + timedelta(hours=1))
        authorised = Authorised(Account(account, "acme", "us"), grant, partial=partial)
        with db.write() as session:
            connect(session, self.engagement, authorised)
        with db.read() as session:
            epoch = open_epoch(session, self.engagement.id)
        assert epoch is not None
        return epoch


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    bind(
        Config.from_env(
            {
                "TACIT_INSTANCE": str(tmp_path),
                "REDIS_URL": f"unix://{tmp_path}/no.sock",
                "PAGERDUTY_IDENTITY_URL": IDENTITY,
                "PAGERDUTY_CLIENT_ID": "client",
                "PAGERDUTY_CLIENT_SECRET": "secret",
            }
        )
    )
    Base.metadata.create_all(db.engine)
    with db.write() as session:
        member = add_member(session, firm="Firm", email="a@firm.example", password="x" * 12)
        engagement = open_engagement(
            session,
            firm_id=member.firm_id,
            client_name="Acme",
            subdomain="acme",
            since=None,
            until=None,
            time_zone="UTC",
        )
    yield World(member.firm_id, engagement)
    db.engine.dispose()
