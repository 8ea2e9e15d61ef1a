"""The certificate says what PagerDuty declared, what is stored, and why they differ."""

import re
from datetime import UTC, datetime

import pytest

from tests.functional.consultant import text_of
from tests.unit.reports.documents import completeness, document, resource, window
from tests.unit.views.conftest import Browser

PAGE = "/completeness"


def _says(page: str) -> str:
    page = text_of(page[page.index("<main") :])
    return re.sub(r" ([.,;])", r"\1", page)


def _row(page: str, name: str) -> str:
    bodies = re.findall(r"<tbody>.*?</tbody>", page, re.DOTALL)
    return _says("<main" + next(each for each in bodies if f'scope="row">{name}<' in each))


def test_each_resource_stands_with_its_numbers(browser: Browser) -> None:
    part = resource("incidents", 12_004, declared=12_000, stored=12_000, duplicate=4, unknown=7)
    browser.assessed(document(certificate=completeness(part)))
    page = browser.get(PAGE)
    assert "Everything that PagerDuty declared is stored" in _says(page)
    assert "Incidents 12,000 12,004 12,000 4 0 7 17 Mar 2025, 00:03 complete" in _row(
        page, "Incidents"
    )


def test_missing_resources_come_first_with_reason_and_effect(browser: Browser) -> None:
    lost = resource("log_entries", 90, declared=120, reasons=["unreachable"])
    browser.assessed(document(certificate=completeness(resource("incidents", 3), lost)))
    page = browser.get(PAGE)
    assert "Not everything that PagerDuty declared is stored: log entries" in _says(page)
    row = _row(page, "Log entries")
    assert "Incomplete PagerDuty did not respond for too long." in row
    assert "What is lost: Something is not known." in row
    assert page.index(">Log entries<") < page.index(">Incidents<")


def test_resources_outside_the_plan_are_no_warning(browser: Browser) -> None:
    absent = resource("paused_incidents", reasons=["plan"])
    browser.assessed(document(certificate=completeness(resource("incidents", 3), absent)))
    page = browser.get(PAGE)
    assert "not available Your client" in _row(page, "Paused incidents")
    assert "mark-partial" not in page
    assert "Complete" in _says(page)


def test_objects_requested_one_by_one_are_counted_including_deleted_ones(
    browser: Browser,
) -> None:
    part = resource("team_members", 80, objects=50, objects_done=50, objects_gone=2)
    browser.assessed(document(certificate=completeness(part)))
    said = "50 of 50 read one by one, 2 deleted at PagerDuty meanwhile"
    assert said in _row(browser.get(PAGE), "Team members")


def test_every_window_can_be_opened(browser: Browser) -> None:
    windows = [
        window(10_000, since="2025-03-03T00:00:00Z", until="2025-03-10T00:00:00Z", carried=True),
        window(
            98,
            since="2025-03-10T00:00:00Z",
            until="2025-03-17T00:00:00Z",
            declared=100,
            skipped=2,
            reasons=["malformed"],
            fields=["created_at", "urgency"],
        ),
    ]
    part = resource("incidents", 10_098, reasons=["malformed"], windows=windows)
    browser.assessed(document(certificate=completeness(part)))
    row = _row(browser.get(PAGE), "Incidents")
    assert "2 windows" in row
    assert "3 March 2025, 00:00:00 to 10 March 2025, 00:00:00 UTC, taken over" in row
    assert "Declared 100 Received 98" in row
    assert "Fields that could not be read: created_at and urgency" in row


def test_a_limited_role_is_never_called_complete_alone(browser: Browser) -> None:
    browser.assessed(document(partial=True), partial=True)
    page = browser.get(PAGE)
    assert "private teams" in _says(page)
    row = _row(page, "Incidents")
    assert row.count("complete") == row.count("complete for this role") == 1


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (document(), "Complete"),
        (document(partial=True), "Partial"),
        (document(complete=False), "Incomplete"),
        (document(complete=False, partial=True), "Incomplete"),
    ],
)
def test_the_badge_of_every_page_leads_to_the_certificate(
    browser: Browser, made: dict[str, object], word: str
) -> None:
    browser.assessed(made)
    head = browser.get("/figures/on-call").partition("</header>")[0]
    badge = re.search(r'href="([^"]+/completeness)">(.*?)</a>', head, re.DOTALL)
    assert badge
    assert re.sub(r"<[^>]+>|\s", "", badge.group(2)) == word
    assert browser.client.get(badge.group(1)).status_code == 200


def test_a_running_collection_shows_its_received_records(browser: Browser) -> None:
    moment = datetime(2025, 3, 3, 14, 2, tzinfo=UTC)
    windows = [
        {"resource": "teams", "state": "done", "declared": 7, "received": 7, "stored": 7},
        {"resource": "incidents", "declared": 120, "received": 30, "since": moment},
    ]
    browser.run(browser.connected(), "running", windows=windows)
    page = browser.get(PAGE)
    assert "Not read completely yet" in _says(page)
    assert "not read yet It has not been read yet." in _row(page, "Incidents")
    assert "Collecting" in page.partition("</header>")[0]


def test_without_a_collection_the_page_names_the_next_step(browser: Browser) -> None:
    assert "Connect PagerDuty" in browser.get(PAGE)
    browser.purged(done=True)
    text = browser.get(PAGE)
    assert "The data is deleted" in text
    assert "certificate" not in text
