"""Client link: access for the client, by a secret that only the client has."""

import hashlib
import re
import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import NotFound, TooManyAttempts
from app.core.logs import Event, event
from app.extensions import db, throttle
from app.models import ClientLink, Engagement, Firm

SECRET_BYTES = 32
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_ACCOUNT = "client link"
"""Wrong secrets count together: which link was meant is unknown."""


def make(session: Session, engagement: Engagement) -> str:
    """The secret of a new link, shown only once; the former link opens nothing any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    revoke(session, engagement)
    session.add(ClientLink(engagement_id=engagement.id, digest=_digest(secret), created_at=now()))
    return secret


def revoke(session: Session, engagement: Engagement) -> None:
    """End the link, if there is one."""
    session.execute(delete(ClientLink).where(ClientLink.engagement_id == engagement.id))


def standing(session: Session, engagement: Engagement) -> ClientLink | None:
    """The link that opens this engagement's client pages."""
    return session.get(ClientLink, engagement.id)


def follow(secret: str, network: str) -> tuple[Engagement, Firm]:
    """The engagement and firm whose pages a secret opens. Raises NotFound, TooManyAttempts.

    The secret is looked up by its digest, so that the time shows nothing of other secrets. The
    right one is never throttled: guesses of others must not block a client's disconnect.
    """
    with db.read() as session:
        found = session.execute(
            select(Engagement, Firm)
            .join(ClientLink, ClientLink.engagement_id == Engagement.id)
            .join(Firm, Firm.id == Engagement.firm_id)
            .where(ClientLink.digest == _digest(secret))
        ).one_or_none()
    if found is None or not _SECRET.fullmatch(secret):
        event(Event.CLIENT_LINK_REFUSED)
        raise NotFound if throttle.allows(_ACCOUNT, network) else TooManyAttempts
    return found[0], found[1]


def seen(session: Session, engagement: Engagement) -> None:
    """Note that the link was used: the consultant sees when, not by whom."""
    link = session.get(ClientLink, engagement.id)
    if link is not None:
        link.seen_at = now()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
