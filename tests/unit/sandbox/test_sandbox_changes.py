"""The account changes between two collections, or between two pages of one."""

from typing import Any

import pytest

from tests.unit.sandbox.sandbox_browser import Browser

WHOLE: dict[str, Any] = {"date_range": "all", "limit": 100}
NOW = "2026-06-01T12:00:00Z"


def mutate(browser: Browser, **edit: Any) -> Any:
    answer = browser.http.post("/__sandbox/mutate", json=edit)
    assert answer.status_code == 201, answer.text
    return answer.get_json()["id"]


def ids(browser: Browser, name: str, **query: Any) -> list[str]:
    return [row["id"] for row in browser.rows(name, **query)]


def everything(browser: Browser, name: str) -> list[str]:
    found: list[str] = []
    while True:
        page = browser.get(f"/{name}", offset=len(found), **WHOLE).get_json()
        found += [row["id"] for row in page[name]]
        if not page["more"]:
            return found


def test_a_deleted_service_is_in_no_list_and_not_found(browser: Browser) -> None:
    before = ids(browser, "services")
    gone = mutate(browser, kind="delete_service", id=before[3])
    assert gone == before[3]
    assert ids(browser, "services") == [one for one in before if one != gone]
    path = f"/service_dependencies/technical_services/{gone}"
    assert browser.get(path).status_code == 404
    counts = browser.http.get("/__sandbox/counts").get_json()
    assert counts["services"] == 7


def test_an_added_service_is_like_its_model_but_for_what_is_set(browser: Browser) -> None:
    model = browser.rows("services")[2]
    new = mutate(browser, kind="add_service", id=model["id"], set={"auto_resolve_timeout": 77})
    added = browser.rows("services")[-1]
    assert added == {**model, "id": new, "auto_resolve_timeout": 77}
    assert len(new) == len(model["id"])
    assert new != model["id"]
    limited = browser.connect(login="limited_user")["access_token"]
    seen = [row["id"] for row in browser.rows("services", limited)]
    assert (new in seen) is (model["id"] in seen)


def test_a_priority_changes_and_nothing_else_shows_it(browser: Browser) -> None:
    before = {row["id"]: row for row in browser.rows("incidents", **WHOLE)}
    chosen = next(one for one, row in before.items() if row["priority"])
    p1 = ids(browser, "priorities")[0]
    assert mutate(browser, kind="change_priority", id=chosen, priority=p1) == chosen
    after = {row["id"]: row for row in browser.rows("incidents", **WHOLE)}
    assert after[chosen]["priority"]["id"] == p1
    assert {**after[chosen], "priority": None} == {**before[chosen], "priority": None}
    mutate(browser, kind="change_priority", id=chosen)
    changed = {row["id"]: row for row in browser.rows("incidents", **WHOLE)}[chosen]
    assert changed["priority"] is None


def test_incidents_and_log_entries_come_and_go_at_their_time(browser: Browser) -> None:
    incident = mutate(browser, kind="add_incident", at="2026-05-31T12:00:00Z")
    rows = {row["id"]: row for row in browser.rows("incidents", since="2026-05-31T11:59:00Z")}
    assert rows[incident]["created_at"] == "2026-05-31T12:00:00Z"
    assert len(everything(browser, "incidents")) == 401
    mutate(browser, kind="delete_incident", id=incident)
    assert len(everything(browser, "incidents")) == 400
    entry = mutate(browser, kind="add_log_entry", at=NOW, set={"type": "resolve_log_entry"})
    first = browser.rows("log_entries", limit=1)[0]
    assert (first["id"], first["type"], first["created_at"]) == (entry, "resolve_log_entry", NOW)
    counts = browser.http.get("/__sandbox/counts").get_json()
    assert counts["log_entries"] == 3_001
    stamps = [row["created_at"] for row in browser.rows("log_entries", since=NOW, until=NOW)]
    assert NOW in stamps


def test_a_change_may_wait_for_a_page(browser: Browser) -> None:
    """What is added while a newest-first list is read shifts it: one record comes twice."""
    edit = {"kind": "add_log_entry", "at": NOW, "after_page": {"path": "/log_entries", "n": 2}}
    assert mutate(browser, **edit) is None
    browser.get("/services")
    found = everything(browser, "log_entries")
    assert len(found) == 3_001
    assert len(set(found)) == 3_000
    assert len(everything(browser, "log_entries")) == 3_001


def test_what_cannot_be_done_is_named(browser: Browser) -> None:
    for edit, named in (
        ({"kind": "explode_service"}, "kind"),
        ({"kind": "delete_webhook"}, "kind"),
        ({"kind": "delete_service", "id": "PNOTHERE"}, "id"),
        ({"kind": "change_service", "set": 3}, "set"),
        ({"kind": "delete_service", "after_page": {"n": "x"}}, "after_page"),
    ):
        answer = browser.http.post("/__sandbox/mutate", json=edit)
        assert (answer.status_code, answer.get_json()) == (400, {"field": named})


@pytest.mark.parametrize("kind", ["schedule", "schedule_v3", "user", "team", "maintenance_window"])
def test_anything_listed_can_be_deleted(browser: Browser, kind: str) -> None:
    counts = browser.http.get("/__sandbox/counts").get_json()
    name = {"schedule_v3": "schedules_v3"}.get(kind, f"{kind}s")
    mutate(browser, kind=f"delete_{kind}")
    after = browser.http.get("/__sandbox/counts").get_json()
    assert after[name] == counts[name] - 1
