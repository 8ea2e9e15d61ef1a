"""A run is done once, by one worker; what stops it is seen, and never hides."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.core.clock import now
from app.extensions import db, keystore
from app.models import Assessment, Circuit, CollectionRun, Connection, Epoch, Token
from app.operations.assessments.assess import assess
from app.operations.collection.collect import collect
from app.operations.collection.resume import resume
from app.operations.connection.check import check
from app.operations.connection.status import connection_status
from app.operations.deletion.disconnect import disconnect
from app.operations.grant.lost_grant import mark_lost
from app.operations.transactions.failures import MOST_ATTEMPTS
from app.queues import Job
from collectors.errors import CircuitOpen, Loss
from collectors.manifest import RESOURCES
from tests.unit.operations.api import Api, Query
from tests.unit.operations.conftest import Tenant, certificate_of, run_of


def test_a_run_without_responses_is_postponed_and_not_claimed_before(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.connect()

    def away(*_: object) -> None:
        raise CircuitOpen(30.0)

    with monkeypatch.context() as patched:
        patched.setattr("app.operations.collection.collect.Crawl.run", away)
        assert collect(run_of(tenant).handle) is None
    run = run_of(tenant)
    assert (run.state, run.code, run.lease_owner) == ("queued", None, None)
    assert run.not_before is not None
    assert 25 < (run.not_before - now()).total_seconds() <= 30
    assert collect(run.handle) is None
    assert api.requests == []
    with db.write() as session:
        session.execute(update(CollectionRun).values(not_before=now()))
    assert collect(run.handle) is not None


def test_a_day_without_responses_fails_the_run_with_a_reason(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.connect()

    def away(*_: object) -> None:
        raise CircuitOpen(30.0)

    monkeypatch.setattr("app.operations.collection.collect.Crawl.run", away)
    with db.write() as session:
        session.execute(update(CollectionRun).values(away_since=now() - timedelta(hours=25)))
    assert collect(run_of(tenant).handle) is None
    assert (run_of(tenant).state, run_of(tenant).code) == ("failed", "pagerduty_away")


def test_nothing_is_read_that_the_client_has_not_been_shown(tenant: Tenant, api: Api) -> None:
    tenant.connect()
    with db.write() as session:
        session.execute(update(Epoch).values(allow_list_hash=bytes(32)))
    assert collect(run_of(tenant).handle) is None
    assert (run_of(tenant).state, run_of(tenant).code) == ("failed", "allow_list_changed")
    assert api.requests == []
    tenant.connect()
    assert collect(run_of(tenant).handle) is not None


def test_a_late_worker_cannot_spoil_the_run_of_its_successor(tenant: Tenant, api: Api) -> None:
    tenant.connect()

    def taken_over(query: Query) -> int:
        with db.write() as session:
            session.execute(
                update(CollectionRun).values(
                    lease_owner="successor", lease_until=now() + timedelta(minutes=1)
                )
            )
        return 400

    api.twists["services"] = taken_over
    assert collect(run_of(tenant).handle) is None
    run = run_of(tenant)
    assert (run.state, run.lease_owner, run.code) == ("running", "successor", None)


def test_a_disconnect_ends_the_retries_of_a_run(tenant: Tenant, api: Api) -> None:
    tenant.connect()

    def gone(query: Query) -> int:
        with db.write() as session:
            disconnect(session, tenant.engagement)
        return 503

    api.twists = dict.fromkeys((each.name for each in RESOURCES), gone)
    assert collect(run_of(tenant).handle) is None
    assert len(api.requests) <= 4


def test_missing_keys_fail_the_run_and_say_so(tenant: Tenant, api: Api) -> None:
    epoch = tenant.connect()
    keystore.destroy(epoch.handle)
    collect(run_of(tenant).handle)
    assert (run_of(tenant).state, run_of(tenant).code) == ("failed", "key_missing")


def test_a_run_without_progress_is_given_up(tenant: Tenant, api: Api) -> None:
    tenant.connect()
    with db.write() as session:
        session.execute(update(CollectionRun).values(attempts=MOST_ATTEMPTS))
    assert collect(run_of(tenant).handle) is None
    assert (run_of(tenant).state, run_of(tenant).code) == ("failed", "gave_up")
    with db.write() as session:
        assert resume(session, tenant.engagement) == (Job.COLLECT, run_of(tenant).handle)
    assert collect(run_of(tenant).handle) is not None


def test_an_unexpected_error_is_seen_on_the_card(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.connect()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.operations.collection.pages.store_page", broken)
    with pytest.raises(ZeroDivisionError):
        collect(run_of(tenant).handle)
    assert (run_of(tenant).state, run_of(tenant).code) == ("failed", "internal_error")


def test_a_refused_token_marks_only_the_connect_it_came_from(tenant: Tenant, api: Api) -> None:
    epoch = tenant.connect()
    with db.write() as session:
        before = session.scalars(select(Connection.connected_at)).one()
        session.execute(update(Connection).values(connected_at=now()))
        mark_lost(session, epoch.id, Loss.REVOKED, before)
    with db.read() as session:
        assert connection_status(session, tenant.engagement).state == "connected"


def test_a_check_notices_a_revoked_grant(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.connect()
    api.twists["abilities"] = lambda _: 401
    monkeypatch.setattr("app.operations.grant.tokens.request_refresh", lambda *_: None)
    with db.read() as session:
        handle = session.scalars(select(Connection.handle)).one()
    check(handle)
    with db.read() as session:
        status = connection_status(session, tenant.engagement)
        assert (status.state, status.lost_reason) == ("lost", "revoked")
        assert session.scalar(select(func.count()).select_from(Token)) == 1


def test_a_failed_assessment_is_seen_and_can_be_repeated(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.connect()
    handle = collect(run_of(tenant).handle)
    assert handle is not None

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("app.operations.assessments.assess.document", broken)
        with pytest.raises(ZeroDivisionError):
            assess(handle)
    with db.read() as session:
        assert connection_status(session, tenant.engagement).assessment_failed
    with db.write() as session:
        due = resume(session, tenant.engagement)
    assert due is not None
    assert due[0] is Job.ASSESS
    assess(due[1])
    with db.read() as session:
        status = connection_status(session, tenant.engagement)
        assert status.assessment_ready
        assert not status.assessment_failed


def test_an_assessment_under_a_closed_epoch_reads_nothing(tenant: Tenant, api: Api) -> None:
    tenant.connect()
    handle = collect(run_of(tenant).handle)
    assert handle is not None
    with db.write() as session:
        disconnect(session, tenant.engagement)
    assess(handle)
    with db.read() as session:
        assert session.scalars(select(Assessment.state)).one() == "queued"


def test_an_endpoint_that_alone_fails_is_given_up_and_opens_no_circuit(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.client.attempt.Sender.wait", lambda *_: None)
    api.twists["maintenance_windows"] = lambda _: 503
    tenant.connect()
    put_off = 0
    while collect(run_of(tenant).handle) is None:
        put_off += 1
        assert run_of(tenant).state == "queued"
        with db.write() as session:
            session.execute(update(CollectionRun).values(not_before=None))
            session.execute(update(Circuit).values(open_until=0))
    assert put_off == 0
    found = {e["resource"]: e for e in certificate_of(tenant)["resources"]}
    assert found["maintenance_windows"]["reasons"] == ["unreachable"]
    assert found["incidents"]["state"] == "complete"
    assert certificate_of(tenant)["complete"] is False
