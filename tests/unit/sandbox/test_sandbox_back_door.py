"""Requests, faults and counts as tests see them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.sandbox.sandbox_browser import Browser

WHOLE: dict[str, Any] = {"date_range": "all", "limit": 100}
MAY: dict[str, Any] = {"since": "2026-05-01T00:00:00Z", "until": "2026-05-29T00:00:00Z"}
LISTS: dict[str, dict[str, Any]] = {
    "/services": {"include[]": "auto_pause_notifications_parameters"},
    "/escalation_policies": {"include[]": "escalation_rule_assignment_strategies"},
    "/priorities": {},
    "/teams": {},
    "/users": {},
    "/business_services": {},
    "/maintenance_windows": {},
    "/change_events": MAY,
    "/oncalls": MAY,
    "/paused_incident_reports/counts": MAY,
}


def test_no_identifier_looks_like_a_canary(start: Callable[..., Browser]) -> None:
    browser = start(rate_limit=0)
    ids = [row["id"] for row in browser.rows("log_entries", limit=100)]
    assert all(len(one) == 14 and "Y" not in one for one in ids)


def test_the_same_seed_makes_the_same_account(start: Callable[..., Browser]) -> None:
    def page(seed: int) -> bytes:
        return bytes(start(seed=seed).get("/incidents", **WHOLE).data)

    assert page(5) == page(5)
    assert page(5) != page(6)


SMALL = {
    "services": 8,
    "escalation_policies": 4,
    "schedules": 5,
    "schedules_v3": 2,
    "incidents": 400,
    "log_entries": 3_000,
    "people": 15,
    "users": 15,
    "teams": 3,
    "business_services": 3,
    "priorities": 5,
    "authorizer": 1,
}


@pytest.mark.parametrize("login", ["admin", "limited_user"])
def test_counts_equal_the_totals_of_the_lists(browser: Browser, login: str) -> None:
    token = browser.connect(login=login)["access_token"]
    numbers = browser.http.get("/__sandbox/counts").get_json()
    numbers = numbers if login == "admin" else numbers["visible_to_limited_user"]
    whole: dict[str, Any] = {"date_range": "all", "total": "true", "limit": 100}

    def total(path: str, **query: Any) -> int:
        answer = browser.get(path, token, **whole, **query)
        assert answer.status_code == 200, path
        return int(answer.get_json()["total"])

    lists = {name: f"/{name}" for name in numbers if f"/{name}" in LISTS}
    lists |= {"schedules": "/schedules", "schedules_v3": "/v3/schedules"}
    lists |= {"incidents": "/incidents", "log_entries": "/log_entries"}
    history = {"since": "2026-03-03T12:00:00Z", "until": "2026-06-01T12:00:00Z"}
    for name, path in lists.items():
        assert total(path, **history) == numbers[name], name
    members = [total(f"/teams/{one['id']}/members") for one in browser.rows("teams", token)]
    assert sum(members) == numbers["team_members"]
    edges: dict[str, set[str]] = {}
    for kind, name in (("technical", "services"), ("business", "business_services")):
        edges[kind] = {
            row["id"]
            for one in browser.rows(name, token)
            for row in browser.get(
                f"/service_dependencies/{kind}_services/{one['id']}", token
            ).get_json()["relationships"]
        }
        assert len(edges[kind]) == numbers[f"{kind}_dependencies"]
    assert len(edges["technical"] | edges["business"]) == numbers["service_dependencies"]


def test_counts_are_those_of_the_size(browser: Browser) -> None:
    numbers = browser.http.get("/__sandbox/counts").get_json()
    hidden = numbers.pop("visible_to_limited_user")
    assert {name: numbers[name] for name in SMALL} == SMALL
    assert set(hidden) == set(numbers) - {"people"}
    assert hidden["incidents"] < 400


def test_requests_are_listed_with_query_status_and_page_size(browser: Browser) -> None:
    browser.callback()
    both: dict[str, Any] = {"statuses[]": ["triggered", "resolved"]}
    browser.get("/incidents", **WHOLE, **both)
    authorized, paged = browser.http.get("/__sandbox/requests").get_json()["requests"]
    assert (authorized["path"], authorized["status"]) == ("/oauth/authorize", 302)
    assert authorized["query"]["scope"] == ["read"]
    assert authorized["query"]["state"] == ["…"], "another party's secret is not kept"
    assert paged["query"]["statuses[]"] == ["triggered", "resolved"]
    assert (paged["n"], paged["method"], paged["status"], paged["page_size"]) == (
        2,
        "GET",
        200,
        100,
    )
    browser.http.delete("/__sandbox/requests")
    assert browser.http.get("/__sandbox/requests").get_json() == {
        "requests": [],
        "refused": 0,
        "by_path": {},
        "max_in_flight": 0,
    }


def test_requests_are_counted_by_the_path_of_the_document(browser: Browser) -> None:
    for one in browser.rows("teams"):
        browser.get(f"/teams/{one['id']}/members")
    log = browser.http.get("/__sandbox/requests").get_json()
    assert log["by_path"] == {"/teams": 1, "/teams/{id}/members": 3}
    assert log["max_in_flight"] == 1


def test_the_request_log_has_no_code_or_token(browser: Browser) -> None:
    kept = browser.connect()
    browser.refresh(kept["refresh_token"])
    browser.get("/services", kept["access_token"])
    log = browser.http.get("/__sandbox/requests").text
    for secret in (kept["access_token"], kept["refresh_token"], browser.verifier):
        assert secret not in log


def plant(browser: Browser, **fault: Any) -> None:
    assert browser.http.post("/__sandbox/faults", json=fault).status_code == 201


def statuses(browser: Browser, path: str, count: int) -> list[int]:
    return [browser.get(path).status_code for _ in range(count)]


def test_a_fault_affects_the_requests_it_was_planted_for(browser: Browser) -> None:
    plant(browser, kind="5xx", path="/incidents", after=1, times=2)
    assert statuses(browser, "/services", 2) == [200, 200]
    assert statuses(browser, "/incidents", 5) == [200, 500, 500, 200, 200]


def test_a_planted_429_comes_with_headers_or_bare(browser: Browser) -> None:
    plant(browser, kind="429", reset_seconds=7)
    response = browser.get("/services")
    assert (response.status_code, response.headers["ratelimit-reset"]) == (429, "7")
    assert response.get_json()["error"]["code"] == 2020
    plant(browser, kind="429", headers=False)
    bare = browser.get("/services")
    assert (bare.status_code, bare.data) == (429, b"")
    assert "ratelimit-reset" not in bare.headers


def test_faults_are_cleared_and_nonsense_is_named(browser: Browser) -> None:
    plant(browser, kind="5xx", times=9)
    assert browser.get("/services").status_code == 500
    browser.http.delete("/__sandbox/faults")
    assert browser.get("/services").status_code == 200
    for bad, name in (({"kind": "flood"}, "kind"), ({"kind": "5xx", "after": -1}, "after")):
        answer = browser.http.post("/__sandbox/faults", json=bad)
        assert (answer.status_code, answer.get_json()) == (400, {"field": name})


def test_latency_is_added_to_every_rest_call(
    start: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("sandbox.request_checks.sleep", slept.append)
    browser = start(latency_ms=250)
    browser.get("/services")
    browser.http.get("/__sandbox/counts")
    assert slept == [0.25]
