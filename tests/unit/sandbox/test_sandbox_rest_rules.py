"""The REST side keeps PagerDuty's rules for paging, ranges, limits and rights."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.unit.sandbox.sandbox_browser import Browser

SINCE, UNTIL = "2026-03-03T12:00:00Z", "2026-06-01T12:00:00Z"
WHOLE = {"since": SINCE, "until": UNTIL}
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def error_of(response: Any) -> tuple[int, int]:
    error = response.get_json()["error"]
    assert isinstance(error["message"], str)
    assert isinstance(error["errors"], list)
    return response.status_code, error["code"]


def test_a_page_has_25_records_by_default_and_100_at_most(browser: Browser) -> None:
    assert len(browser.rows("incidents", **WHOLE)) == 25
    assert len(browser.rows("incidents", **WHOLE, limit=7)) == 7
    response = browser.get("/incidents", **WHOLE, limit=500).get_json()
    assert (response["limit"], len(response["incidents"])) == (100, 100)


@pytest.mark.parametrize("bad", [{"limit": 0}, {"limit": "many"}, {"offset": -1}])
def test_a_bad_limit_or_offset_is_refused(browser: Browser, bad: dict[str, Any]) -> None:
    assert error_of(browser.get("/services", **bad)) == (400, 2001)


def test_nothing_is_served_past_position_ten_thousand(browser: Browser) -> None:
    assert browser.get("/log_entries", limit=100, offset=9_900).status_code == 200
    assert error_of(browser.get("/log_entries", limit=100, offset=9_901)) == (400, 2002)
    assert error_of(browser.get("/incidents", **WHOLE, limit=1, offset=10_000)) == (400, 2002)


def test_the_total_is_null_by_default(browser: Browser) -> None:
    assert browser.get("/incidents", **WHOLE).get_json()["total"] is None
    response = browser.get("/incidents", **WHOLE, total="true", limit=1).get_json()
    assert (response["total"], response["more"]) == (400, True)


def test_log_entries_come_newest_first_and_incidents_oldest_first(browser: Browser) -> None:
    def instants(name: str) -> list[datetime]:
        rows = browser.rows(name, **WHOLE, limit=100)
        return [datetime.fromisoformat(row["created_at"]) for row in rows]

    assert instants("log_entries") == sorted(instants("log_entries"), reverse=True)
    assert instants("incidents") == sorted(instants("incidents"))


def test_both_edges_of_a_range_are_inside_it(browser: Browser) -> None:
    for name in ("incidents", "log_entries"):
        row = browser.rows(name, **WHOLE, limit=50)[40]
        at = {"since": row["created_at"], "until": row["created_at"]}
        assert row["id"] in {one["id"] for one in browser.rows(name, **at)}


def test_incidents_are_those_of_the_last_month_by_default(browser: Browser) -> None:
    month = browser.get("/incidents", total="true").get_json()["total"]
    explicit = {"since": "2026-05-01T12:00:00Z", "until": UNTIL, "total": "true"}
    assert month == browser.get("/incidents", **explicit).get_json()["total"]
    assert 0 < month < 400
    assert browser.get("/incidents", date_range="all", total="true").get_json()["total"] == 400


def test_incidents_serve_at_most_six_months(browser: Browser) -> None:
    exact = browser.get("/incidents", since="2025-12-01T12:00:00Z", until=UNTIL)
    assert exact.status_code == 200
    wider = browser.get("/incidents", since="2025-12-01T11:59:59Z", until=UNTIL)
    assert error_of(wider) == (400, 2005)
    assert error_of(browser.get("/incidents", since=UNTIL, until=SINCE)) == (400, 2005)
    assert error_of(browser.get("/incidents", since="yesterday")) == (400, 2004)


def test_log_entries_have_no_longest_range(browser: Browser) -> None:
    wide = {"since": "2019-01-01T00:00:00Z", "until": UNTIL, "total": "true"}
    assert browser.get("/log_entries", **wide).get_json()["total"] == 3_000


def test_a_resolved_incident_has_lost_its_assignments_and_acknowledgements(
    browser: Browser,
) -> None:
    rows = [
        r
        for n in range(0, 400, 100)
        for r in browser.rows("incidents", **WHOLE, offset=n, limit=100)
    ]
    resolved = [row for row in rows if row["status"] == "resolved"]
    assert resolved
    assert all(row["assignments"] == row["acknowledgements"] == [] for row in resolved)
    acknowledged = [row for row in rows if row["status"] == "acknowledged"]
    assert acknowledged
    assert all(row["acknowledgements"] and row["resolved_at"] is None for row in acknowledged)


def test_credentials_are_a_bearer_token_or_the_api_key_and_nothing_else(browser: Browser) -> None:
    assert browser.get("/abilities").status_code == 200
    for header in ("", "Bearer nonsense", "Token token=nonsense", "Basic YTpi"):
        response = browser.http.get("/abilities", headers={"Authorization": header})
        assert error_of(response) == (401, 2006)


def test_version_two_is_the_only_one(browser: Browser) -> None:
    key = {"Authorization": "Token token=u+sandboxReadOnlyKey"}
    assert browser.http.get("/abilities", headers=key).status_code == 200
    old = {**key, "Accept": "application/vnd.pagerduty+json;version=1"}
    assert error_of(browser.http.get("/abilities", headers=old)) == (400, 2001)


def test_a_limited_user_does_not_see_private_teams(browser: Browser) -> None:
    admin = browser.connect()["access_token"]
    limited = browser.connect(login="limited_user")["access_token"]
    hidden = {}
    for name in ("services", "escalation_policies", "schedules", "incidents", "log_entries"):
        all_of_it = browser.get(f"/{name}", admin, total="true").get_json()["total"]
        visible = browser.get(f"/{name}", limited, total="true").get_json()["total"]
        hidden[name] = all_of_it - visible
    assert all(count > 0 for count in hidden.values()), hidden
    role = browser.get("/users/me", limited).get_json()["user"]["role"]
    assert role == "limited_user"


def test_the_hidden_are_exactly_the_private_teams(browser: Browser) -> None:
    limited = browser.connect(login="limited_user")["access_token"]
    private = {one.id for one in _teams(browser) if one.private}
    rows = browser.rows("incidents", date_range="all", limit=100)
    visible = {r["id"] for r in browser.rows("incidents", limited, date_range="all", limit=100)}
    last_visible = max(n for n, row in enumerate(rows) if row["id"] in visible)
    for row in rows[:last_visible]:
        assert (row["teams"][0]["id"] in private) is (row["id"] not in visible)


def _teams(browser: Browser) -> Any:
    listing = browser.app.extensions["sandbox"].account.listings["incidents"]
    return listing.base.render.__self__.organisation.teams


def test_users_me_is_for_people(browser: Browser) -> None:
    token = browser.connect()["access_token"]
    me = browser.get("/users/me", token).get_json()["user"]
    assert me["role"] == "admin"
    assert me["http_cal_url"].startswith("https://")
    assert error_of(browser.get("/users/me")) == (400, 2001)


def test_schedules_are_rendered_only_for_a_window_and_cut_at_its_edges(browser: Browser) -> None:
    assert "final_schedule" not in browser.rows("schedules")[0]
    part = {"include[]": "final_schedule"}
    empty = browser.rows("schedules", **part)[0]["final_schedule"]
    assert (empty["rendered_schedule_entries"], empty["rendered_coverage_percentage"]) == ([], None)
    window = {"since": "2026-05-06T00:00:00Z", "until": "2026-05-20T00:00:00Z", "time_zone": "UTC"}
    coverage = []
    for row in browser.rows("schedules", **part, **window):
        final = row["final_schedule"]
        entries = final["rendered_schedule_entries"]
        assert min(e["start"] for e in entries) >= window["since"]
        assert max(e["end"] for e in entries) <= window["until"]
        assert all(e["user"]["type"] == "user_reference" for e in entries)
        assert all(a["end"] <= b["start"] for a, b in pairwise(entries))
        coverage.append(final["rendered_coverage_percentage"])
    assert max(coverage) == 100
    assert min(coverage) < 50, "some schedule has gaps"


def test_anything_else_is_refused_and_counted(browser: Browser) -> None:
    assert error_of(browser.get("/webhook_subscriptions")) == (404, 2100)
    assert error_of(browser.get("/incidents/P1/log_entries")) == (404, 2100)
    assert error_of(browser.http.post("/incidents", json={})) == (405, 2101)
    assert browser.http.head("/services").status_code == 405
    log = browser.http.get("/__sandbox/requests").get_json()
    assert log["refused"] == 4
    assert [one["status"] for one in log["requests"]] == [404, 404, 405, 405]
