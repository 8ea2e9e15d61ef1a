"""A file leaves only after who takes it, when, and its SHA-256 are written down."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from app.core.clock import now
from app.core.errors import Busy, EpochClosed
from app.extensions import db
from app.models import Download, Engagement, Epoch, Member
from app.operations.client import link
from app.operations.client.export import written
from app.reports.as_json import as_json
from tests.unit.reports.documents import document
from tests.unit.views.conftest import Browser, browser, client

__all__ = ["browser", "client"]
NOTHING_OF_AN_EPOCH = {
    "deletions.ledger_file": "the public log",
    "deletions.verifier": "a program",
    "receipts.statement": "a signed statement, which stands in the public log as well",
    "client.statement": "the same",
}


def _rows() -> list[Download]:
    with db.read() as session:
        return list(session.scalars(select(Download).order_by(Download.id)))


@pytest.fixture
def settings(database_url: str) -> dict[str, str]:
    """On SQLite and on PostgreSQL."""
    return {"DATABASE_URL": database_url}


def _attachments(browser: Browser) -> Iterator[tuple[str, str, bytes]]:
    """(endpoint, file name, bytes) of every page that the browser would save."""
    app, engagement = browser.client.application, browser.engagement
    with db.write() as session:
        secret = link.make(session, engagement)
    known = {"handle": engagement.handle, "secret": secret}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        values = {name: known.get(name, "0123456789abcdef") for name in rule.arguments}
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found.group(1)], rule.rule)  # noqa: B023
        response = browser.client.get(address)
        if "attachment" in response.headers.get("Content-Disposition", ""):
            yield rule.endpoint, response.headers["Content-Disposition"], response.data


def _report(browser: Browser) -> str:
    return f"/engagements/{browser.engagement.handle}/report.json"


def _export(browser: Browser) -> str:
    with db.write() as session:
        return f"/client/{link.make(session, browser.engagement)}/export.json"


def test_every_file_of_an_epoch_is_written_down(browser: Browser) -> None:
    browser.assessed(document(40))
    found = {endpoint: body for endpoint, _, body in _attachments(browser)}
    noted = {(row.size, row.sha256) for row in _rows()}
    files = found.keys() - NOTHING_OF_AN_EPOCH.keys()
    assert len(files) == len(noted) >= 4
    for endpoint in files:
        body = found[endpoint]
        assert (len(body), hashlib.sha256(body).digest()) in noted, endpoint


def test_the_ledger_states_person_time_and_file(browser: Browser) -> None:
    epoch = browser.assessed(document(40))
    before = now()
    body = browser.client.get(f"/engagements/{browser.engagement.handle}/report.csv").data
    (row,) = _rows()
    with db.read() as session:
        (member,) = session.scalars(select(Member.id)).all()
    assert (row.member_id, row.file, row.epoch_handle) == (member, "report.csv", epoch.handle)
    assert row.engagement_id == browser.engagement.id
    assert before <= row.made_at <= now()
    assert (row.size, row.sha256) == (len(body), hashlib.sha256(body).digest())


def test_the_row_is_committed_before_the_first_byte(browser: Browser) -> None:
    browser.assessed(document(40))
    address = f"/engagements/{browser.engagement.handle}/report.json"
    with browser.client.get(address, buffered=False) as response:
        (row,) = _rows()
        assert row.size == len(response.data)


def test_the_clients_own_download_is_written_down_before_its_first_byte(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.client.spool.PIECE", 1000)
    epoch = browser.assessed(document(40))
    address = _export(browser)
    with browser.client.get(address, buffered=False) as response:
        pieces = response.iter_encoded()
        first = next(pieces)
        (row,) = _rows()
        body = first + b"".join(pieces)
    assert len(body) > 20 * len(first)
    assert json.loads(body)["complete"] is True
    assert (row.size, row.sha256) == (len(body), hashlib.sha256(body).digest())
    assert (row.file, row.epoch_handle) == ("everything.json", epoch.handle)
    assert row.member_id is None
    page = browser.client.get(address.removesuffix("/export.json")).text
    assert row.sha256.hex() in page
    assert "with this page" in page


def test_a_slow_reader_gets_nothing_more_once_the_connection_has_ended(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.client.spool.PIECE", 1000)
    browser.assessed(document(40))
    with browser.client.get(_export(browser), buffered=False) as response:
        pieces = response.iter_encoded()
        next(pieces)
        with db.write() as session:
            session.execute(update(Epoch).values(closed_at=now()))
        with pytest.raises(EpochClosed):
            next(pieces)


def test_after_the_end_the_export_has_nothing_collected_and_needs_no_row(
    browser: Browser,
) -> None:
    browser.purged(done=True)
    response = browser.client.get(_export(browser))
    assert response.status_code == 200
    assert not any(response.get_json()["tables"].values())
    assert _rows() == []


@pytest.mark.parametrize("error", [Busy(), OperationalError("no", {}, Exception("away"))])
def test_a_download_that_cannot_be_recorded_is_not_sent(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    browser.assessed(document(40))

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("app.operations.client.downloads.note", refuse)
    for address in (_report(browser), _export(browser)):
        response = browser.client.get(address)
        assert response.status_code == 503
        assert "Content-Disposition" not in response.headers
        assert b"metrics" not in response.data
    assert _rows() == []


def test_a_connection_that_ends_while_everything_is_read_gives_no_file(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.assessed(document(40))

    def overtaken(engagement: Engagement, epoch: Epoch | None) -> Iterator[str]:
        yield from written(engagement, epoch)
        with db.write() as session:
            session.execute(update(Epoch).values(closed_at=now()))

    monkeypatch.setattr("app.views.client.export.written", overtaken)
    response = browser.client.get(_export(browser))
    assert response.status_code == 404
    assert "Content-Disposition" not in response.headers
    assert _rows() == []


def test_a_connection_that_ends_while_a_file_is_rendered_gives_none(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.assessed(document(40))

    def render(found: Mapping[str, Any]) -> Iterator[str]:
        with db.write() as session:
            session.execute(update(Epoch).values(closed_at=now()))
        return as_json(found)

    monkeypatch.setattr("app.views.assessments.downloads.as_json", render)
    response = browser.client.get(f"/engagements/{browser.engagement.handle}/report.json")
    assert response.status_code == 404
    assert "Content-Disposition" not in response.headers
    assert _rows() == []
