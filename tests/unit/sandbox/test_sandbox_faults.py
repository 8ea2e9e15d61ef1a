"""Planted faults: what stands in for an answer, and what spoils one."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.canaries import PATTERN
from tests.unit.sandbox.sandbox_browser import Browser

LONG: dict[str, Any] = {"date_range": "all", "limit": 100}


def plant(browser: Browser, **fault: Any) -> None:
    response = browser.http.post("/__sandbox/faults", json=fault)
    assert response.status_code == 201, response.text


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 2001), (401, 2006), (402, 2014), (403, 2010), (404, 2100), (408, 2016), (503, 2000)],
)
def test_any_status_can_be_planted_with_pagerdutys_code(
    browser: Browser, status: int, code: int
) -> None:
    plant(browser, kind="status", status=status)
    response = browser.get("/services")
    assert (response.status_code, response.get_json()["error"]["code"]) == (status, code)
    assert browser.http.get("/__sandbox/requests").get_json()["refused"] == 0


def test_a_truncated_answer_is_whole_as_http_and_broken_as_json(browser: Browser) -> None:
    plant(browser, kind="truncated", path="/incidents")
    response = browser.get("/incidents", **LONG)
    assert response.status_code == 200
    assert int(response.headers["Content-Length"]) == len(response.data)
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.data)


def test_one_field_of_one_record_has_another_type(browser: Browser) -> None:
    for field in ("created_at", "service.id", "incident_number"):
        before = browser.rows("incidents", **LONG)
        plant(browser, kind="wrong_type", field=field)
        first, *rest = browser.rows("incidents", **LONG)
        assert rest == before[1:]
        value: Any = first
        for step in field.split("."):
            value = value[step]
        assert isinstance(value, dict)


def test_a_whole_record_or_the_whole_list_may_be_of_another_type(browser: Browser) -> None:
    plant(browser, kind="wrong_type", field="")
    assert isinstance(browser.rows("incidents", **LONG)[0], str)
    plant(browser, kind="wrong_type", field="*")
    assert isinstance(browser.get("/services").get_json()["services"], dict)
    token = browser.connect()["access_token"]
    plant(browser, kind="wrong_type", field="role")
    me = browser.get("/users/me", token).get_json()["user"]
    assert isinstance(me["role"], dict)


def test_the_next_page_may_be_said_to_be_elsewhere(browser: Browser) -> None:
    plant(browser, kind="next", path="/services", to="http://127.0.0.1:9/")
    response = browser.get("/services")
    assert response.get_json()["next"] == "http://127.0.0.1:9/"
    assert response.headers["Link"] == '<http://127.0.0.1:9/>; rel="next"'
    assert len(response.get_json()["services"]) > 1


def test_a_page_of_html_comes_as_if_all_were_well(browser: Browser) -> None:
    plant(browser, kind="html")
    response = browser.get("/services")
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert PATTERN.search(response.text)


def test_a_redirect_leads_to_another_host(browser: Browser) -> None:
    plant(browser, kind="redirect", to="https://attacker.example/steal")
    response = browser.get("/services")
    assert (response.status_code, response.location) == (302, "https://attacker.example/steal")


def test_a_slow_answer_is_late_and_whole(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("sandbox.damaged_responses.sleep", slept.append)
    plant(browser, kind="slow", seconds=2.5, path="/services")
    assert len(browser.rows("services")) == 8
    assert slept == [2.5]
    browser.get("/services")
    assert slept == [2.5]


def test_the_token_endpoint_fails_in_its_own_ways(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("sandbox.damaged_responses.sleep", slept.append)
    kept = browser.connect()["refresh_token"]
    for fault in ({"kind": "5xx", "status": 502}, {"kind": "invalid_grant"}):
        plant(browser, path="/oauth/token", **fault)
    assert browser.refresh(kept).status_code == 502
    refused = browser.refresh(kept)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_grant")
    assert PATTERN.search(refused.get_json()["error_description"])
    plant(browser, kind="slow", path="/oauth/token", seconds=1)
    assert browser.refresh(kept).status_code == 200, "the planted ones spent nothing"
    assert slept == [1]


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"kind": "slow", "seconds": "long"}, "seconds"),
        ({"kind": "bomb", "bytes": 1.5}, "bytes"),
        ({"kind": "wrong_type", "field": 3}, "field"),
        ({"kind": "5xx", "headers": 1}, "headers"),
        ({"kind": "5xx", "wait": 1}, "wait"),
    ],
)
def test_an_invalid_fault_is_refused_by_its_field(
    browser: Browser, fault: dict[str, Any], named: str
) -> None:
    response = browser.http.post("/__sandbox/faults", json=fault)
    assert (response.status_code, response.get_json()) == (400, {"field": named})


def test_a_replaced_response_does_not_count_against_the_limit(
    start: Callable[..., Browser],
) -> None:
    browser = start(rate_limit=2)
    plant(browser, kind="status", status=403, times=3)
    answers = [browser.get("/services").status_code for _ in range(5)]
    assert answers == [403, 403, 403, 200, 200]
