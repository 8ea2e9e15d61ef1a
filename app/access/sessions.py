"""Flask's session, stored in the database: the cookie is only a random number."""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, update
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from app.core.clock import now
from app.core.crypto import SealBroken, seal, unseal
from app.core.errors import Busy
from app.core.logs import Event, event
from app.extensions import db, keystore
from app.keystore import SESSION_PURPOSE
from app.models import WebSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_TOUCH = timedelta(minutes=1)


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """The session of one browser; ``member_id`` is None until login.

    ``unread``: the database was unavailable, so it is unknown whether there is a login.
    """

    def __init__(self, token: str | None = None, row: WebSession | None = None) -> None:
        def changed(_: object) -> None:
            self.modified = True

        self.token = token
        self.row = row
        self.member_id = row.member_id if row else None
        self.modified = False
        self.ended = False
        self.unread = False
        super().__init__(_opened(row) if row else {}, changed)

    def rotate(self, member_id: int | None) -> None:
        """A new number for the cookie: the old one is worth nothing."""
        self.clear()
        self.ended = self.token is not None
        self.member_id = member_id
        self.modified = True


class DatabaseSessions(SessionInterface):
    """Loads and stores ``ServerSession``; an expired one counts as absent."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session of the request's cookie, or a new, empty one."""
        token = request.cookies.get(self.get_cookie_name(app))
        if not token:
            return ServerSession()
        try:
            with db.read() as session:
                row = session.get(WebSession, _hash(token))
        except SQLAlchemyError as error:
            # Without a database there is no login; /healthz and /readyz still respond.
            event(Event.SESSION_FAILED, error=error)
            unread = ServerSession()
            unread.unread = True
            return unread
        if row is None or now() - row.seen_at > IDLE or now() - row.created_at > ABSOLUTE:
            return ServerSession()
        return ServerSession(token, row)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed and set the cookie."""
        if not isinstance(session, ServerSession):
            raise TypeError("not a session of ours")
        if session.unread:
            # A new cookie would log the browser out when the database is available again.
            return
        try:
            self._save(app, session, response)
        except (Busy, SQLAlchemyError) as error:
            # The response is sent: what the page did is committed already.
            event(Event.SESSION_FAILED, error=error)

    def _save(self, app: Flask, session: ServerSession, response: Response) -> None:
        touch = session.row is not None and now() - session.row.seen_at > _TOUCH
        if session.ended and session.token:
            _remove(session.token)
            session.token = None
        if session.token is None:
            if session.modified:
                session.token = secrets.token_urlsafe(32)
                _create(session, session.token)
                self._set_cookie(app, session.token, response)
        elif session.modified:
            _change(session.token, sealed=_sealed(session, session.token))
        elif touch and response.status_code != 503:
            # A request that found the database busy does not wait for it again.
            _change(session.token)

    def _set_cookie(self, app: Flask, token: str, response: Response) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            token,
            secure=bool(app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            # Lax: the redirect from PagerDuty is a cross-site navigation.
            samesite="Lax",
            path="/",
        )


def end_expired() -> None:
    """Remove the expired sessions."""
    with db.write() as session:
        session.execute(delete(WebSession).where(WebSession.seen_at < now() - IDLE))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _opened(row: WebSession) -> dict[str, Any]:
    try:
        plain = unseal(keystore.derived(SESSION_PURPOSE), row.sealed, row.token_hash.hex())
    except SealBroken:
        return {}
    opened: dict[str, Any] = json.loads(plain)
    return opened


def _create(session: ServerSession, token: str) -> None:
    row = WebSession(
        token_hash=_hash(token),
        member_id=session.member_id,
        sealed=_sealed(session, token),
        created_at=now(),
        seen_at=now(),
    )
    with db.write() as database:
        database.add(row)


def _change(token: str, **values: object) -> None:
    # An update, never an insert: a request still under way must not revive an ended session.
    with db.write() as database:
        database.execute(
            update(WebSession)
            .where(WebSession.token_hash == _hash(token))
            .values(seen_at=now(), **values)
        )


def _sealed(session: ServerSession, token: str) -> bytes:
    plain = json.dumps(dict(session)).encode()
    return seal(keystore.derived(SESSION_PURPOSE), plain, _hash(token).hex())


def _remove(token: str) -> None:
    with db.write() as session:
        session.execute(delete(WebSession).where(WebSession.token_hash == _hash(token)))
