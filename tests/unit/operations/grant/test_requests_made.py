"""The client sees every request made with the token, also of runs that failed or died."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.core.clock import now
from app.core.errors import Busy
from app.extensions import db
from app.models import RECORD_TABLES, ApiRequest, Budget, CollectionRun, Connection, Epoch, Token
from app.operations.collection.collect import collect
from app.operations.collection.store import store_page
from app.operations.connection.authorise import Authorised
from app.operations.connection.check import check
from app.operations.connection.connect import connect
from app.operations.connection.id_token import Account
from app.operations.deletion.disconnect import disconnect
from app.operations.grant import requests_made
from app.operations.grant.grant import Grant
from app.operations.grant.limiter import BLOCK, SharedLimiter
from collectors.calls import Call
from collectors.client.budget import RateLimit
from collectors.manifest import RESOURCES
from tests.unit.operations.api import Api, Query, records
from tests.unit.operations.conftest import Tenant, run_of

PATHS = {each.name: each.path for each in RESOURCES}


def _noted() -> list[ApiRequest]:
    with db.read() as session:
        return list(session.scalars(select(ApiRequest).order_by(ApiRequest.asked_at)))


def _missing(epoch: Epoch) -> int:
    with db.read() as session:
        return requests_made.unaccounted(session, epoch.id)


def _requests() -> int:
    with db.read() as session:
        return session.scalar(select(func.sum(CollectionRun.requests))) or 0


def test_of_a_collection_every_request_is_noted_once(tenant: Tenant, api: Api) -> None:
    epoch = tenant.connect()
    api.account["services"] = records("services", 250)
    assert collect(run_of(tenant).handle) is not None
    noted = _noted()
    assert len(noted) == len(api.requests) == _requests()
    sent = Counter(path for path, _ in api.requests)
    assert Counter(each.path for each in noted)["/services"] == sent["/services"] == 3
    assert {each.path for each in noted} <= set(PATHS.values())
    assert {(each.method, each.status) for each in noted} == {("GET", 200)}
    assert _missing(epoch) == 0


def test_rows_noted_as_stored_are_the_stored_rows(tenant: Tenant, api: Api) -> None:
    tenant.connect()
    api.account["services"] = records("services", 250)
    assert collect(run_of(tenant).handle) is not None
    kept = sum(each.kept for each in _noted())
    with db.read() as session:
        counted = [select(func.count()).select_from(table) for table in RECORD_TABLES.values()]
        assert kept == sum(session.scalar(each) or 0 for each in counted)
    services = [each for each in _noted() if each.path == "/services"]
    assert sum(each.kept for each in services) == 250


def test_a_record_that_comes_twice_is_stored_once_and_dropped_once(
    tenant: Tenant, api: Api
) -> None:
    tenant.connect()
    twice = records("teams", 3)
    api.account["teams"] = [*twice, twice[0]]
    assert collect(run_of(tenant).handle) is not None
    # It is read again, for a record may have slipped through meanwhile.
    sent, *_again = [each for each in _noted() if each.path == PATHS["teams"]]
    assert (sent.kept, sent.dropped) == (3, 1)


def test_refused_and_failed_requests_are_noted_too(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.client.attempt.Sender.wait", lambda *_: None)
    epoch = tenant.connect()
    api.twists["maintenance_windows"] = lambda _: 503
    api.twists["change_events"] = lambda _: 402
    assert collect(run_of(tenant).handle) is not None
    found = Counter((each.path, each.status) for each in _noted())
    assert found[PATHS["change_events"], 402] == api.counts[PATHS["change_events"]]
    assert found[PATHS["maintenance_windows"], 503] == api.counts[PATHS["maintenance_windows"]] > 3
    assert sum(found.values()) == len(api.requests)
    assert _missing(epoch) == 0


def test_a_run_that_fails_leaves_no_request_unnoted(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.operations.collection.pages.store_page", broken)
    with pytest.raises(ZeroDivisionError):
        collect(run_of(tenant).handle)
    assert len(api.requests) > 0
    assert len(_noted()) == len(api.requests)
    assert sum(each.kept for each in _noted()) == 0
    assert _missing(epoch) == 0


def test_a_transaction_that_fails_takes_no_request_with_it(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.connect()
    plain, left = store_page, iter(range(5))

    def busy(*parts: object) -> tuple[int, int]:
        stored = plain(*parts)  # type: ignore[arg-type]
        if next(left, None) is not None:
            raise Busy
        return stored

    monkeypatch.setattr("app.operations.collection.pages.store_page", busy)
    monkeypatch.setattr("app.operations.collection.crawl.BUSY_DELAY", 0.01)
    assert collect(run_of(tenant).handle) is not None
    assert len(_noted()) == len(api.requests) == _requests()


def test_a_worker_that_lost_its_lease_still_notes_its_requests(tenant: Tenant, api: Api) -> None:
    tenant.connect()

    def taken_over(query: Query) -> int:
        with db.write() as session:
            later = now() + timedelta(minutes=1)
            session.execute(update(CollectionRun).values(lease_owner="other", lease_until=later))
        return 400

    api.twists["services"] = taken_over
    assert collect(run_of(tenant).handle) is None
    assert len(_noted()) == len(api.requests) > 0


def test_granted_requests_that_were_not_used_are_not_missing(tenant: Tenant) -> None:
    epoch = tenant.connect()
    limiter = SharedLimiter(epoch.id)
    assert limiter.admit("rest") == 0
    limiter.responded("rest", RateLimit(960, 900, 60))
    assert limiter.admit("rest") == 0
    assert _missing(epoch) == 1 + BLOCK
    limiter.unused("rest")
    limiter.close()
    assert _missing(epoch) == 1


def test_a_check_and_the_refresh_of_the_token_are_noted(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = tenant.connect()
    with db.write() as session:
        session.execute(update(Token).values(expires_at=now()))
        handle = session.scalars(select(Connection.handle)).one()
    monkeypatch.setattr("collectors.client.attempt.Sender.wait", lambda *_: None)
    check(handle)
    # Nobody listens where the identity host should be: a request without a response.
    found = {(each.method, each.path, each.status) for each in _noted()}
    assert found == {("POST", "/oauth/token", None)}
    with db.write() as session:
        session.execute(update(Token).values(expires_at=now() + timedelta(hours=1)))
    check(handle)
    assert (_noted()[-1].method, _noted()[-1].path) == ("GET", "/abilities")
    assert _missing(epoch) == 0


def test_the_requests_of_a_connect_are_in_the_list(tenant: Tenant, api: Api) -> None:
    grant = Grant("access", "refresh", now() + timedelta(hours=1))
    took = (Call("POST", "/oauth/token", now(), 200), Call("GET", "/users/me", now(), 200))
    authorised = Authorised(Account("PACCT", "acme", "us"), grant, partial=False, calls=took)
    for times in (1, 2):
        with db.write() as session:
            connect(session, tenant.engagement, authorised)
        assert len(_noted()) == 2 * times
    with db.read() as session:
        epoch = session.scalars(select(Epoch)).one()
        assert session.scalar(select(func.sum(Budget.let_through))) == 4
    assert _missing(epoch) == 0


def test_a_closed_epoch_gets_no_further_row(tenant: Tenant, api: Api) -> None:
    tenant.connect()

    def gone(query: Query) -> int:
        with db.write() as session:
            disconnect(session, tenant.engagement)
        return 400

    api.twists["services"] = gone
    assert collect(run_of(tenant).handle) is None
    with db.read() as session:
        (purge_asked,) = session.scalars(select(Epoch.closed_at)).all()
    assert purge_asked is not None
    assert all(each.asked_at < purge_asked for each in _noted())


def test_the_list_is_paged_and_summed_per_path(tenant: Tenant) -> None:
    epoch = tenant.connect()
    begin = now()
    calls = [
        Call("GET", "/teams" if n % 3 else "/services", begin + timedelta(seconds=n), 200, 2, 1)
        for n in range(250)
    ]
    calls.append(Call("GET", "/teams", begin, None))
    with db.write() as session:
        requests_made.note(session, epoch.id, calls)
    with db.read() as session:
        teams, services = requests_made.totals(session, epoch.id)
        assert (teams.path, teams.requests, teams.unanswered) == ("/teams", 167, 1)
        assert (services.requests, services.kept, services.dropped) == (84, 168, 84)
        sizes = [len(requests_made.page(session, epoch.id, number)) for number in (1, 2, 3, 4)]
        first = requests_made.page(session, epoch.id, 1)[0]
    assert sizes == [100, 100, 51, 0]
    assert first.asked_at == begin + timedelta(seconds=249)
