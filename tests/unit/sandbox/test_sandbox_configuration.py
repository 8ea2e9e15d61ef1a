"""Teams, people, priorities, dependencies and maintenance as PagerDuty serves them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.sandbox.sandbox_browser import Browser

AS_OF = datetime(2026, 6, 1, 12, tzinfo=UTC)
RAILS = "Eastern Time (US & Canada)"


def refused(response: Any) -> tuple[int, int]:
    return response.status_code, response.get_json()["error"]["code"]


def related(browser: Browser, kind: str, object_id: str, token: str | None = None) -> Any:
    return browser.get(f"/service_dependencies/{kind}_services/{object_id}", token)


@pytest.mark.parametrize(
    ("ability", "paths"),
    [
        ("priorities", ["/priorities"]),
        ("teams", ["/teams", "/teams/PX/members"]),
        ("auto_pause_notifications", ["/paused_incident_reports/counts"]),
    ],
)
def test_only_resources_outside_the_plan_return_402(
    start: Callable[..., Browser], ability: str, paths: list[str]
) -> None:
    lacking = start(absent_abilities=frozenset({ability}))
    for path in paths:
        assert refused(lacking.get(path)) == (402, 2014), path
    assert ability not in lacking.get("/abilities").get_json()["abilities"]
    for path in ("/services", "/users", "/incidents", "/business_services"):
        assert lacking.get(path).status_code == 200


def test_resources_that_the_role_may_not_read_return_403(start: Callable[..., Browser]) -> None:
    browser = start(forbidden=("/users", "/teams/{id}/members", "/v3/*"))
    team = browser.rows("teams")[0]["id"]
    for path in ("/users", f"/teams/{team}/members", "/v3/schedules", "/v3/schedules/X"):
        assert refused(browser.get(path)) == (403, 2010), path
    token = browser.connect()["access_token"]
    assert browser.get("/users/me", token).status_code == 200
    assert browser.get("/schedules").status_code == 200


def test_priorities_come_most_severe_first(browser: Browser) -> None:
    rows = browser.rows("priorities")
    assert [row["name"][:2] for row in rows] == ["P1", "P2", "P3", "P4", "P5"]
    used = {row["priority"]["id"] for row in _incidents(browser) if row["priority"]}
    assert used <= {row["id"] for row in rows}


def _incidents(browser: Browser) -> list[dict[str, Any]]:
    whole: dict[str, Any] = {"date_range": "all", "limit": 100}
    return [row for n in range(0, 400, 100) for row in browser.rows("incidents", offset=n, **whole)]


def test_people_have_zones_of_rails_of_iana_or_none(browser: Browser) -> None:
    zones = {row["time_zone"] for row in browser.rows("users")}
    assert {None, RAILS, "Europe/Berlin"} <= zones
    assert all(row["email"].endswith("@example.com") for row in browser.rows("users"))
    assert "http_cal_url" not in browser.rows("users")[0], "only one's own profile has it"


def test_members_of_a_team_have_a_role_and_a_private_team_is_not_there(browser: Browser) -> None:
    limited = browser.connect(login="limited_user")["access_token"]
    teams = browser.rows("teams")
    seen = {row["id"] for row in browser.rows("teams", limited)}
    assert {row["id"] for row in teams if row["default_role"] == "manager"} == seen
    for team in teams:
        found = browser.get(f"/teams/{team['id']}/members", limited)
        assert found.status_code == (200 if team["id"] in seen else 404)
    members = browser.get(f"/teams/{teams[0]['id']}/members", limit=2).get_json()
    assert (len(members["members"]), members["more"]) == (2, True)
    assert {"user", "role"} == set(members["members"][0])
    assert refused(browser.get("/teams/PNOTHERE/members")) == (404, 2100)


def test_a_dependency_is_listed_at_both_its_ends(browser: Browser) -> None:
    ids = {kind: [row["id"] for row in browser.rows(name)] for kind, name in KINDS.items()}
    rows_of = {
        (kind, one): related(browser, kind, one).get_json()["relationships"]
        for kind, found in ids.items()
        for one in found
    }
    kinds = set()
    for (kind, one), rows in rows_of.items():
        for row in rows:
            ends = [row["supporting_service"], row["dependent_service"]]
            assert one in {end["id"] for end in ends}
            kinds.add(tuple(end["type"].split("_")[0] for end in ends))
            for end in ends:
                assert row in rows_of[end["type"].split("_")[0], end["id"]]
        assert kind in KINDS
    assert kinds == {
        ("technical", "technical"),
        ("technical", "business"),
        ("business", "business"),
    }


KINDS = {"technical": "services", "business": "business_services"}


@pytest.mark.parametrize("seed", range(3))
def test_some_services_need_each_other_in_a_circle(
    start: Callable[..., Browser], seed: int
) -> None:
    browser = start(seed=seed)
    needs: dict[str, set[str]] = {}
    for one in browser.rows("services"):
        for row in related(browser, "technical", one["id"]).get_json()["relationships"]:
            if row["dependent_service"]["type"] == "technical_service_reference":
                above = row["dependent_service"]["id"]
                needs.setdefault(above, set()).add(row["supporting_service"]["id"])

    def reaches(origin: str, goal: str) -> bool:
        found, todo = set(), list(needs.get(origin, ()))
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += needs.get(one, ())
        return goal in found

    assert any(reaches(one, one) for one in needs)


def test_dependencies_of_the_hidden_are_hidden(browser: Browser) -> None:
    limited = browser.connect(login="limited_user")["access_token"]
    seen = {row["id"] for name in KINDS.values() for row in browser.rows(name, limited)}
    for one in browser.rows("services"):
        response = related(browser, "technical", one["id"], limited)
        if one["id"] not in seen:
            assert refused(response) == (404, 2100)
            continue
        for row in response.get_json()["relationships"]:
            assert {row["supporting_service"]["id"], row["dependent_service"]["id"]} <= seen
    assert refused(related(browser, "business", "PNOTHERE")) == (404, 2100)
    service = browser.rows("services")[0]["id"]
    assert refused(related(browser, "business", service)) == (404, 2100)


def test_maintenance_is_past_ongoing_or_still_to_come(browser: Browser) -> None:
    rows = browser.rows("maintenance_windows", filter="all")
    ends = [
        [datetime.fromisoformat(row[f"{end}_time"]) for end in ("start", "end")] for row in rows
    ]
    assert {(start > AS_OF, end > AS_OF) for start, end in ends} == {
        (False, False),
        (False, True),
        (True, True),
    }
    assert browser.rows("maintenance_windows") == rows
    assert refused(browser.get("/maintenance_windows", filter="past")) == (400, 2001)


def test_the_strategy_of_a_rule_is_listed_only_on_request(browser: Browser) -> None:
    key = "escalation_rule_assignment_strategy"
    plain = [
        rule for row in browser.rows("escalation_policies") for rule in row["escalation_rules"]
    ]
    assert not [rule for rule in plain if key in rule]
    rows = browser.rows("escalation_policies", **{"include[]": f"{key[:-1]}ies"})
    words = {rule[key] for row in rows for rule in row["escalation_rules"]}
    assert {"round_robin", "assign_to_everyone"} <= words
    kinds = {target["type"] for rule in plain for target in rule["targets"]}
    assert kinds == {"user_reference", "schedule_reference", "schedule_v3_reference"}


def test_services_differ_in_what_an_assessment_reads(browser: Browser) -> None:
    pause = "auto_pause_notifications_parameters"
    assert pause not in browser.rows("services")[0]
    rows = browser.rows("services", **{"include[]": pause})
    assert {row[pause]["enabled"] for row in rows} == {True, False}
    assert {len(row["integrations"]) for row in rows} == {0, 1, 2}
    grouping = [row["alert_grouping_parameters"] for row in rows]
    assert {one and one["type"] for one in grouping} >= {None, "time", "intelligent"}
    hours = [row["support_hours"] for row in rows if row["support_hours"]]
    assert {one["time_zone"] for one in hours} <= {RAILS, "Europe/Berlin", "London"}


def test_paused_alerts_are_counted_for_six_months_at_most(browser: Browser) -> None:
    path = "/paused_incident_reports/counts"
    ninety = {"since": "2026-03-03T12:00:00Z", "until": "2026-06-01T12:00:00Z"}
    numbers = browser.get(path, **ninety).get_json()["paused_incident_reporting_counts"]
    assert (numbers["since"], numbers["until"]) == (ninety["since"], ninety["until"])
    assert numbers["paused_count"] > 0
    parts = numbers["triggered_after_pause_count"] + numbers["resolved_after_pause_count"]
    assert parts == numbers["paused_count"]
    assert refused(browser.get(path, since="2025-11-30T12:00:00Z")) == (400, 2005)
