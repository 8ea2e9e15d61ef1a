"""The PagerDuty card says how the connection stands and offers the one next step."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.extensions import db
from app.models import CollectionRun
from app.reports.wording import words
from app.views.connection.connection_card import COLLECTION_FAILURES
from collectors.errors import CollectorError, Gone
from tests.functional.consultant import text_of
from tests.unit.reports.documents import document
from tests.unit.views.conftest import Browser


def _says(page: str) -> str:
    card = page[page.index('id="pagerduty"') :]
    return text_of(card[: card.index("</section>")])


def _polls(page: str) -> bool:
    return "data-hx-trigger" in page


def test_the_card_offers_to_connect_before_a_connection(browser: Browser) -> None:
    page = browser.get("/integrations")
    assert "Not connected" in _says(page)
    assert "Connect PagerDuty" in _says(page)
    assert not _polls(page)


def test_the_card_of_a_collection_counts_and_polls_every_second(browser: Browser) -> None:
    epoch = browser.connected()
    browser.run(epoch, "running", requests=10)
    browser.budget(epoch, 611)
    page = browser.get("/integrations")
    assert "Connected" in _says(page)
    assert "30 of 120" in _says(page)
    assert "about 1 s left" in _says(page)
    assert "10 requests made · 611 left in this minute" in _says(page)
    assert "records a second" in _says(page)
    assert _polls(page)
    assert '<progress max="120"' in page
    assert _polls(browser.get("/card"))


@pytest.mark.parametrize("state", ["open", "done"])
def test_more_records_than_were_declared_are_not_more_than_all(
    browser: Browser, state: str
) -> None:
    grown = {"resource": "log_entries", "state": state, "declared": 5_943, "received": 6_083}
    other = {"resource": "log_entries", "state": "open", "declared": 100, "received": 10}
    run = "running"
    browser.run(browser.connected(), run, windows=[grown | {"stored": 6_083}, other])
    says = _says(browser.get("/card"))
    assert "6,093 of 6,183" in says
    assert "5,943" not in says


def test_the_card_says_that_a_collection_waits_for_a_rate_limit(browser: Browser) -> None:
    epoch = browser.connected()
    browser.run(epoch, "running", requests=910)
    browser.budget(epoch, 0)
    assert "limit for this minute is used up" in _says(browser.get("/card"))


def test_the_polled_card_is_a_piece_and_not_a_page(browser: Browser) -> None:
    browser.run(browser.connected(), "running")
    assert "<html" not in browser.get("/card")
    assert "<h1" not in browser.get("/card")


def test_the_card_of_a_finished_assessment_links_to_it_and_stops_polling(browser: Browser) -> None:
    browser.assessed(document())
    page = browser.get("/integrations")
    assert "Open the assessment" in _says(page)
    assert not _polls(page)


def test_a_limited_authorizer_is_marked_partial(browser: Browser) -> None:
    browser.assessed(document(partial=True), partial=True)
    assert "Partial Connected" in _says(browser.get("/integrations"))
    assert "neither admin nor owner" in browser.get()


@pytest.mark.parametrize("code", ["unreachable", "request_refused", "a_code_nobody_worded"])
def test_a_failed_collection_can_be_continued(browser: Browser, code: str) -> None:
    browser.run(browser.connected(), "failed", code)
    page = browser.get("/integrations")
    assert "The collection stopped" in _says(page)
    assert "The collected records are kept" in _says(page)
    assert code not in page
    handle = browser.engagement.handle
    address = f"/engagements/{handle}"
    response = browser.post(f"{address}/collect", f"{address}/integrations")
    assert response.headers["Location"] == f"{address}/integrations"
    with db.read() as session:
        assert session.scalars(select(CollectionRun.state)).all() == ["queued"]
    assert _polls(browser.get("/integrations"))


def test_refresh_now_starts_one_collection_for_many_requests(browser: Browser) -> None:
    browser.assessed(document())
    assert "Refresh now" in _says(browser.get("/integrations"))
    address = f"/engagements/{browser.engagement.handle}"
    for _ in range(2):
        browser.post(f"{address}/collect", f"{address}/integrations")
    with db.read() as session:
        assert session.scalars(select(CollectionRun.state)).all() == ["done", "queued"]
    page = browser.get("/integrations")
    assert "Refresh now" not in _says(page)
    assert "Open the assessment" in _says(page)
    assert _polls(page)


def test_data_is_as_fresh_as_the_card_says(browser: Browser) -> None:
    moment = now() - timedelta(minutes=12, seconds=5)
    browser.run(browser.connected(), "done", as_of=moment)
    assert f"Data as of {words.moment(moment)} (12 min ago)" in _says(browser.get("/integrations"))


@pytest.mark.parametrize(("word", "hours"), [("hourly", 1), ("daily", 24)])
def test_an_interval_is_stored_and_the_next_refresh_shown(
    browser: Browser, word: str, hours: int
) -> None:
    browser.run(browser.connected(), "done")
    assert "Next refresh" not in _says(browser.get("/integrations"))
    address = f"/engagements/{browser.engagement.handle}"
    response = browser.post(f"{address}/refresh", f"{address}/integrations", rhythm=word)
    assert response.status_code == 303
    page = browser.get("/integrations")
    assert re.search(rf'value="{word}"\s+selected', page)
    with db.read() as session:
        queued = session.scalars(select(CollectionRun.queued_at)).one()
    assert f"Next refresh {words.moment(queued + timedelta(hours=hours))}" in _says(page)


def test_an_unknown_refresh_interval_is_refused(browser: Browser) -> None:
    browser.run(browser.connected(), "done")
    address = f"/engagements/{browser.engagement.handle}"
    response = browser.post(f"{address}/refresh", f"{address}/integrations", rhythm="weekly")
    assert response.status_code == 400
    assert "daily or hourly" in response.text


def test_the_time_left_is_not_known_before_every_list_states_its_size(
    browser: Browser,
) -> None:
    windows: list[dict[str, Any]] = [
        {"resource": "incidents", "declared": 120, "received": 30},
        {"resource": "technical_dependencies", "objects": 50, "objects_done": 12},
        {"resource": "team_members"},
        {"resource": "teams", "state": "done", "declared": 7, "received": 7},
        {"resource": "paused_incidents", "state": "absent", "reason": "plan"},
        {"resource": "services", "state": "done", "declared": 9, "received": 9, "carried": True},
    ]
    browser.run(browser.connected(), "running", requests=40, windows=windows)
    says = _says(browser.get("/card"))
    assert "time left not known yet" in says
    assert "12 of 50 read one by one" in says
    assert "Not started: Team members" in says
    assert "3 of 6 resources" in says
    folded = says[says.index("3 read") :]
    assert "not available to this plan or role" in folded
    assert "Services taken over" in folded


def test_a_postponed_collection_shows_its_next_attempt(browser: Browser) -> None:
    later = now() + timedelta(seconds=90)
    browser.run(browser.connected(), "queued", not_before=later)
    page = browser.get("/integrations")
    assert f"PagerDuty does not respond. The next attempt is at {words.clock(later)}" in _says(page)
    assert _polls(page)


def test_a_changed_allow_list_leads_to_the_consent_and_not_to_another_try(
    browser: Browser,
) -> None:
    browser.run(browser.connected(), "failed", "allow_list_changed")
    page = browser.get("/integrations")
    says = _says(page)
    assert "What Tacit reads has changed" in says
    assert "Connect again" in says
    assert "Collect again" not in says
    assert f"/engagements/{browser.engagement.handle}/connect" in page


def test_every_error_that_ends_a_collection_has_words() -> None:
    kinds: list[type[CollectorError]] = [CollectorError, *CollectorError.__subclasses__()]
    silent = {CollectorError.code, Gone.code}  # never the reason of a whole collection
    assert {kind.code for kind in kinds} - silent <= set(COLLECTION_FAILURES)


@pytest.mark.parametrize(
    ("reason", "words"),
    [("expired", "has expired"), ("response_lost", "was lost on the way"), (None, "no longer")],
)
def test_a_grant_that_was_not_revoked_is_not_called_revoked(
    browser: Browser, reason: str | None, words: str
) -> None:
    browser.connected(lost_at=now(), lost_reason=reason)
    says = _says(browser.get("/integrations"))
    assert words in says
    assert "withdrawn" not in says


def test_a_deletion_under_way_names_its_deadline(browser: Browser) -> None:
    browser.purged(done=False)
    page = browser.get("/integrations")
    assert "Deleting" in _says(page)
    assert "at the latest by" in _says(page)
    assert _polls(page)


def test_a_finished_deletion_leads_to_its_receipt(browser: Browser) -> None:
    purge = browser.purged(done=True)
    page = browser.get("/integrations")
    assert "Deleted" in _says(page)
    assert f"/receipts/{purge.handle}" in page
    receipt = browser.get(f"/receipts/{purge.handle}")
    assert "12,000" in receipt
    assert "12,001" in receipt
    assert purge.allow_list_hash in receipt
