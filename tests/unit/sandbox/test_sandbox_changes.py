"""The account changes between two collections."""

from typing import Any

from tests.unit.sandbox.sandbox_browser import Browser

WHOLE: dict[str, Any] = {"date_range": "all", "limit": 100}
NOW = "2026-06-01T12:00:00Z"


def mutate(browser: Browser, **edit: Any) -> Any:
    response = browser.http.post("/__sandbox/mutate", json=edit)
    assert response.status_code == 201, response.text
    return response.get_json()["id"]


def ids(browser: Browser, name: str, **query: Any) -> list[str]:
    return [row["id"] for row in browser.rows(name, **query)]


def test_a_deleted_service_is_in_no_list_and_not_found(browser: Browser) -> None:
    before = ids(browser, "services")
    gone = mutate(browser, kind="delete_service", id=before[3])
    assert gone == before[3]
    assert ids(browser, "services") == [one for one in before if one != gone]
    path = f"/service_dependencies/technical_services/{gone}"
    assert browser.get(path).status_code == 404
    counts = browser.http.get("/__sandbox/counts").get_json()
    assert counts["services"] == 7


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


def test_an_added_log_entry_is_the_newest(browser: Browser) -> None:
    entry = mutate(browser, kind="add_log_entry")
    first = browser.rows("log_entries", limit=1)[0]
    assert (first["id"], first["type"], first["created_at"]) == (entry, "annotate_log_entry", NOW)
    counts = browser.http.get("/__sandbox/counts").get_json()
    assert counts["log_entries"] == 3_001
    stamps = [row["created_at"] for row in browser.rows("log_entries", since=NOW, until=NOW)]
    assert NOW in stamps


def test_an_impossible_change_is_refused_by_name(browser: Browser) -> None:
    for edit, named in (
        ({"kind": "explode_service"}, "kind"),
        ({"kind": "delete_service", "id": "PNOTHERE"}, "id"),
    ):
        response = browser.http.post("/__sandbox/mutate", json=edit)
        assert (response.status_code, response.get_json()) == (400, {"field": named})
