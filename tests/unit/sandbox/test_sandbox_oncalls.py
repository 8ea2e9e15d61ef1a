"""`/oncalls` and `/change_events` keep PagerDuty's rules for windows and envelopes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.unit.sandbox.sandbox_browser import Browser

QUARTER: dict[str, Any] = {"since": "2026-03-03T12:00:00Z", "until": "2026-06-01T12:00:00Z"}
NOW = "2026-06-01T12:00:00Z"


def refused(response: Any) -> tuple[int, int]:
    return response.status_code, response.get_json()["error"]["code"]


def everything(browser: Browser, path: str, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while True:
        page = browser.get(path, limit=100, offset=len(rows), **query).get_json()
        rows += page[path[1:]]
        if not page["more"]:
            return rows


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_entries_that_touch_the_window_come_whole(browser: Browser) -> None:
    wide = everything(browser, "/oncalls", **QUARTER)
    narrow = {"since": "2026-05-12T03:00:00Z", "until": "2026-05-12T04:00:00Z"}
    rows = everything(browser, "/oncalls", **narrow)
    timed = [row for row in rows if row["start"]]
    assert timed
    assert all(row in wide for row in rows)
    assert all(moment(row["start"]) <= moment(narrow["until"]) for row in timed)
    assert all(moment(row["end"]) >= moment(narrow["since"]) for row in timed)
    assert any(moment(row["start"]) < moment(narrow["since"]) for row in timed)
    touching = [
        row
        for row in wide
        if not row["start"]
        or (
            moment(row["start"]) <= moment(narrow["until"])
            and moment(row["end"]) >= moment(narrow["since"])
        )
    ]
    assert rows == touching


def test_direct_targets_are_on_call_for_ever_and_both_kinds_of_schedule_are_there(
    browser: Browser,
) -> None:
    rows = everything(browser, "/oncalls", **QUARTER)
    direct = [row for row in rows if row["schedule"] is None]
    assert direct
    assert all(row["start"] is None and row["end"] is None for row in direct)
    kinds = {row["schedule"]["type"] for row in rows if row["schedule"]}
    assert kinds == {"schedule_reference", "schedule_v3_reference"}
    assert {row["escalation_level"] for row in rows} >= {1, 2}


def test_without_a_window_on_calls_are_those_of_now(browser: Browser) -> None:
    rows = everything(browser, "/oncalls")
    assert rows == everything(browser, "/oncalls", since=NOW, until=NOW)
    assert all(
        row["start"] is None or moment(row["start"]) <= moment(NOW) <= moment(row["end"])
        for row in rows
    )


def test_more_than_ninety_days_is_refused(browser: Browser) -> None:
    assert browser.get("/oncalls", **QUARTER).status_code == 200
    wider = {**QUARTER, "since": "2026-03-03T11:59:59Z"}
    assert refused(browser.get("/oncalls", **wider)) == (400, 2005)
    assert refused(browser.get("/oncalls", since=NOW, until=QUARTER["since"])) == (400, 2005)


def test_a_page_has_25_and_at_most_100(browser: Browser) -> None:
    assert len(browser.rows("oncalls", **QUARTER)) == 25
    assert len(browser.rows("oncalls", **QUARTER, limit=1000)) == 100
    assert refused(browser.get("/oncalls", **QUARTER, limit=100, offset=9_901)) == (400, 2002)


def test_on_calls_agree_with_the_final_schedule(browser: Browser) -> None:
    schedule = next(row for row in everything(browser, "/oncalls", **QUARTER) if row["schedule"])[
        "schedule"
    ]["id"]
    week = {"since": "2026-05-04T00:00:00Z", "until": "2026-05-11T00:00:00Z", "time_zone": "UTC"}
    final = browser.get(f"/schedules/{schedule}", **week).get_json()["schedule"]["final_schedule"]
    entries = {
        (max(one["start"], week["since"]), min(one["end"], week["until"]), one["user"]["id"])
        for one in everything(browser, "/oncalls", **week)
        if one["schedule"] and one["schedule"]["id"] == schedule
    }
    assert {
        (one["start"], one["end"], one["user"]["id"]) for one in final["rendered_schedule_entries"]
    } == {one for one in entries if one[0] < one[1]}


def test_private_policies_put_nobody_on_call_for_a_limited_user(browser: Browser) -> None:
    limited = browser.connect(login="limited_user")["access_token"]
    seen = {row["id"] for row in browser.rows("escalation_policies", limited)}
    every: dict[str, Any] = {**QUARTER, "total": "true"}
    mine = browser.get("/oncalls", limited, **every).get_json()["total"]
    assert 0 < mine < browser.get("/oncalls", **every).get_json()["total"]
    rows = browser.rows("oncalls", limited, **QUARTER, limit=100)
    assert {row["escalation_policy"]["id"] for row in rows} <= seen


def test_a_large_account_has_more_on_calls_than_one_range_may_serve(
    start: Callable[..., Browser],
) -> None:
    browser = start(size="huge")
    assert browser.get("/oncalls", **QUARTER, total="true").get_json()["total"] > 10_000
    assert browser.get("/change_events", **QUARTER, total="true").get_json()["total"] > 10_000


def test_change_events_are_newest_first_and_read_in_utc_only(browser: Browser) -> None:
    rows = everything(browser, "/change_events", **QUARTER)
    stamps = [row["timestamp"] for row in rows]
    assert len({row["id"] for row in rows}) == len(rows) == 320
    assert stamps == sorted(stamps, reverse=True)
    assert {len(row["id"]) for row in rows} == {26}
    half = everything(browser, "/change_events", **{**QUARTER, "since": "2026-04-15T00:00:00Z"})
    assert [row["timestamp"] for row in half] == [s for s in stamps if s >= "2026-04-15T00:00:00Z"]
    for text in ("2026-05-01T00:00:00+02:00", "2026-05-01T00:00:00"):
        assert refused(browser.get("/change_events", since=text)) == (400, 2004)
    assert browser.get("/change_events", since="2026-05-01T00:00:00+00:00").status_code == 200


def test_the_envelope_of_change_events_has_a_total_only_on_request(browser: Browser) -> None:
    plain = browser.get("/change_events", limit=100, offset=300).get_json()
    assert (plain["limit"], plain["offset"], plain["total"], plain["more"]) == (
        None,
        None,
        None,
        False,
    )
    page = browser.get("/change_events", limit=1, total="true").get_json()
    assert (page["limit"], page["offset"], page["total"], page["more"]) == (1, 0, 320, True)
