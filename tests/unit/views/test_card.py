"""The PagerDuty card says how the connection stands and offers the one next step."""

import re

import pytest
from sqlalchemy import select

from app.clock import now
from app.extensions import db
from app.models import CollectionRun
from tests.unit.reports.documents import document
from tests.unit.views.conftest import Workplace


def _says(page: str) -> str:
    card = page[page.index('id="pagerduty"') :]
    card = card[: card.index("</section>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", card))


def _polls(page: str) -> bool:
    return "data-hx-trigger" in page


def test_before_a_connection_it_offers_to_connect(workplace: Workplace) -> None:
    page = workplace.get("/integrations")
    assert "Not connected" in _says(page)
    assert "Connect PagerDuty" in _says(page)
    assert not _polls(page)


def test_while_it_collects_it_counts_and_asks_again_every_second(workplace: Workplace) -> None:
    workplace.run(workplace.connected(), "running")
    page = workplace.get("/integrations")
    assert "Connected" in _says(page)
    assert "30 of 120" in _says(page)
    assert "about 30 s left" in _says(page)
    assert _polls(page)
    assert '<progress max="120"' in page
    assert _polls(workplace.get("/card"))


def test_the_polled_card_is_a_piece_and_not_a_page(workplace: Workplace) -> None:
    workplace.run(workplace.connected(), "running")
    assert "<html" not in workplace.get("/card")
    assert "<h1" not in workplace.get("/card")


def test_once_assessed_it_stops_asking_and_leads_to_the_assessment(workplace: Workplace) -> None:
    workplace.assessed(document())
    page = workplace.get("/integrations")
    assert "Open the assessment" in _says(page)
    assert not _polls(page)


def test_a_limited_authorizer_is_marked_partial(workplace: Workplace) -> None:
    workplace.assessed(document(partial=True), partial=True)
    assert "Partial Connected" in _says(workplace.get("/integrations"))
    assert "neither admin nor owner" in workplace.get()


@pytest.mark.parametrize("code", ["unreachable", "request_refused", "a_code_nobody_worded"])
def test_a_failed_collection_goes_on_when_asked(workplace: Workplace, code: str) -> None:
    workplace.run(workplace.connected(), "failed", code)
    page = workplace.get("/integrations")
    assert "The collection stopped" in _says(page)
    assert "What was collected is kept" in _says(page)
    assert code not in page
    handle = workplace.engagement.handle
    address = f"/engagements/{handle}"
    answer = workplace.post(f"{address}/collect", f"{address}/integrations")
    assert answer.headers["Location"] == f"{address}/integrations"
    with db.read() as session:
        assert session.scalars(select(CollectionRun.state)).all() == ["queued"]
    assert _polls(workplace.get("/integrations"))


def test_collect_again_leaves_a_finished_collection_alone(workplace: Workplace) -> None:
    workplace.assessed(document())
    address = f"/engagements/{workplace.engagement.handle}"
    workplace.post(f"{address}/collect", f"{address}/integrations")
    with db.read() as session:
        assert session.scalars(select(CollectionRun.state)).all() == ["done"]


def test_a_revoked_grant_is_said_with_its_reason_and_a_way_back(workplace: Workplace) -> None:
    workplace.connected(lost_at=now(), lost_reason="revoked")
    says = _says(workplace.get("/integrations"))
    assert "Disconnected" in says
    assert "withdrawn at PagerDuty" in says
    assert "Reconnect" in says


def test_a_deletion_under_way_names_its_deadline(workplace: Workplace) -> None:
    workplace.purged(done=False)
    page = workplace.get("/integrations")
    assert "Deleting" in _says(page)
    assert "at the latest by" in _says(page)
    assert _polls(page)


def test_a_finished_deletion_leads_to_its_receipt(workplace: Workplace) -> None:
    purge = workplace.purged(done=True)
    page = workplace.get("/integrations")
    assert "Deleted" in _says(page)
    assert f"/receipts/{purge.handle}" in page
    receipt = workplace.get(f"/receipts/{purge.handle}")
    assert "12,000" in receipt
    assert "12,001" in receipt
    assert purge.allow_list_hash in receipt
