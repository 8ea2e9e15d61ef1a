"""Members and engagements."""

from functools import cache
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models import Engagement, Firm, Member
from app.operations.accounts.engagements import open_engagement

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
