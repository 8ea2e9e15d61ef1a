"""Complete, or it says so: what PagerDuty does not vouch for never counts as whole."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from app.operations.collection.collect import collect
from app.operations.runs.certificate import missing
from collectors.client.client import PagerDutyClient
from collectors.errors import Unreachable
from collectors.manifest import COLLECTED
from tests.conftest import ON_SQLITE
from tests.unit.operations.api import Api, Json, Query, instant, paged, records, resource
from tests.unit.operations.conftest import Tenant, certificate_of, rows, run_of

# What PagerDuty may answer is the same on both databases; what both store is in test_refresh.
pytestmark = ON_SQLITE


def _resource(tenant: Tenant, name: str) -> dict[str, Any]:
    resources: list[dict[str, Any]] = certificate_of(tenant)["resources"]
    return next(each for each in resources if each["resource"] == name)


def _collect(tenant: Tenant) -> None:
    tenant.connect()
    assert collect(run_of(tenant).handle) is not None


def test_everything_declared_is_stored_and_certified_as_complete(tenant: Tenant, api: Api) -> None:
    _collect(tenant)
    found = certificate_of(tenant)
    assert found["complete"] is True
    assert {each["state"] for each in found["resources"]} == {"complete"}
    requested = {each.name for each in COLLECTED if not (each.fallback or each.extension)}
    assert {each["resource"] for each in found["resources"]} == requested
    assert all(
        each["stored"] == each["declared"] == 3
        for each in found["resources"]
        if each["resource"] in api.account
    )
    assert run_of(tenant).requests == len(api.requests)


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"more": False, "total": None}, "total_not_told"),
        ({"more": None, "total": 3}, "end_not_told"),
        ({"more": False, "total": 4}, "fewer_than_declared"),
    ],
    ids=["no total", "no more", "one less than declared"],
)
def test_a_list_without_a_stated_end_is_not_complete(
    tenant: Tenant, api: Api, odd: Json, reason: str
) -> None:
    api.twists["services"] = lambda _: {"services": records("services", 3), **odd}
    _collect(tenant)
    assert certificate_of(tenant)["complete"] is False
    assert _resource(tenant, "services")["reasons"] == [reason]
    assert _resource(tenant, "teams")["state"] == "complete"


def test_a_list_that_promises_more_and_sends_nothing_is_incomplete(
    tenant: Tenant, api: Api
) -> None:
    def response(query: Query) -> Json:
        found = records("services", 3) if query["offset"] == "0" else []
        return {"services": found, "more": True, "total": 3}

    api.twists["services"] = response
    _collect(tenant)
    assert _resource(tenant, "services")["reasons"] == ["list_moved"]


def test_a_record_that_takes_anothers_place_between_two_pages_is_not_lost(
    tenant: Tenant, api: Api
) -> None:
    """Totals are equal before and after: only the overlap of two pages shows it."""
    api.account["services"] = records("services", 150)
    moved: list[bool] = []

    def response(query: Query) -> None:
        if query["offset"] == "99" and not moved:
            moved.append(True)
            services = api.account["services"]
            api.account["services"] = [*services[1:], {"id": "PNEW"}]

    api.twists["services"] = response
    _collect(tenant)
    found = _resource(tenant, "services")
    assert (found["state"], found["declared"], found["stored"]) == ("complete", 150, 150)
    # The one that was read before it vanished is gone, the one that slid forward is not.
    standing = [row for row in rows("service") if row.deleted_at is None]
    assert len(standing) == 150


def test_a_list_that_changes_at_every_read_is_reported_as_moved(tenant: Tenant, api: Api) -> None:
    turns = count()

    def response(query: Query) -> None:
        services, turn = records("services", 150), next(turns)
        api.account["services"] = [*services[turn:], *services[:turn]]

    api.twists["services"] = response
    _collect(tenant)
    assert _resource(tenant, "services")["reasons"] == ["list_moved"]


def test_windows_are_split_until_each_is_below_the_cap(tenant: Tenant, api: Api) -> None:
    """Nearly all of the incidents fall into one day of ninety."""
    dense = records("incidents", 26_000, days=1)
    old = instant(dense[0]["created_at"]) - timedelta(days=60)
    api.account["incidents"] = [*dense, {"id": "POLD", "created_at": old.isoformat()}]
    _collect(tenant)
    found = _resource(tenant, "incidents")
    assert found["state"] == "complete"
    assert len(rows("incident")) == 26_001
    assert found["stored"] == 26_001
    assert all(each["declared"] <= 10_000 for each in found["windows"])
    assert api.counts["/incidents"] <= 261 * 1.1


def test_more_records_than_the_cap_in_one_second_are_reported(tenant: Tenant, api: Api) -> None:
    stamp = records("incidents", 1)[0]["created_at"]
    api.account["incidents"] = [{"id": f"P{n}", "created_at": stamp} for n in range(10_050)]
    _collect(tenant)
    assert "over_cap" in _resource(tenant, "incidents")["reasons"]
    assert len(rows("incident")) == 10_000
    assert certificate_of(tenant)["complete"] is False


def test_a_malformed_record_is_skipped_counted_and_its_field_named(
    tenant: Tenant, api: Api
) -> None:
    api.account["services"] = [*records("services", 2), {"id": {"CANARY": 1}}]
    _collect(tenant)
    found = _resource(tenant, "services")
    assert (found["received"], found["stored"], found["skipped"]) == (3, 2, 1)
    assert found["reasons"] == ["malformed"]
    assert found["windows"][0]["fields"] == ["id"]


def test_an_odd_optional_value_is_counted_by_name_and_its_record_is_stored(
    tenant: Tenant, api: Api
) -> None:
    api.account["incidents"][0] |= {"priority": "P1", "alert_counts": {"all": "many"}, "urgency": 7}
    _collect(tenant)
    found = _resource(tenant, "incidents")
    assert (found["state"], found["stored"], found["skipped"]) == ("complete", 3, 0)
    assert found["unknown"] == 3
    assert [each["fields"] for each in found["windows"] if each["fields"]] == [
        ["alert_counts.all", "priority", "urgency"]
    ]


def test_an_unknown_word_is_stored_as_other_and_counted(tenant: Tenant, api: Api) -> None:
    api.account["log_entries"][0]["type"] = "brand_new_log_entry"
    _collect(tenant)
    found = _resource(tenant, "log_entries")
    assert (found["state"], found["stored"], found["unknown"]) == ("complete", 3, 1)


def test_an_endpoint_that_never_responds_ends_its_own_windows_only(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.collection.crawl.PagerDutyClient.page", _but_for("teams"))
    _collect(tenant)
    assert _resource(tenant, "teams")["reasons"] == ["unreachable"]
    assert _resource(tenant, "incidents")["state"] == "complete"


def _but_for(name: str) -> Any:
    from_pagerduty = PagerDutyClient.page

    def page(self: Any, resource: Any, query: Any, owner: Any = None) -> Any:
        if resource.name == name:
            raise Unreachable(name)
        return from_pagerduty(self, resource, query, owner)

    return page


@pytest.mark.parametrize(("status", "lacking"), [(402, []), (403, ["schedules_v3"])])
def test_what_the_plan_lacks_does_not_exist_and_what_the_role_hides_is_missing(
    tenant: Tenant, api: Api, status: int, lacking: list[str]
) -> None:
    api.twists["schedules_v3"] = lambda _: status
    _collect(tenant)
    absent = missing(certificate_of(tenant))
    assert [name for name in absent if name == "schedules_v3"] == lacking


def test_a_record_pushed_between_two_pages_by_a_late_one_is_found(tenant: Tenant, api: Api) -> None:
    """The log is listed newest first: a late entry moves all others by one position."""
    api.account["log_entries"] = records("log_entries", 500)
    late: list[Json] = []

    def response(query: Query) -> Json | int | None:
        rows = api.account["log_entries"]
        if query["offset"] == "200" and not late:
            # From before the late entry, which is there when the page before is requested.
            page = paged(resource("log_entries"), rows, query)
            late.append({**rows[0], "id": "PLATE"})
            api.account["log_entries"] = [*late, *rows]
            return page
        if query["offset"] == "100" and not late:
            return 503
        return None

    api.twists["log_entries"] = response
    _collect(tenant)
    found = _resource(tenant, "log_entries")
    assert found["state"] == "complete"
    assert len(rows("log_entry")) == 501


def test_the_same_page_again_and_again_is_not_complete(tenant: Tenant, api: Api) -> None:
    page = records("incidents", 100)
    api.twists["incidents"] = lambda query: {
        "incidents": page,
        "more": query["offset"] != "200",
        "total": 300,
    }
    _collect(tenant)
    assert _resource(tenant, "incidents")["reasons"] == ["list_moved"]


@pytest.mark.parametrize("total", [None, 500_000_000])
def test_a_total_that_makes_no_sense_does_not_make_endless_windows(
    tenant: Tenant, api: Api, total: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.runs.windows.MOST_WINDOWS", 100)
    api.twists["change_events"] = lambda _: {"change_events": [], "more": False, "total": total}
    _collect(tenant)
    found = _resource(tenant, "change_events")
    assert found["state"] == "incomplete"
    assert len(found["windows"]) < 200


def test_more_on_calls_at_one_moment_than_the_cap_are_reported(tenant: Tenant, api: Api) -> None:
    always = [{"user": {"id": f"PU{n}"}, "escalation_level": 1} for n in range(10_100)]
    api.account["oncalls"] = always
    _collect(tenant)
    found = _resource(tenant, "oncalls")
    assert "over_cap" in found["reasons"]
    assert len(found["windows"]) <= 4


@pytest.mark.parametrize("status", [402, 403])
def test_what_is_refused_in_the_middle_of_a_list_is_incomplete(
    tenant: Tenant, api: Api, status: int
) -> None:
    api.account["incidents"] = records("incidents", 300)
    api.twists["incidents"] = lambda query: status if query["offset"] == "100" else None
    _collect(tenant)
    assert _resource(tenant, "incidents")["state"] == "incomplete"
    assert missing(certificate_of(tenant))["incidents"] == "a part"


def test_without_incidents_nothing_is_called_complete(tenant: Tenant, api: Api) -> None:
    api.twists["incidents"] = lambda _: 403
    _collect(tenant)
    assert certificate_of(tenant)["complete"] is False


def test_log_entries_too_large_for_one_response_are_requested_in_smaller_pages(
    tenant: Tenant, api: Api
) -> None:
    api.account["log_entries"] = records("log_entries", 250)
    bulk = "x" * (6 << 20)

    def heavy(query: Query) -> Json | None:
        if int(query["limit"]) <= 50:
            return None
        return {"log_entries": [{"id": "P1", "note": bulk}], "more": True, "total": 250}

    api.twists["log_entries"] = heavy
    _collect(tenant)
    found = _resource(tenant, "log_entries")
    assert (found["state"], found["stored"]) == ("complete", 250)
