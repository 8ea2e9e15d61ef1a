"""Access tokens: encrypted in the database, refreshed by one process at a time."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import requests
from authlib.integrations.base_client.errors import OAuthError
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.crash_points import CrashPoint, reach
from app.core.crypto import KeyUnknown, seal, unseal
from app.core.errors import Busy, EpochClosed
from app.core.logs import Event, event
from app.extensions import bound, db, identity_session, keystore
from app.models import Token
from app.operations.grant.grant import Grant, grant_of, lifetime
from app.operations.grant.requests_made import count
from app.operations.grant.revoke import withdraw
from app.operations.transactions.failures import DATABASE_UNAVAILABLE
from app.operations.transactions.fence import lock_open_epoch
from app.operations.transactions.lease import expired
from app.operations.transactions.retry import retried
from collectors.calls import Calls
from collectors.errors import Loss, TokenRejected, Unreachable
from collectors.identity import TOKEN_PATH

_EARLY = timedelta(seconds=60)
_REFRESH_LEASE = timedelta(seconds=45)
"""Longer than the request (20 s at most) and storing the grant together."""
_PERSIST_SECONDS = 20.0
_POLL_SECONDS = 0.2
_READINGS = 5
_WAIT_SECONDS = 5.0
"""Shorter than the shortest lease: the client waits and tries again."""


def sealed_token(epoch_handle: str, grant: Grant) -> bytes:
    """Encrypted under the epoch's key, bound to the epoch and this table."""
    plain = json.dumps([grant.access_token, grant.refresh_token]).encode()
    return seal(keystore.read(epoch_handle).token, plain, f"token:{epoch_handle}")


def opened_token(epoch_handle: str, row: Token) -> Grant:
    """The grant in a stored token. Raises KeyMissing, SealBroken."""
    blob = unseal(keystore.read(epoch_handle).token, row.sealed, f"token:{epoch_handle}")
    access, refresh = json.loads(blob)
    return Grant(access, refresh, row.expires_at)


