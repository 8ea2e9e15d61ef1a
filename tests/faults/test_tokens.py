"""One refresh per expiry for any number of processes, also if one is killed meanwhile."""

import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.errors import Busy
from app.extensions import bound, db
from app.models import Connection, Epoch, Token
from app.operations.connection.check import check
from app.operations.grant.grant import Grant
from app.operations.grant.tokens import StoredTokens, sealed_token
from collectors import egress
from collectors.errors import Loss, Unreachable
from tests.faults.oracle import Oracle
from tests.forked import FORKS
from tests.unit.operations.conftest import Tenant, new_tenant
from tests.unit.operations.grant.other_processes import (
    TokenEndpoint,
    die_with_a_response,
    processes,
    request_token,
    settings,
    token_endpoint,
)


def _expire(epoch: Epoch) -> None:
    with db.write() as session:
        session.execute(update(Token).where(Token.epoch_id == epoch.id).values(expires_at=now()))


@pytest.fixture(autouse=True)
def judged(tenant: Tenant, database_url: str, tmp_path: Path) -> Iterator[None]:
    """Beside another client, of whom every row stays as it was."""
    oracle = Oracle(
        database_url, tmp_path, new_tenant(tenant.firm_id).connect(account="POTHER").handle
    )
    yield
    oracle.judge()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, tenant: Tenant) -> Iterator[TokenEndpoint]:
    found = TokenEndpoint()
    with token_endpoint(found) as url:
        monkeypatch.setattr(bound, "config", replace(bound.config, identity_url=url))
        yield found


def test_cell_43_eight_processes_at_expiry_make_one_refresh(
    tenant: Tenant, endpoint: TokenEndpoint
) -> None:
    epoch = tenant.connect()
    endpoint.delay = 0.3
    with processes(8, settings(bound.config.identity_url)) as pool:
        for expected in ("access-1", "access-2"):
            _expire(epoch)
            futures = [pool.submit(request_token, epoch.id, epoch.handle) for _ in range(8)]
            assert {each.result(60) for each in futures} == {expected}
    assert endpoint.received == ["refresh", "refresh-1"]


def _crash(epoch: Epoch) -> None:
    _expire(epoch)
    arguments = (settings(bound.config.identity_url), epoch.id, epoch.handle)
    process = FORKS.Process(target=die_with_a_response, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with db.read() as session:
        leased_until = session.get_one(Token, epoch.id).refreshing_until
    assert leased_until is not None
    assert leased_until - now() < timedelta(seconds=60)
    with db.write() as session:
        session.execute(
            update(Token).where(Token.epoch_id == epoch.id).values(refreshing_until=now())
        )


def test_cell_44_after_a_kill_with_unstored_tokens_the_old_refresh_token_is_tried_once(
    tenant: Tenant, endpoint: TokenEndpoint
) -> None:
    epoch = tenant.connect()
    endpoint.forgiving = True
    _crash(epoch)
    tokens = StoredTokens(epoch.id, epoch.handle)
    assert tokens.access_token() == "access-2"
    assert tokens.access_token() == "access-2"
    assert endpoint.received == ["refresh", "refresh"]


def test_cell_44_a_refused_old_token_ends_the_connection_without_more_requests(
    tenant: Tenant, endpoint: TokenEndpoint
) -> None:
    epoch = tenant.connect()
    _crash(epoch)
    with db.read() as session:
        connection = session.get_one(Connection, epoch.connection_id)
    for _ in range(3):
        check(connection.handle)
    with db.read() as session:
        connection = session.get_one(Connection, epoch.connection_id)
        assert session.get(Token, epoch.id) is not None
    assert connection.lost_at is not None
    assert connection.lost_reason == Loss.RESPONSE_LOST
    assert endpoint.received == ["refresh", "refresh"]


def test_a_slow_token_endpoint_is_not_a_withdrawn_access(
    tenant: Tenant, endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    _expire(epoch)
    endpoint.delay = 5.0
    hasty = partial(egress.restrict, timeouts=(1.0, 0.2))
    monkeypatch.setattr("app.extensions.restrict", hasty)
    with pytest.raises(Unreachable):
        StoredTokens(epoch.id, epoch.handle).access_token()
    with db.read() as session:
        until = session.get_one(Token, epoch.id).refreshing_until
        assert session.get_one(Connection, epoch.connection_id).lost_at is None
    assert until is not None
    assert until <= now(), "the next process may refresh at once"


def test_a_new_token_is_stored_even_if_the_database_is_busy(
    tenant: Tenant, endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    _expire(epoch)
    busy = iter([True, True])

    def sealed_or_not(epoch_handle: str, grant: Grant) -> bytes:
        if next(busy, False):
            raise Busy
        return sealed_token(epoch_handle, grant)

    monkeypatch.setattr("app.operations.grant.tokens.sealed_token", sealed_or_not)
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "access-1"
    monkeypatch.undo()
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "access-1"
    assert endpoint.received == ["refresh"]


def test_a_refused_older_refresh_does_not_end_a_reconnect(
    tenant: Tenant, endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    _expire(epoch)
    endpoint.received.append("refresh")
    plain = endpoint.response

    def response(refresh_token: str) -> tuple[int, dict[str, object]]:
        tenant.connect(access="reconnected")
        return plain(refresh_token)

    monkeypatch.setattr(endpoint, "response", response)
    assert StoredTokens(epoch.id, epoch.handle).access_token() == "reconnected"
