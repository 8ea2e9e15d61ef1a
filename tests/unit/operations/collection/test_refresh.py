"""A refresh brings what is stored up to date, requests little for it, and certifies the whole."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.core.clock import now, to_microseconds
from app.core.errors import BadInput
from app.extensions import db
from app.models import RECORD_TABLES, CollectionRun, Engagement, Window
from app.operations.assessments.assess import assess
from app.operations.collection.collect import collect
from app.operations.collection.refresh import due, refresh, set_refresh
from app.operations.deletion.disconnect import disconnect
from tests.unit.operations.api import Api, Query, instant, records
from tests.unit.operations.conftest import Tenant, certificate_of, rows, run_of


def _later(hours: float) -> None:
    """Move what was read into the past."""
    shift = timedelta(hours=hours)
    run_columns = ("since", "until", "as_of", "queued_at")
    window_columns = ("since", "until", "read_at")
    with db.write() as session:
        for table, columns in ((CollectionRun, run_columns), (Window, window_columns)):
            for row in session.query(table):
                for column in columns:
                    if getattr(row, column) is not None:
                        setattr(row, column, getattr(row, column) - shift)


def _refresh(tenant: Tenant) -> dict[str, Any]:
    with db.write() as session:
        run = refresh(session, tenant.engagement)
    assert run is not None
    _collect(run.handle)
    return certificate_of(tenant)


def _first(tenant: Tenant) -> None:
    tenant.connect()
    _collect(run_of(tenant).handle)


def _collect(handle: str) -> None:
    assessment = collect(handle)
    assert assessment is not None
    assess(assessment)


def test_the_log_is_read_from_where_it_ended_with_an_overlap(tenant: Tenant, api: Api) -> None:
    api.account["log_entries"] = records("log_entries", 250, days=80)
    _first(tenant)
    _later(2)
    before = run_of(tenant).as_of
    minute_ago = (now() - timedelta(minutes=1)).isoformat()
    fresh = {"id": "PFRESH", "type": "resolve_log_entry", "created_at": minute_ago}
    late = {
        "id": "PLATE",
        "type": "resolve_log_entry",
        "created_at": (before - timedelta(minutes=14)).isoformat(),
    }
    api.account["log_entries"] = [fresh, late, *api.account["log_entries"]]
    api.requests.clear()
    found = _refresh(tenant)
    sent = [query for path, query in api.requests if path == "/log_entries"]
    assert [instant(query["since"]) for query in sent] == [before - timedelta(minutes=15)]
    assert found["complete"] is True
    assert found["refresh"] is True
    entries = next(e for e in found["resources"] if e["resource"] == "log_entries")
    assert [each["carried"] for each in entries["windows"]] == [True, False]
    assert len([row for row in rows("log_entry") if row.deleted_at is None]) == 252


def test_records_missing_from_a_complete_list_are_marked_deleted(tenant: Tenant, api: Api) -> None:
    _first(tenant)
    del api.account["services"][0]
    _later(1)
    _refresh(tenant)
    assert sorted(row.deleted_at is not None for row in rows("service")) == [False, False, True]
    api.account["services"] = records("services", 3)
    _later(1)
    _refresh(tenant)
    assert [row.deleted_at for row in rows("service")] == [None] * 3


def test_nothing_is_marked_deleted_by_a_list_that_did_not_come_whole(
    tenant: Tenant, api: Api
) -> None:
    _first(tenant)
    api.account["services"] = [*records("services", 2), {"id": []}]
    _later(1)
    _refresh(tenant)
    assert [row.deleted_at for row in rows("service")] == [None] * 3


def test_objects_are_requested_one_by_one_once_a_day(tenant: Tenant, api: Api) -> None:
    _first(tenant)
    path = "/service_dependencies/technical_services/PSERVICES0"
    for hours, sent in ((1, 1), (21, 1), (2, 2), (23.99, 3)):
        _later(hours)
        found = _refresh(tenant)
        assert found["complete"] is True
        assert api.counts[path] == sent


def test_records_before_a_moved_window_are_deleted(tenant: Tenant, api: Api) -> None:
    first = api.account["incidents"][0]
    first["acknowledgements"] = [
        {"at": first["created_at"], "acknowledger": {"type": "user_reference"}}
    ]
    _first(tenant)
    assert len(rows("incident_acknowledgement")) == 1
    table = RECORD_TABLES["incident"]
    with db.write() as session:
        acknowledged = select(RECORD_TABLES["incident_acknowledgement"].c.incident_id)
        session.execute(
            update(table)
            .where(table.c.id.in_(acknowledged))
            .values(created_at=to_microseconds(now() - timedelta(days=91)))
        )
    del api.account["incidents"][0]
    _later(1)
    _refresh(tenant)
    assert len(rows("incident")) == 2
    assert rows("incident_acknowledgement") == []


def test_a_window_that_was_not_whole_is_read_again(tenant: Tenant, api: Api) -> None:
    api.twists["log_entries"] = lambda _: 422
    _first(tenant)
    assert certificate_of(tenant)["complete"] is False
    api.twists.clear()
    _later(1)
    found = _refresh(tenant)
    assert found["complete"] is True
    assert len(rows("log_entry")) == 3


def test_a_refresh_is_due_at_the_interval_of_the_engagement(tenant: Tenant, api: Api) -> None:
    _first(tenant)
    for word, hours, expected in (("hourly", 0.5, 0), ("hourly", 0.6, 1), ("daily", 0, 0)):
        _later(hours)
        with db.write() as session:
            set_refresh(session.merge(tenant.engagement), word)
        with db.read() as session:
            assert len(due(session)) == expected
    _later(24)
    with db.write() as session:
        assert due(session) == [tenant.engagement.handle]
        set_refresh(session.merge(tenant.engagement), "off")
    with db.read() as session:
        assert due(session) == []


def test_an_unknown_refresh_interval_is_refused(tenant: Tenant) -> None:
    with pytest.raises(BadInput):
        set_refresh(tenant.engagement, "minutely")


def test_a_failed_refresh_goes_on_where_it_stood(tenant: Tenant, api: Api) -> None:
    _first(tenant)
    _later(1)
    with db.write() as session:
        run = refresh(session, tenant.engagement)
        assert run is not None
        assert refresh(session, tenant.engagement) is None
        session.execute(
            update(CollectionRun)
            .where(CollectionRun.id == run.id)
            .values(state="failed", code="internal_error")
        )
    with db.write() as session:
        again = refresh(session, tenant.engagement)
        assert again is not None
        assert again.handle == run.handle


def test_a_new_object_is_requested_at_once(tenant: Tenant, api: Api) -> None:
    _first(tenant)
    api.account["services"].append({"id": "PNEW"})
    _later(1)
    found = _refresh(tenant)
    path = "/service_dependencies/technical_services/"
    assert {each: n for each, n in api.counts.items() if each.startswith(path)} == {
        f"{path}{name}": 1 for name in ("PSERVICES0", "PSERVICES1", "PSERVICES2", "PNEW")
    }
    edges = next(e for e in found["resources"] if e["resource"] == "technical_dependencies")
    assert (edges["state"], edges["objects"], edges["objects_done"]) == ("complete", 4, 4)


def test_hourly_refreshes_do_not_pile_up_windows(tenant: Tenant, api: Api) -> None:
    _first(tenant)
    for _ in range(30):
        _later(1)
        _refresh(tenant)
    with db.read() as session:
        windows = session.query(Window).all()
        runs = {each.run_id for each in windows}
        entries = [each for each in windows if each.resource == "log_entries"]
    assert len(runs) == 1
    # The first collection's, the hours of a day in one, those after it, and what is new.
    assert len(entries) <= 5
    assert certificate_of(tenant)["complete"] is True


def test_a_list_that_fell_short_marks_nothing_deleted_and_is_read_again(
    tenant: Tenant, api: Api
) -> None:
    _first(tenant)
    short = records("services", 2)
    api.twists["services"] = lambda _: {"services": short, "more": False, "total": 3}
    entries = records("log_entries", 2)
    api.twists["log_entries"] = lambda _: {"log_entries": entries, "more": False, "total": 5}
    _later(1)
    assert _refresh(tenant)["complete"] is False
    assert [row.deleted_at for row in rows("service")] == [None] * 3
    api.twists.clear()
    _later(1)
    assert _refresh(tenant)["complete"] is True


def test_no_refresh_begins_while_the_last_run_is_being_assessed(tenant: Tenant, api: Api) -> None:
    tenant.connect()
    assert collect(run_of(tenant).handle) is not None
    with db.write() as session:
        assert refresh(session, tenant.engagement) is None


def test_a_run_that_a_newer_one_replaces_writes_nothing_any_more(tenant: Tenant, api: Api) -> None:
    """A reconnect withdraws an extension in the middle of a collection."""
    tenant.connect(extensions=("users",))
    first = run_of(tenant)

    def reconnect(_: Query) -> None:
        api.twists.clear()
        tenant.connect()

    api.twists["services"] = reconnect
    assert collect(first.handle) is None
    second = run_of(tenant)
    assert second.handle != first.handle
    _collect(second.handle)
    assert rows("responder") == []
    assert certificate_of(tenant)["complete"] is True
    assert [row.deleted_at for row in rows("service")] == [None] * 3
    with db.read() as session:
        codes = {run.handle: run.code for run in session.query(CollectionRun)}
    assert codes == {first.handle: "superseded", second.handle: None}


def test_the_refresh_interval_ends_with_the_disconnect(tenant: Tenant, api: Api) -> None:
    """The next person who connects has not agreed to automatic refreshes."""
    _first(tenant)
    with db.write() as session:
        set_refresh(session.merge(tenant.engagement), "hourly")
    with db.write() as session:
        disconnect(session, tenant.engagement)
    with db.read() as session:
        assert session.get_one(Engagement, tenant.engagement.id).refresh == "off"
