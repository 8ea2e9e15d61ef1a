"""Members, engagements and their connections."""

import os
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models import Connection, Engagement, Epoch, Firm, Member, new_handle
from app.operations.accounts.engagements import open_engagement
from collectors.manifest import manifest_hash

PASSWORD = "a long enough password"
# An Argon2 hash states its own cost: a login of this member takes 1 ms instead of 90.
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _hash(password: str) -> str:
    return _CHEAP.hash(password)


def add_member(session: Session, firm: str = "Firm", email: str = "member@firm.example") -> Member:
    """A member with ``PASSWORD``, and the firm if it is new."""
    owner = session.scalar(select(Firm).where(Firm.name == firm))
    if owner is None:
        owner = Firm(name=firm, created_at=now())
        session.add(owner)
        session.flush()
    member = Member(firm_id=owner.id, email=email, password_hash=_hash(PASSWORD), created_at=now())
    session.add(member)
    session.flush()
    return member


def add_engagement(
    session: Session, firm_id: int, client_name: str = "Acme", subdomain: str = "acme", **other: Any
) -> Engagement:
    """An engagement with the default window."""
    stated = {"since": None, "until": None, "time_zone": "UTC", **other}
    return open_engagement(
        session, firm_id=firm_id, client_name=client_name, subdomain=subdomain, **stated
    )


def add_connection(session: Session, engagement: Engagement, **values: Any) -> Connection:
    """A connection as the callback leaves it."""
    moment = now()
    connection = Connection(
        handle=new_handle(),
        engagement_id=engagement.id,
        region="us",
        connected_at=moment,
        checked_at=moment,
        **{"partial": False, **values},
    )
    session.add(connection)
    session.flush()
    return connection


def add_epoch(session: Session, connection: Connection) -> Epoch:
    """An open epoch without keys."""
    epoch = Epoch(
        id=os.urandom(16),
        handle=new_handle(),
        connection_id=connection.id,
        account=os.urandom(16),
        allow_list_hash=bytes.fromhex(manifest_hash()),
        created_at=connection.connected_at,
    )
    session.add(epoch)
    session.flush()
    return epoch