class StoredTokens:
    """The tokens of one epoch, for the client."""

    def __init__(self, epoch_id: bytes, epoch_handle: str, calls: Calls | None = None) -> None:
        self._epoch_id = epoch_id
        self._handle = epoch_handle
        self._calls = calls or Calls()

    def access_token(self, *, rejected: str | None = None) -> str:
        """A valid access token. Raises TokenRejected, Unreachable."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < deadline:
            grant, version = self._read()
            if grant.access_token != rejected and grant.expires_at - _EARLY > now():
                return grant.access_token
            claimed = self._claim_refresh(version)
            if claimed is not None:
                return self._refresh(grant, version, _loss(grant, claimed, rejected))
            time.sleep(_POLL_SECONDS)
        raise Unreachable("token", "another refresh did not end")

    def _read(self) -> tuple[Grant, int]:
        for _ in range(_READINGS):
            with db.read() as session:
                row = session.get(Token, self._epoch_id)
            if row is None:
                raise TokenRejected("token", "no grant is stored")
            # A rotation between the two reads has encrypted the row with another key: read again.
            with suppress(KeyUnknown):
                return opened_token(self._handle, row), row.version
        raise KeyUnknown

    def _claim_refresh(self, version: int) -> "_Claim | None":
        # A column, not an open transaction: no lock is acquired while PagerDuty computes. If the
        # process dies, the next one sends the same refresh token once more: PagerDuty then gives
        # the next token, or refuses, and the connection is shown as disconnected.
        moment = now()
        free = expired(Token.refreshing_until, moment, _REFRESH_LEASE)
        # Once closed, no token is there: the next reading says so.
        with suppress(Busy, EpochClosed), db.write() as session:
            lock_open_epoch(session, self._epoch_id)
            left = session.scalar(
                select(Token.refreshing_until).where(Token.epoch_id == self._epoch_id)
            )
            claimed = self._update(session, version, free, refreshing_until=moment + _REFRESH_LEASE)
            count(session, self._epoch_id, int(claimed))
            return _Claim(response_lost=left is not None) if claimed else None
        return None

    def _refresh(self, grant: Grant, version: int, loss: Loss) -> str:
        lost = loss is Loss.RESPONSE_LOST
        try:
            renewed = request_refresh(grant.refresh_token, self._calls)
        except Unreachable as error:
            self._persist(version, lost=lost or isinstance(error, ResponseLost))
            raise
        if renewed is None:
            if not self._persist(version, lost=lost):
                return self._read()[0].access_token
            raise TokenRejected("token", "refresh was refused", loss)
        reach(CrashPoint.GRANT_ANSWERED)
        stored = self._persist(version, renewed)
        if not stored:
            # A reconnect or a disconnect was faster: the stored token is valid, and this one is
            # never used.
            withdraw(renewed.tokens(), bound.config.deadlines.revocation.total_seconds())
            return self._read()[0].access_token
        event(Event.TOKEN_REFRESHED, epoch=self._handle)
        return renewed.access_token

    def _persist(self, version: int, renewed: Grant | None = None, *, lost: bool = False) -> bool:
        """Retry while the database is unavailable: a lost refresh token ends the grant.

        Until the lease of the refresh expires, when another process may refresh.
        """
        return retried(
            partial(self._release, version, renewed, lost=lost),
            DATABASE_UNAVAILABLE,
            seconds=_PERSIST_SECONDS,
            delay=_POLL_SECONDS,
        )

    def _release(self, version: int, renewed: Grant | None, *, lost: bool) -> bool:
        """End the refresh and store its grant; False if another token is stored meanwhile.

        After a lost response the lease stays, expired: the next refusal is then no withdrawal.
        """
        values: dict[str, object] = {"refreshing_until": now() if lost else None}
        with db.write() as session:
            if renewed is not None:
                mine = Token.epoch_id == self._epoch_id, Token.version == version
                if session.scalar(select(Token.version).where(*mine).with_for_update()) is None:
                    return False
                # Encrypted while the row is locked: a rotation reads it under the same lock before
                # it destroys a key.
                values["sealed"] = sealed_token(self._handle, renewed)
                values |= {"expires_at": renewed.expires_at, "version": version + 1}
            return self._update(session, version, **values)

    def _update(
        self, session: Session, expected: int, *conditions: ColumnElement[bool], **values: object
    ) -> bool:
        result = session.execute(
            update(Token)
            .where(Token.epoch_id == self._epoch_id, Token.version == expected, *conditions)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return isinstance(result, CursorResult) and result.rowcount == 1


@dataclass(frozen=True, slots=True)
class _Claim:
    """The exclusive right to refresh. ``response_lost``: an earlier refresh had no known end."""

    response_lost: bool


def _loss(grant: Grant, claim: _Claim, rejected: str | None) -> Loss:
    """What a refusal of the refresh means."""
    if claim.response_lost:
        return Loss.RESPONSE_LOST
    rejected_early = grant.access_token == rejected and grant.expires_at > now()
    return Loss.REVOKED if rejected_early else Loss.EXPIRED


class ResponseLost(Unreachable):
    """PagerDuty may have given the next refresh token in a response that was not received."""


def request_refresh(refresh_token: str, calls: Calls) -> Grant | None:
    """The next grant, or None when PagerDuty refuses for good. Raises Unreachable, ResponseLost."""
    url = f"{bound.config.identity_url}{TOKEN_PATH}"
    reachable = True
    body: dict[str, object] = {}
    call = calls.begin("POST", TOKEN_PATH)

    def note_status(response: requests.Response) -> _WithLifetime:
        call.status = response.status_code
        return _WithLifetime(response)

    try:
        with identity_session() as client:
            client.register_compliance_hook("refresh_token_response", note_status)
            body = client.refresh_token(url, refresh_token=refresh_token)
    except OAuthError as error:
        if error.error == "invalid_grant":
            return None
        reachable = False
    except (requests.RequestException, ValueError):
        reachable = False
    finally:
        calls.settle(call)
    # Raised after the block: the library's error refers to the request, and so to the token.
    if reachable:
        with suppress(KeyError, ValueError):
            return grant_of(body, refresh_token)
    if call.status is None or 200 <= call.status < 300:
        raise ResponseLost("token", "the response of the token endpoint was lost")
    raise Unreachable("token", "the token endpoint gave no token")


class _WithLifetime:
    """The response as Authlib reads it: it computes with the lifetime before we can check it."""

    def __init__(self, response: requests.Response) -> None:
        self.status_code = response.status_code
        self._response = response
        self.raise_for_status = response.raise_for_status

    def json(self) -> object:
        """The body with a plausible lifetime. Raises ValueError if it is not JSON."""
        body = self._response.json()
        if isinstance(body, dict):
            body.pop("expires_at", None)
            body["expires_in"] = int(lifetime(body.get("expires_in")))
        return body
