"""Tokens are sealed at rest and refreshed by one process at a time."""

import io
import json
import threading
from collections.abc import Mapping
from datetime import timedelta

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter
from sqlalchemy import update

from app.core.clock import now
from app.core.crypto import SealBroken, unseal
from app.extensions import db, keystore
from app.models import Epoch, Token
from app.operations.deletion.disconnect import ClosedEpoch, disconnect
from app.operations.grant import tokens as tokens_module
from app.operations.grant.grant import Grant, grant_of
from app.operations.grant.tokens import StoredTokens, opened_token
from collectors.calls import Calls
from collectors.errors import Loss, TokenRejected, Unreachable
from tests.conftest import ON_SQLITE
from tests.unit.operations.conftest import Tenant


class Endpoint:
    """A token endpoint that counts, and kills a grant whose refresh token is used twice."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, refresh_token: str, _calls: Calls) -> Grant | None:
        with self._lock:
            used = refresh_token in self.received
            self.received.append(refresh_token)
        return None if used else Grant("next", "refresh-2", now() + timedelta(hours=1))


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    found = Endpoint()
    monkeypatch.setattr(tokens_module, "request_refresh", found)
    return found


def _answering(monkeypatch: pytest.MonkeyPatch, status: int, body: bytes) -> None:
    """A token endpoint behind Authlib's own client."""

    class Identity(HTTPAdapter):
        def send(
            self, request: requests.PreparedRequest, *_args: object, **_options: object
        ) -> requests.Response:
            response = requests.Response()
            response.status_code = status
            response.raw = io.BytesIO(body)
            response.request, response.url = request, str(request.url)
            return response

    def session() -> OAuth2Session:
        opened = OAuth2Session("client", "secret")
        opened.mount("http://", Identity())
        return opened

    monkeypatch.setattr(tokens_module, "identity_session", session)


def _expire() -> None:
    with db.write() as session:
        session.execute(update(Token).values(expires_at=now()))


def test_a_valid_token_is_returned_without_a_request(tenant: Tenant, endpoint: Endpoint) -> None:
    epoch = tenant.connect()
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "access"
    assert endpoint.received == []


def test_a_rejected_token_is_renewed_even_before_it_expires(
    tenant: Tenant, endpoint: Endpoint
) -> None:
    epoch = tenant.connect()
    assert StoredTokens(epoch.id, epoch.handle).access_token(rejected="access") == "next"


def test_a_refused_refresh_is_a_rejected_token(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    monkeypatch.setattr(tokens_module, "request_refresh", lambda *_: None)
    with pytest.raises(TokenRejected) as error:
        StoredTokens(epoch.id, epoch.handle).access_token(rejected="access")
    assert "refresh was refused" in str(error.value)


def test_a_refresh_that_a_disconnect_overtakes_is_not_stored(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()

    withdrawn: list[Mapping[str, str]] = []
    closed: list[ClosedEpoch] = []

    def refreshed(*_: object) -> Grant:
        with db.write() as session:
            closed.append(disconnect(session, tenant.engagement))
        return Grant("late", "later", now() + timedelta(hours=1))

    monkeypatch.setattr(tokens_module, "request_refresh", refreshed)
    monkeypatch.setattr(tokens_module, "withdraw", lambda tokens, _: withdrawn.append(tokens))
    with pytest.raises(TokenRejected):
        StoredTokens(epoch.id, epoch.handle).access_token(rejected="access")
    with db.read() as session:
        assert session.get(Token, epoch.id) is None
    assert withdrawn == [{"access_token": "late", "refresh_token": "later"}]
    assert closed[0].refreshing, "the receipt must not say that all was withdrawn"


def test_a_token_does_not_open_in_another_epoch(tenant: Tenant) -> None:
    epoch = tenant.connect()
    with db.read() as session:
        sealed = session.get_one(Token, epoch.id).sealed
    key = keystore.read(epoch.handle).token
    assert b"access" not in sealed
    assert b"access" in unseal(key, sealed, f"token:{epoch.handle}")
    with pytest.raises(SealBroken):
        unseal(key, sealed, "token:0000000000000000")


def test_the_lifetime_is_what_the_response_states() -> None:
    grant = grant_of({"access_token": "a", "refresh_token": "r", "expires_in": 864000})
    assert timedelta(days=9.9) < grant.expires_at - now() <= timedelta(days=10)
    assert "a" not in repr(grant).removeprefix("Grant(hidden)")


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        (1, 300),
        (0, 300),
        (-5, 300),
        ("7200", 7200),
        (1e12, 365 * 86400),
        ("1e400", 365 * 86400),
        (float("inf"), 365 * 86400),
        pytest.param(10**400, 365 * 86400, id="10**400"),
        (float("nan"), 3600),
        (None, 3600),
        ("soon", 3600),
        (True, 3600),
        ([], 3600),
        ({}, 3600),
    ],
)
def test_a_lifetime_that_makes_no_sense_costs_no_grant(stated: object, seconds: int) -> None:
    grant = grant_of({"access_token": "a", "refresh_token": "r", "expires_in": stated})
    assert abs((grant.expires_at - now()).total_seconds() - seconds) < 30


