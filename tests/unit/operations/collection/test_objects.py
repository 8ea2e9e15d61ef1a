"""Objects requested one by one: each once, from ids that are nowhere at rest."""

import pytest

from app.extensions import db
from app.models import Window, WindowObject
from app.operations.collection.collect import collect
from tests.conftest import ON_SQLITE
from tests.unit.operations.api import Api, Json, Query, records
from tests.unit.operations.conftest import Tenant, certificate_of, rows, run_of

pytestmark = ON_SQLITE


def _edge(number: int, one: str, other: str) -> Json:
    kind = "technical_service_reference"
    return {
        "id": f"D{number}",
        "supporting_service": {"id": one, "type": kind},
        "dependent_service": {"id": other, "type": kind},
    }


def _dependencies(identifier: str) -> list[Json]:
    edges = [_edge(1, "PSERVICES0", "PSERVICES1"), _edge(2, "PSERVICES1", "PSERVICES2")]
    ends = ("supporting_service", "dependent_service")
    return [edge for edge in edges if any(edge[end]["id"] == identifier for end in ends)]


def _of(tenant: Tenant, name: str) -> Json:
    return next(e for e in certificate_of(tenant)["resources"] if e["resource"] == name)


def test_an_edge_stated_at_both_of_its_ends_is_one_edge(tenant: Tenant, api: Api) -> None:
    api.objects["technical_dependencies"] = _dependencies
    tenant.connect()
    collect(run_of(tenant).handle)
    assert len(rows("service_dependency")) == 2
    found = _of(tenant, "technical_dependencies")
    assert (found["objects"], found["objects_done"]) == (3, 3)
    assert (found["received"], found["stored"], found["duplicate"]) == (4, 2, 2)
    assert found["state"] == "complete"
    # The parents are listed once: their ids come from the page that was stored.
    assert api.counts["/services"] == 1


def test_the_members_of_a_large_team_come_page_by_page(tenant: Tenant, api: Api) -> None:
    api.objects["team_members"] = lambda team: records("m", 250 if team == "PTEAMS0" else 1)
    tenant.connect()
    collect(run_of(tenant).handle)
    assert len(rows("team_member")) == 252
    assert _of(tenant, "team_members")["state"] == "complete"


def test_a_service_deleted_meanwhile_is_counted_and_nothing_is_missing(
    tenant: Tenant, api: Api
) -> None:
    sent: list[Query] = []

    def gone_once(query: Query) -> int | None:
        sent.append(query)
        return 404 if len(sent) == 1 else None

    api.twists["technical_dependencies"] = gone_once
    tenant.connect()
    collect(run_of(tenant).handle)
    found = _of(tenant, "technical_dependencies")
    assert (found["objects_done"], found["objects_gone"]) == (3, 1)
    assert found["state"] == "complete"


def test_an_endpoint_that_knows_no_object_is_not_complete(tenant: Tenant, api: Api) -> None:
    api.twists["technical_dependencies"] = lambda _: 404
    tenant.connect()
    collect(run_of(tenant).handle)
    assert _of(tenant, "technical_dependencies")["reasons"] == ["request_refused"]


@pytest.mark.parametrize(("refused", "state"), [(1, "incomplete"), (3, "not_available")])
def test_one_object_that_the_role_hides_does_not_hide_the_others(
    tenant: Tenant, api: Api, refused: int, state: str
) -> None:
    sent: list[Query] = []

    def hidden(query: Query) -> int | None:
        sent.append(query)
        return 403 if len(sent) <= refused else None

    api.twists["team_members"] = hidden
    tenant.connect()
    collect(run_of(tenant).handle)
    found = _of(tenant, "team_members")
    assert (found["state"], found["reasons"]) == (state, ["role"])
    assert (found["objects_done"], found["objects_refused"]) == (3, refused)


@pytest.mark.parametrize("more", [None, True])
def test_members_without_a_stated_end_are_not_complete(
    tenant: Tenant, api: Api, more: bool | None
) -> None:
    api.twists["team_members"] = lambda _: {"members": records("m", 100), "more": more}
    tenant.connect()
    collect(run_of(tenant).handle)
    reason = "end_not_told" if more is None else "over_cap"
    assert _of(tenant, "team_members")["reasons"] == [reason]


def test_objects_of_an_incomplete_parent_list_are_incomplete(tenant: Tenant, api: Api) -> None:
    api.twists["services"] = lambda _: {"services": records("services", 2), "more": False}
    tenant.connect()
    collect(run_of(tenant).handle)
    found = _of(tenant, "technical_dependencies")
    assert (found["objects_done"], found["reasons"]) == (2, ["parent_incomplete"])


def test_one_refused_object_makes_the_resource_incomplete_and_the_others_come(
    tenant: Tenant, api: Api
) -> None:
    refused: list[Query] = []

    def twist(query: Query) -> int | None:
        refused.append(query)
        return 400 if len(refused) == 1 else None

    api.objects["technical_dependencies"] = _dependencies
    api.twists["technical_dependencies"] = twist
    tenant.connect()
    collect(run_of(tenant).handle)
    found = _of(tenant, "technical_dependencies")
    assert (found["objects_done"], found["reasons"]) == (3, ["request_refused"])
    assert len(rows("service_dependency")) >= 1


def test_after_a_crash_the_parents_are_listed_again_and_done_objects_left_alone(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.objects["technical_dependencies"] = _dependencies
    tenant.connect()
    sent: list[Query] = []

    def crash(query: Query) -> None:
        sent.append(query)
        if len(sent) == 3:
            raise SystemExit

    api.twists["technical_dependencies"] = crash
    with pytest.raises(SystemExit):
        collect(run_of(tenant).handle)
    with db.write() as session:
        run = session.merge(run_of(tenant))
        run.lease_until = None
        window = session.query(Window).filter_by(resource="technical_dependencies").one()
        done = session.query(WindowObject).filter_by(window_id=window.id).count()
        assert window.objects_done == done
    api.twists.clear()
    before = api.counts
    assert collect(run_of(tenant).handle) is not None
    after = api.counts - before
    path = "/service_dependencies/technical_services/"
    assert sum(n for each, n in after.items() if each.startswith(path)) == 3 - done
    assert _of(tenant, "technical_dependencies")["objects_done"] == 3
    assert len(rows("service_dependency")) == 2
