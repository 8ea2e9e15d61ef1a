"""Schedules of both kinds, their overrides, and who they put on call."""

from collections import Counter
from typing import Any

from tests.unit.sandbox.sandbox_browser import Browser

QUARTER = {"since": "2026-03-03T12:00:00Z", "until": "2026-06-15T12:00:00Z", "time_zone": "UTC"}
WEEK = {"since": "2026-05-04T00:00:00Z", "until": "2026-05-11T00:00:00Z", "time_zone": "UTC"}
FINAL = {"include[]": "final_schedule"}


def error(response: Any) -> tuple[int, int]:
    return response.status_code, response.get_json()["error"]["code"]


def shifts(browser: Browser, schedule: str, **query: Any) -> list[dict[str, Any]]:
    body = browser.get(f"/v3/schedules/{schedule}", **FINAL, **query).get_json()["schedule"]
    found: list[dict[str, Any]] = body["final_schedule"]["computed_shift_assignments"]
    return found


def ids(browser: Browser, path: str, **query: Any) -> list[str]:
    return [row["id"] for row in browser.get(path, **query).get_json()["schedules"]]


def test_each_list_has_only_its_own_kind(browser: Browser) -> None:
    layered, shifted = ids(browser, "/schedules"), ids(browser, "/v3/schedules")
    assert len(layered) == 5
    assert len(shifted) == 2
    assert not set(layered) & set(shifted)
    assert {len(one) for one in layered} == {7}
    assert {len(one) for one in shifted} == {26}
    row = browser.get("/v3/schedules").get_json()["schedules"][0]
    assert set(row) == {"id", "type", "summary", "self", "html_url"}
    assert row["type"] == "schedule_v3_reference"


def test_the_shift_based_list_has_a_hundred_a_page_and_refuses_more_than_a_thousand(
    browser: Browser,
) -> None:
    assert browser.get("/v3/schedules").get_json()["limit"] == 100
    assert browser.get("/v3/schedules", limit=1000).get_json()["limit"] == 1000
    response = browser.get("/v3/schedules", limit=1001)
    assert error(response) == (400, 2001)
    assert list(response.get_json()["error"]["errors"]) == ["limit"]
    one = browser.get("/v3/schedules", limit=1, total="true").get_json()
    assert (len(one["schedules"]), one["more"], one["total"]) == (1, True, 2)


def test_a_layer_based_id_is_a_bad_request_below_v3(browser: Browser) -> None:
    layered = ids(browser, "/schedules")[0]
    response = browser.get(f"/v3/schedules/{layered}", **WEEK)
    assert error(response) == (400, 2001)
    assert isinstance(response.get_json()["error"]["errors"], dict)
    assert error(browser.get("/v3/schedules/NOTHERE")) == (404, 2100)
    assert error(browser.get(f"/schedules/{ids(browser, '/v3/schedules')[0]}")) == (404, 2100)


def test_one_schedule_is_always_rendered_and_agrees_with_the_list(browser: Browser) -> None:
    includes = ["final_schedule", "overrides_subschedule", "schedule_layers"]
    wanted: dict[str, Any] = {**WEEK, "include[]": includes}
    listed = browser.rows("schedules", **wanted)
    for row in listed:
        alone = browser.get(f"/schedules/{row['id']}", **WEEK).get_json()["schedule"]
        assert alone == row
    bare = browser.get(f"/schedules/{listed[0]['id']}").get_json()["schedule"]
    assert bare["final_schedule"]["rendered_schedule_entries"] == []


def test_an_override_decides_who_is_on_call_and_some_change_nothing(browser: Browser) -> None:
    kinds: Counter[bool] = Counter()
    for schedule in ids(browser, "/schedules"):
        quarter = browser.get(f"/schedules/{schedule}", **QUARTER).get_json()["schedule"]
        for one in quarter["overrides_subschedule"]["rendered_schedule_entries"]:
            window = {"since": one["start"], "until": one["end"]}
            body = browser.get(f"/schedules/{schedule}", **window).get_json()["schedule"]
            (entry,) = body["final_schedule"]["rendered_schedule_entries"]
            assert entry["user"]["id"] == one["user"]["id"]
            below = {
                each["user"]["id"]
                for layer in body["schedule_layers"]
                for each in layer["rendered_schedule_entries"]
            }
            kinds[one["user"]["id"] in below] += 1
    assert kinds[True]
    assert kinds[False]


def test_shift_based_schedules_show_every_source_gaps_and_company(browser: Browser) -> None:
    sources, members, together = set(), set(), 0
    for schedule in ids(browser, "/v3/schedules"):
        found = shifts(browser, schedule, **QUARTER)
        sources |= {one["source"]["type"] for one in found}
        members |= {one["member"]["type"] for one in found}
        spans = [(one["start_time"], one["end_time"]) for one in found]
        together += len(spans) - len(set(spans))
        for one in found:
            custom = one["source"]["type"].startswith("custom_shift")
            assert ("shift_id" in one["source"]) is custom
            assert ("rotation_id" in one["source"]) is not custom
            overridden = one["source"]["type"].endswith("_override")
            assert ("override_id" in one["source"]) is overridden
            assert ("user_id" in one["member"]) is (one["member"]["type"] == "user_member")
    assert sources == {
        "schedule_rotation",
        "custom_shift",
        "schedule_rotation_override",
        "custom_shift_override",
    }
    assert together > 0, "two people at once"
    assert members == {"user_member"}


def test_an_empty_slot_is_an_empty_member_and_not_covered(start: Any) -> None:
    browser = start(size="reference")
    coverage = {}
    for schedule in ids(browser, "/v3/schedules"):
        body = browser.get(f"/v3/schedules/{schedule}", **FINAL, **WEEK).get_json()["schedule"]
        final = body["final_schedule"]
        kinds = {one["member"]["type"] for one in final["computed_shift_assignments"]}
        coverage[final["rendered_coverage_percentage"]] = "empty_member" in kinds
    assert coverage[100.0] is False
    assert any(percent < 100 for percent, empty in coverage.items() if empty)


def test_shifts_are_cut_at_the_window(browser: Browser) -> None:
    for schedule in ids(browser, "/v3/schedules"):
        cut = shifts(browser, schedule, **WEEK)
        assert min(one["start_time"] for one in cut) >= WEEK["since"]
        assert max(one["end_time"] for one in cut) <= WEEK["until"]
    plain = browser.get(f"/v3/schedules/{schedule}", **FINAL).get_json()["schedule"]
    assert "final_schedule" not in plain


def test_a_limited_user_finds_no_schedule_of_a_private_team(browser: Browser) -> None:
    limited = browser.connect(login="limited_user")["access_token"]
    for path in ("/schedules", "/v3/schedules"):
        every = set(ids(browser, path))
        seen = {row["id"] for row in browser.get(path, limited).get_json()["schedules"]}
        assert seen < every
        for hidden in every - seen:
            assert browser.get(f"{path}/{hidden}", limited).status_code == 404