@pytest.mark.parametrize("access", [None, "", 7, ["a"], "a\nb", "a b", "é"])
def test_a_response_without_a_token_is_no_grant(access: object) -> None:
    with pytest.raises(ValueError, match="no access token"):
        grant_of({"access_token": access, "refresh_token": "r", "expires_in": 3600})


@ON_SQLITE
@pytest.mark.parametrize("expires", ["1e400", "-5", "NaN", '"soon"', "null", "1e12", "{}"])
@pytest.mark.parametrize("field", ["expires_in", "expires_at"])
def test_a_rotated_grant_is_stored_whatever_its_lifetime_is_said_to_be(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, expires: str, field: str
) -> None:
    epoch = tenant.connect()
    body = f'{{"access_token": "next", "refresh_token": "refresh-2", "{field}": {expires}}}'
    _answering(monkeypatch, 200, body.encode())
    tokens = StoredTokens(epoch.id, epoch.handle)
    assert tokens.access_token(rejected="access") == "next"
    assert tokens.access_token() == "next"


def test_a_refresh_begun_while_the_clock_was_ahead_delays_no_other(
    tenant: Tenant, endpoint: Endpoint
) -> None:
    epoch = tenant.connect()
    with db.write() as session:
        ahead = now() + timedelta(days=365)
        session.execute(update(Token).values(expires_at=now(), refreshing_until=ahead))
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "next"


def test_after_a_disconnect_no_token_is_left(tenant: Tenant, endpoint: Endpoint) -> None:
    epoch: Epoch = tenant.connect()
    with db.write() as session:
        disconnect(session, tenant.engagement)
    with pytest.raises(TokenRejected):
        StoredTokens(epoch.id, epoch.handle).access_token()


@ON_SQLITE
@pytest.mark.parametrize("refresh", [None, "", 7, {}])
def test_a_response_without_a_refresh_token_keeps_the_valid_one(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, refresh: object
) -> None:
    epoch = tenant.connect()
    body = {"access_token": "next", "refresh_token": refresh, "expires_in": 3600}
    _answering(monkeypatch, 200, json.dumps(body).encode())
    assert StoredTokens(epoch.id, epoch.handle).access_token(rejected="access") == "next"
    with db.read() as session:
        stored = opened_token(epoch.handle, session.get_one(Token, epoch.id))
    assert stored.refresh_token == "refresh"


REFUSED = json.dumps({"error": "invalid_grant"}).encode()


def _loss(epoch: Epoch, rejected: str | None) -> Loss:
    with pytest.raises(TokenRejected) as refused:
        StoredTokens(epoch.id, epoch.handle).access_token(rejected=rejected)
    return refused.value.loss


def test_a_revoked_and_an_expired_grant_are_distinguished(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    _answering(monkeypatch, 400, REFUSED)
    assert _loss(epoch, "access") is Loss.REVOKED
    _expire()
    assert _loss(epoch, None) is Loss.EXPIRED


def test_after_a_lost_response_a_refusal_is_no_withdrawal(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    _answering(monkeypatch, 200, b'{"access_token": "ne')
    with pytest.raises(Unreachable):
        StoredTokens(epoch.id, epoch.handle).access_token(rejected="access")
    _answering(monkeypatch, 503, b"")
    with pytest.raises(Unreachable):
        StoredTokens(epoch.id, epoch.handle).access_token(rejected="access")
    _answering(monkeypatch, 400, REFUSED)
    for _ in range(2):
        assert _loss(epoch, "access") is Loss.RESPONSE_LOST


@ON_SQLITE
@pytest.mark.parametrize(
    ("status", "body", "lost", "received"),
    [
        (400, {"error": "invalid_grant"}, True, True),
        (401, {"error": "invalid_client"}, False, True),
        (429, {"error": {"message": "Rate Limit Exceeded", "code": 2020}}, False, True),
        (503, {}, False, True),
        (200, {}, False, False),
        (200, None, False, False),
    ],
)
def test_only_a_refused_grant_is_lost_and_any_other_trouble_passes(
    tenant: Tenant,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    body: object,
    *,
    lost: bool,
    received: bool,
) -> None:
    epoch = tenant.connect()
    _answering(monkeypatch, status, b"<html>" if body is None else json.dumps(body).encode())
    with pytest.raises(TokenRejected if lost else Unreachable):
        StoredTokens(epoch.id, epoch.handle).access_token(rejected="access")
    with db.read() as database:
        until = database.get_one(Token, epoch.id).refreshing_until
    assert until is None if received else until is not None and until <= now()


def test_a_reconnect_during_a_refresh_keeps_its_own_token(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()

    def refreshed(*_: object) -> Grant:
        tenant.connect(access="reconnected")
        return Grant("late", "late", now() + timedelta(hours=1))

    monkeypatch.setattr(tokens_module, "request_refresh", refreshed)
    monkeypatch.setattr(tokens_module, "withdraw", lambda *_: None)
    tokens = StoredTokens(epoch.id, epoch.handle)
    assert tokens.access_token(rejected="access") == "reconnected"
    assert tokens.access_token() == "reconnected"
