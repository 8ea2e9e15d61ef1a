"""Members: making an account and checking a password."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import (
    SPECIAL_USE_DOMAIN_NAMES,
    EmailNotValidError,
    validate_email,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.config import DEMO_EMAIL
from app.core.errors import BadInput, LoginRefused, TooManyAttempts
from app.core.logs import Event, event
from app.extensions import bound, throttle
from app.models import Firm, Member

SPECIAL_USE_DOMAIN_NAMES.clear()
"""Tacit sends no mail: an address in ``.local`` is as good a name for a login."""
MIN_PASSWORD = 12
_HASHER = PasswordHasher()
"""Argon2id with the library's defaults (RFC 9106, low-memory profile)."""
_UNKNOWN = (
    f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    f"${'A' * 22}${'A' * 43}"
)
"""A hash of no known password: 16 zero bytes of salt, 32 of hash. Making a real one at the import
would cost each process 0.1 s."""


def add_member(session: Session, *, firm: str, email: str, password: str) -> Member:
    """Make an account, and the firm if it is new. Raises BadInput."""
    address = _address(email)
    if len(password) < MIN_PASSWORD:
        raise BadInput(
            "The password is too short", f"Choose one of at least {MIN_PASSWORD} characters."
        )
    if session.scalar(select(Member).where(Member.email == address)):
        raise BadInput("An account with this e-mail exists already", "Use another address.")
    owner = session.scalar(select(Firm).where(Firm.name == firm))
    if owner is None:
        owner = Firm(name=firm, created_at=now())
        session.add(owner)
        session.flush()  # the member needs the firm's id
    if owner.deleted_at is not None:
        raise BadInput("This firm is being deleted", "Wait until its last deletion is done.")
    member = Member(
        firm_id=owner.id,
        email=address,
        password_hash=_HASHER.hash(password),
        created_at=now(),
    )
    session.add(member)
    session.flush()  # the caller needs the member's id
    return member


def ensure_demo_member(session: Session, *, email: str, password: str) -> Member:
    """The sandbox's login, with the password of this start."""
    member = session.scalar(select(Member).where(Member.email == _address(email)))
    if member is None:
        return add_member(session, firm="Demo Consulting", email=email, password=password)
    member.password_hash = _HASHER.hash(password)
    return member


def authenticate(session: Session, email: str, password: str, network: str) -> Member:
    """The member with this password. Raises LoginRefused, TooManyAttempts.

    An unknown address costs the same hash, so that the time does not show who has an account.
    """
    address = email.strip().casefold()
    if not throttle.allows(address, network):
        event(Event.LOGIN_THROTTLED)
        raise TooManyAttempts
    member = session.scalar(select(Member).where(Member.email == address))
    try:
        _HASHER.verify(member.password_hash if member else _UNKNOWN, password)
    except (VerificationError, InvalidHashError):
        member = None
    if member is not None and session.get_one(Firm, member.firm_id).deleted_at is not None:
        member = None
    if member is None or (address == DEMO_EMAIL and not bound.config.sandboxed):
        event(Event.LOGIN_REFUSED)
        raise LoginRefused
    throttle.clear(address, network)
    return member


def _address(email: str) -> str:
    address = email.strip().casefold()
    try:
        validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise BadInput("That is not an e-mail address", "Give one like name@example.com.") from None
    return address
