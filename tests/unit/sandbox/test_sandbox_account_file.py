"""An account given as a file is served by the same rules as a generated one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.account.from_file import AccountFileError
from tests.unit.sandbox.sandbox_browser import Browser


def entry(number: int, minute: int, incident: str = "I1") -> dict[str, Any]:
    return {
        "id": f"R{number}",
        "type": "trigger_log_entry",
        "created_at": f"2024-05-06T08:{minute:02}:00Z",
        "incident": {"id": incident, "type": "incident_reference"},
    }


def duty(start: str, end: str) -> dict[str, Any]:
    return {"start": f"2024-05-{start}:00Z", "end": f"2024-05-{end}:00Z", "user": {"id": "U1"}}


ACCOUNT: dict[str, list[dict[str, Any]]] = {
    "teams": [{"id": "T1"}, {"id": "T2", "private": True}],
    "services": [
        {"id": "S1", "type": "service", "teams": [{"id": "T1"}]},
        {"id": "S2", "type": "service", "teams": [{"id": "T2"}]},
    ],
    "incidents": [
        {"id": "I2", "created_at": "2024-05-06T09:00:00Z", "service": {"id": "S2"}},
        {"id": "I1", "created_at": "2024-05-06T08:00:00-00:00", "service": {"id": "S1"}},
    ],
    "log_entries": [entry(3, 5, "I2"), entry(2, 1), entry(1, 1)],
    "schedules": [
        {
            "id": "D1",
            "type": "schedule",
            "time_zone": "Etc/UTC",
            "final_schedule": {
                "name": "Final Schedule",
                "rendered_coverage_percentage": 100.0,
                "rendered_schedule_entries": [
                    duty("06T00:00", "06T12:00"),
                    duty("06T18:00", "08T00:00"),
                ],
            },
            "schedule_layers": [],
        }
    ],
}
WINDOW = {"since": "2024-05-06T00:00:00Z", "until": "2024-05-07T00:00:00Z"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "account.json"
    path.write_text(json.dumps(ACCOUNT))
    return path


@pytest.fixture
def browser(start: Callable[..., Browser], file: Path) -> Browser:
    return start(account_file=file)


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def test_objects_come_back_as_they_are_in_the_file(browser: Browser) -> None:
    assert browser.rows("services") == ACCOUNT["services"]


def test_incidents_are_selected_and_sorted_by_creation(browser: Browser) -> None:
    assert ids(browser.rows("incidents", **WINDOW)) == ["I1", "I2"]
    late = {"since": "2024-05-06T08:30:00Z", "until": "2024-05-07T00:00:00Z"}
    assert ids(browser.rows("incidents", **late)) == ["I2"]
    assert browser.rows("incidents") == [], "the last month has none"


def test_log_entries_come_newest_first_whatever_the_file_does(
    start: Callable[..., Browser], tmp_path: Path
) -> None:
    for rows in (ACCOUNT["log_entries"], ACCOUNT["log_entries"][::-1]):
        path = tmp_path / "turned.json"
        path.write_text(json.dumps({"log_entries": rows}))
        assert ids(start(account_file=path).rows("log_entries")) == ["R3", "R2", "R1"]


def test_a_schedule_is_rendered_on_request_and_cut(browser: Browser) -> None:
    (plain,) = browser.rows("schedules", **WINDOW)
    assert "final_schedule" not in plain
    (row,) = browser.rows("schedules", **WINDOW, **{"include[]": "final_schedule"})
    final = row["final_schedule"]
    assert [(one["start"], one["end"]) for one in final["rendered_schedule_entries"]] == [
        ("2024-05-06T00:00:00Z", "2024-05-06T12:00:00Z"),
        ("2024-05-06T18:00:00Z", "2024-05-07T00:00:00Z"),
    ]
    assert final["rendered_coverage_percentage"] == 75.0


def test_a_private_team_hides_its_services_incidents_and_entries(browser: Browser) -> None:
    token = browser.connect(login="limited_user")["access_token"]
    assert ids(browser.rows("services", token)) == ["S1"]
    assert ids(browser.rows("incidents", token, **WINDOW)) == ["I1"]
    assert ids(browser.rows("log_entries", token)) == ["R2", "R1"]


def test_both_kinds_of_schedule_are_distinguished_by_their_type(
    start: Callable[..., Browser], tmp_path: Path
) -> None:
    shifts = [
        {
            "type": "computed_shift_assignment",
            "start_time": f"2024-05-06T{hour:02}:00:00Z",
            "end_time": f"2024-05-06T{hour + 12:02}:00:00Z",
            "member": {"type": "user_member", "user_id": "U1"},
        }
        for hour in (0, 11)
    ]
    final = {"type": "final_schedule", "computed_shift_assignments": shifts}
    shifted = {"id": "E1", "type": "schedule_v3", "name": "Two", "final_schedule": final}
    path = tmp_path / "both.json"
    path.write_text(json.dumps({"schedules": [*ACCOUNT["schedules"], shifted]}))
    browser = start(account_file=path)
    assert ids(browser.rows("schedules")) == ["D1"]
    listed = browser.get("/v3/schedules").get_json()["schedules"]
    assert listed == [{"type": "schedule_v3_reference", "summary": "Two", "id": "E1"}]
    noon = {"since": "2024-05-06T06:00:00Z", "until": "2024-05-06T11:00:00Z"}
    wanted = {"include[]": "final_schedule"}
    one = browser.get("/v3/schedules/E1", **noon, **wanted).get_json()["schedule"]
    (cut,) = one["final_schedule"]["computed_shift_assignments"]
    assert (cut["start_time"], cut["end_time"]) == (noon["since"], noon["until"])
    assert browser.get("/v3/schedules/D1").status_code == 400
    alone = browser.get("/schedules/D1", **WINDOW).get_json()["schedule"]
    assert alone["final_schedule"]["rendered_coverage_percentage"] == 75.0


def test_the_other_collections_come_from_the_file_too(
    start: Callable[..., Browser], tmp_path: Path
) -> None:
    duty_of = {"user": {"id": "U1"}, "escalation_policy": {"id": "P1"}, "escalation_level": 1}
    edge = {
        "id": "X1",
        "type": "service_dependency",
        "supporting_service": {"id": "S1", "type": "technical_service_reference"},
        "dependent_service": {"id": "B1", "type": "business_service_reference"},
    }
    window = {"id": "M1", "start_time": "2024-05-07T00:00:00Z", "end_time": "2024-05-08T00:00:00Z"}
    given: dict[str, Any] = {
        **ACCOUNT,
        "priorities": [{"id": "A1", "name": "P1"}],
        "users": [{"id": "U1", "type": "user", "time_zone": None}],
        "business_services": [{"id": "B1", "type": "business_service"}],
        "maintenance_windows": [window],
        "service_dependencies": {"relationships": [edge]},
        "oncalls": [
            {**duty_of, "schedule": None, "start": None, "end": None},
            {**duty_of, "schedule": {"id": "D1"}, **duty("06T00:00", "06T12:00")},
        ],
        "change_events": [
            {"id": "C1", "timestamp": "2024-05-06T09:00:00Z", "services": [{"id": "S2"}]},
            {"id": "C2", "timestamp": "2024-05-06T10:00:00Z", "services": [{"id": "S1"}]},
        ],
    }
    path = tmp_path / "whole.json"
    path.write_text(json.dumps(given))
    browser = start(account_file=path, as_of=datetime(2024, 5, 7, 12, tzinfo=UTC))
    for name in ("priorities", "users", "business_services", "maintenance_windows"):
        assert browser.rows(name) == given[name]
    for kind, one in (("technical", "S1"), ("business", "B1")):
        response = browser.get(f"/service_dependencies/{kind}_services/{one}")
        assert response.get_json() == {"relationships": [edge]}
    assert browser.get("/service_dependencies/technical_services/S2").get_json() == {
        "relationships": []
    }
    evening = {"since": "2024-05-06T18:00:00Z", "until": "2024-05-06T19:00:00Z"}
    assert len(browser.rows("oncalls", **evening)) == 1
    assert len(browser.rows("oncalls", **WINDOW)) == 2
    assert ids(browser.rows("change_events")) == ["C2", "C1"]
    limited = browser.connect(login="limited_user")["access_token"]
    assert ids(browser.rows("change_events", limited)) == ["C2"]
    assert ids(browser.rows("teams", limited)) == ["T1"]


def test_collections_missing_in_the_file_are_empty(
    start: Callable[..., Browser], tmp_path: Path
) -> None:
    path = tmp_path / "empty.json"
    path.write_text("{}")
    browser = start(account_file=path)
    for name in ("services", "priorities", "teams", "users", "oncalls", "change_events"):
        assert browser.rows(name) == []
    counts = browser.http.get("/__sandbox/counts").get_json()
    assert counts["service_dependencies"] == counts["oncalls"] == 0


def test_an_example_is_chosen_by_its_id(start: Callable[..., Browser], tmp_path: Path) -> None:
    path = tmp_path / "examples.json"
    path.write_text(
        json.dumps({"examples": [{"id": "A", "inputs": {}}, {"id": "B", "inputs": ACCOUNT}]})
    )
    assert len(start(account_file=path, example="B").rows("services")) == 2
    with pytest.raises(AccountFileError):
        start(account_file=path)
