"""An account is connected only if it is the invited one; otherwise nothing is stored."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.core.errors import BadInput, ConnectRefused
from app.extensions import db
from app.models import CollectionRun, Connection, Engagement, Epoch, Token
from app.operations.accounts.engagements import open_engagement, subdomain_of
from app.operations.connection.authorise import Authorised, check_scope
from app.operations.connection.connect import connect
from app.operations.connection.id_token import Account
from app.operations.connection.status import connection_status
from app.operations.deletion.disconnect import disconnect
from app.operations.deletion.purge import purge
from app.operations.grant.grant import Grant
from app.operations.grant.lost_grant import mark_lost
from app.operations.runs.runs import window
from collectors.errors import Loss
from tests.conftest import ON_SQLITE
from tests.unit.operations.conftest import Tenant, count
from tests.unit.operations.purges import hurry


@pytest.mark.parametrize(
    ("scope", "title"),
    [
        ("openid", "PagerDuty did not grant reading"),
        ("openid write", "PagerDuty did not grant reading"),
        ("read", "PagerDuty did not state whose account it is"),
        ("openid read write", "PagerDuty granted more than reading"),
        ("openid read users.read", "PagerDuty granted more than reading"),
        ("", "PagerDuty did not state what it granted"),
        (None, "PagerDuty did not state what it granted"),
        (["openid", "read"], "PagerDuty did not state what it granted"),
    ],
)
def test_any_other_scope_is_refused_and_named(scope: object, title: str) -> None:
    with pytest.raises(ConnectRefused) as refused:
        check_scope(scope)
    assert (refused.value.code, refused.value.title) == ("wrong_scope", title)
    assert "Nothing was stored" in refused.value.remedy


def test_the_requested_scope_is_accepted() -> None:
    check_scope("read openid")


def _in_eu(subdomain: str) -> Authorised:
    grant = Grant("access", "refresh", now() + timedelta(hours=1))
    return Authorised(Account("PX", subdomain, "eu"), grant, partial=False)


@ON_SQLITE
@pytest.mark.parametrize("typed", ["acme", "acme.eu", "https://acme.eu.pagerduty.com/incidents"])
def test_an_account_of_the_eu_is_named_by_its_own_host(tenant: Tenant, typed: str) -> None:
    with db.write() as session:
        engagement = open_engagement(
            session,
            firm_id=tenant.firm_id,
            client_name="Acme",
            subdomain=typed,
            since=None,
            until=None,
            time_zone="UTC",
        )
    with db.write() as session:
        connect(session, engagement, _in_eu("acme"))
    with db.read() as session:
        assert session.get_one(Engagement, engagement.id).subdomain == "acme.eu"
        assert session.scalars(select(Connection.region)).all() == ["eu"]


def test_who_names_the_eu_host_connects_no_account_elsewhere(tenant: Tenant) -> None:
    with db.write() as session:
        session.execute(update(Engagement).values(subdomain="acme.eu"))
    with db.read() as session:
        engagement = session.get_one(Engagement, tenant.engagement.id)
    grant = Grant("access", "refresh", now() + timedelta(hours=1))
    elsewhere = Authorised(Account("PX", "acme", "us"), grant, partial=False)
    with pytest.raises(ConnectRefused) as refused, db.write() as session:
        connect(session, engagement, elsewhere)
    assert refused.value.code == "wrong_account"
    assert "acme.eu.pagerduty.com" in refused.value.remedy


def test_a_first_connect_starts_an_epoch_and_a_collection(tenant: Tenant) -> None:
    epoch = tenant.connect()
    with db.read() as session:
        run = session.scalars(select(CollectionRun)).one()
        assert run.epoch_id == epoch.id
        assert run.until - run.since == timedelta(days=90)
        assert run.as_of == run.until
        assert connection_status(session, tenant.engagement).state == "connected"


def test_after_a_revocation_the_same_account_goes_on_in_the_same_epoch(tenant: Tenant) -> None:
    epoch = tenant.connect()
    with db.write() as session:
        mark_lost(session, epoch.id, Loss.REVOKED)
        session.scalars(select(CollectionRun)).one().state = "failed"
    with db.read() as session:
        status = connection_status(session, tenant.engagement)
        assert (status.state, status.lost_reason) == ("lost", "revoked")
    assert tenant.connect(access="renewed").id == epoch.id
    with db.read() as session:
        assert connection_status(session, tenant.engagement).state == "connected"
        assert session.scalars(select(CollectionRun.state)).all() == ["queued"]
    assert count(Token) == 1


def test_after_a_revocation_another_account_is_refused(tenant: Tenant) -> None:
    epoch = tenant.connect()
    with db.write() as session:
        mark_lost(session, epoch.id, Loss.REVOKED)
    with pytest.raises(ConnectRefused) as refused:
        tenant.connect(account="PANOTHER")
    assert refused.value.code == "other_account"


def test_after_a_disconnect_a_reconnect_is_a_new_epoch(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tenant.connect()
    with db.write() as session:
        handle = disconnect(session, tenant.engagement).purge.handle
    second = tenant.connect(account="PANOTHER")
    assert second.id != first.id
    hurry(monkeypatch)
    assert purge(handle)
    with db.read() as session:
        assert session.scalars(select(Epoch.id)).all() == [second.id]
        assert connection_status(session, tenant.engagement).state == "connected"
    assert count(Token) == 1


def test_when_an_admin_reconnects_a_partial_account_it_is_collected_again(tenant: Tenant) -> None:
    tenant.connect(partial=True)
    with db.write() as session:
        session.scalars(select(CollectionRun)).one().state = "done"
    tenant.connect(partial=True)
    with db.read() as session:
        assert session.scalars(select(CollectionRun.state)).all() == ["done"]
        assert connection_status(session, tenant.engagement).partial
    tenant.connect()
    with db.read() as session:
        assert session.scalars(select(CollectionRun.state)).all() == ["done", "queued"]
        assert not connection_status(session, tenant.engagement).partial


def test_the_window_is_the_typed_one_also_years_back(tenant: Tenant) -> None:
    since, until = datetime(2019, 1, 1, tzinfo=UTC), datetime(2019, 3, 1, tzinfo=UTC)
    with db.write() as session:
        engagement = open_engagement(
            session,
            firm_id=tenant.firm_id,
            client_name="Old",
            subdomain="https://old.pagerduty.com/",
            since=since,
            until=until,
            time_zone="Europe/Berlin",
        )
    assert engagement.subdomain == "old"
    assert window(engagement, now()) == (since, until)


@pytest.mark.parametrize(
    ("typed", "subdomain"),
    [
        ("acme", "acme"),
        (" Acme ", "acme"),
        ("acme.pagerduty.com", "acme"),
        ("https://acme.pagerduty.com", "acme"),
        ("https://acme.pagerduty.com/incidents/Q1?tab=log#notes", "acme"),
        ("acme.pagerduty.com/schedules", "acme"),
        ("acme.eu", "acme.eu"),
        ("Acme.EU.pagerduty.com", "acme.eu"),
        ("https://acme.eu.pagerduty.com/", "acme.eu"),
        ("https://acme.eu.pagerduty.com/service-directory/P1/activity", "acme.eu"),
    ],
)
def test_a_subdomain_is_understood_as_people_type_it(typed: str, subdomain: str) -> None:
    assert subdomain_of(typed) == subdomain


@ON_SQLITE
@pytest.mark.parametrize(
    "wrong",
    [
        {"client_name": "  "},
        {"client_name": "x" * 201},
        {"subdomain": ""},
        {"subdomain": "acme.example.com"},
        {"subdomain": "acme.us"},
        {"subdomain": "https://acme.pagerduty.com.evil.example/"},
        {"subdomain": "https://acme@evil.example/.pagerduty.com"},
        {"subdomain": "a b"},
        {"time_zone": "Mars/Base"},
        {"since": datetime(2026, 1, 1, tzinfo=UTC)},
        {"since": datetime(2026, 1, 2, tzinfo=UTC), "until": datetime(2026, 1, 1, tzinfo=UTC)},
        {"since": datetime(2026, 1, 2, tzinfo=UTC), "until": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_cannot_be_an_engagement_says_what_to_do(
    tenant: Tenant, wrong: dict[str, object]
) -> None:
    good: dict[str, object] = {
        "client_name": "Acme",
        "subdomain": "acme",
        "since": None,
        "until": None,
        "time_zone": "UTC",
    }
    with pytest.raises(BadInput) as error, db.write() as session:
        open_engagement(session, firm_id=tenant.firm_id, **{**good, **wrong})  # type: ignore[arg-type]
    assert error.value.remedy
