"""The client's link opens the client's own pages without an account, and nothing else."""

import io
import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.core.clock import now
from app.extensions import db
from app.models import ClientLink, Download, Engagement, Epoch, Purge, new_handle
from app.operations.client import link as client_link
from app.operations.deletion.disconnect import disconnect
from tests.factories.accounts import add_engagement
from tests.unit.reports.documents import document
from tests.unit.views.conftest import Workplace, client, csrf, settings, workplace

__all__ = ["client", "settings", "workplace"]
NOBODY = "A" * 43
READING = {"GET", "HEAD", "OPTIONS"}


def _link(engagement: Engagement) -> str:
    with db.write() as session:
        return client_link.make(session, engagement)


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def _another(workplace: Workplace) -> Workplace:
    with db.write() as session:
        engagement = add_engagement(session, 1, "Globex", subdomain="globex")
    return Workplace(workplace.client, engagement)


def _stranger(workplace: Workplace) -> FlaskClient:
    """A browser without a login."""
    return workplace.client.application.test_client()


def _purge(engagement: Engagement) -> str:
    with db.write() as session:
        return disconnect(session, engagement).purge.handle


def _addresses(workplace: Workplace, secret: str, purge: str) -> dict[str, str]:
    """Every page behind a secret, by endpoint."""
    values = {"secret": secret, "purge_handle": purge, "kind": "promise"}
    return {
        rule.endpoint: re.sub(r"<(\w+)>", lambda found: values[found.group(1)], rule.rule)
        for rule in workplace.client.application.url_map.iter_rules()
        if rule.rule.startswith("/client/<") and "GET" in (rule.methods or ())
    }


def test_the_secret_alone_opens_every_page(workplace: Workplace) -> None:
    workplace.assessed(document(40))
    browser, secret = _stranger(workplace), _link(workplace.engagement)
    open_ones = _addresses(workplace, secret, "0" * 16)
    assert len(open_ones) >= 7
    for endpoint in ("page", "requests", "allow_list", "export", "confirm_disconnect"):
        assert browser.get(open_ones[f"client.{endpoint}"]).status_code == 200, endpoint
    purge = _purge(workplace.engagement)
    closed = _addresses(workplace, secret, purge)
    for endpoint in ("page", "requests", "allow_list", "export", "receipt", "statement"):
        assert browser.get(closed[f"client.{endpoint}"]).status_code == 200, endpoint


def test_a_secret_opens_nothing_of_another_client(workplace: Workplace) -> None:
    other = _another(workplace)
    other.assessed(document(40))
    secret = _link(workplace.engagement)
    theirs = _purge(other.engagement)
    foreign = {"Globex", "globex", theirs, other.engagement.handle}
    browser = _stranger(workplace)
    for endpoint, address in _addresses(workplace, secret, theirs).items():
        answer = browser.get(address)
        if "receipts" in address:
            assert answer.status_code == 404, endpoint
        assert not [word for word in foreign if word in answer.text], endpoint
    with db.read() as session:
        assert session.scalars(select(Purge.handle)).all() == [theirs]


def test_the_only_thing_that_a_secret_can_do_is_to_end_its_own_connection(
    workplace: Workplace,
) -> None:
    rules = workplace.client.application.url_map.iter_rules()
    behind = [rule for rule in rules if rule.endpoint.startswith("client.")]
    assert all(rule.arguments >= {"secret"} for rule in behind if rule.endpoint != "client.schema")
    changing = {rule.endpoint for rule in behind if (rule.methods or set()) - READING}
    assert changing == {"client.disconnect"}


def test_the_link_opens_nothing_that_wants_an_account(workplace: Workplace) -> None:
    browser, secret = _stranger(workplace), _link(workplace.engagement)
    assert browser.get(f"/client/{secret}").status_code == 200
    for rest in ("", "/integrations", "/report.json", "/disconnect"):
        answer = browser.get(f"/engagements/{workplace.engagement.handle}{rest}")
        assert answer.status_code in {302, 303}, rest
        assert "/login" in answer.location


def test_client_and_consultant_are_told_the_same_dates(workplace: Workplace) -> None:
    epoch = workplace.connected(lost_at=now(), lost_reason="revoked")
    with db.write() as session:
        session.execute(update(Engagement).values(ends_at=epoch.created_at + timedelta(days=1)))
    browser, secret = _stranger(workplace), _link(workplace.engagement)
    dates = [
        re.findall(r"Deleted on [^.]+ because [^.]+\.", _words(page))
        for page in (browser.get(f"/client/{secret}").text, workplace.get("/integrations"))
    ]
    assert len(dates[0]) == 3
    assert dates[0] == dates[1]


def test_a_disconnect_by_one_client_leaves_the_other_as_it_is(workplace: Workplace) -> None:
    other = _another(workplace)
    kept, gone = other.connected(), workplace.connected()
    browser, secret = _stranger(workplace), _link(workplace.engagement)
    address = f"/client/{secret}/disconnect"
    form = {"csrf_token": csrf(browser, address), "confirm": "yes"}
    assert browser.post(address, data={**form, "confirm": ""}).status_code == 400
    assert browser.post(address, data=form).status_code == 303
    with db.read() as session:
        closed_at = {epoch.handle: epoch.closed_at for epoch in session.scalars(select(Epoch))}
    assert closed_at[kept.handle] is None
    assert closed_at[gone.handle] is not None
    assert "Deleting" in browser.get(f"/client/{secret}").text


def test_wrong_secrets_look_like_a_missing_page(workplace: Workplace) -> None:
    browser = _stranger(workplace)
    missing = browser.get("/no-such-page")
    for wrong in (NOBODY, "short", "%00", "é" * 43):
        answer = browser.get(f"/client/{wrong}")
        assert (answer.status_code, answer.text) == (404, missing.text)


def test_after_ten_guesses_only_the_right_secret_is_answered(workplace: Workplace) -> None:
    browser, secret = _stranger(workplace), _link(workplace.engagement)
    codes = [browser.get(f"/client/{NOBODY}").status_code for _ in range(12)]
    assert codes == [404] * 10 + [429] * 2
    # Nobody keeps a client from disconnecting by guessing beside it.
    assert browser.get(f"/client/{secret}").status_code == 200
    assert browser.get(f"/client/{NOBODY}").status_code == 429


def test_whoever_has_the_link_may_read_as_often_as_it_takes(workplace: Workplace) -> None:
    browser, secret = _stranger(workplace), _link(workplace.engagement)
    assert {browser.get(f"/client/{secret}/requests").status_code for _ in range(120)} == {200}


def test_the_secret_is_shown_once_and_stored_nowhere(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = io.StringIO()
    (handler,) = logging.getLogger().handlers[:1]
    assert isinstance(handler, logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", sink)
    base = f"/engagements/{workplace.engagement.handle}"
    answer = workplace.post(f"{base}/client-link", f"{base}/integrations")
    found = re.search(r"/client/([A-Za-z0-9_-]{43})\"", answer.text)
    assert found
    secret = found.group(1)
    assert _stranger(workplace).get(f"/client/{secret}").status_code == 200
    assert secret not in workplace.get("/integrations")
    with db.read() as session:
        (link,) = session.scalars(select(ClientLink)).all()
        assert secret.encode() not in link.digest
        dump = " ".join(
            str(row) for row in session.connection().exec_driver_sql("SELECT * FROM client_link")
        )
    assert secret not in dump
    assert "client.page" in sink.getvalue()
    assert secret not in sink.getvalue()


def test_a_new_link_ends_the_one_before_and_it_can_be_taken_back(workplace: Workplace) -> None:
    browser, base = _stranger(workplace), f"/engagements/{workplace.engagement.handle}"
    first, second = _link(workplace.engagement), _link(workplace.engagement)
    assert browser.get(f"/client/{first}").status_code == 404
    assert browser.get(f"/client/{second}").status_code == 200
    answer = workplace.post(f"{base}/client-link/revoke", f"{base}/integrations")
    assert answer.status_code == 303
    assert browser.get(f"/client/{second}").status_code == 404


def test_the_link_goes_with_the_engagement(workplace: Workplace) -> None:
    secret = _link(workplace.engagement)
    with db.write() as session:
        session.delete(session.get_one(Engagement, workplace.engagement.id))
    assert _stranger(workplace).get(f"/client/{secret}").status_code == 404


def test_the_address_goes_nowhere(workplace: Workplace) -> None:
    browser, secret = _stranger(workplace), _link(workplace.engagement)
    headers = browser.get(f"/client/{secret}").headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_client_reads_what_was_agreed_asked_and_downloaded(workplace: Workplace) -> None:
    epoch = workplace.assessed(document(40))
    workplace.client.get(f"/engagements/{workplace.engagement.handle}/report.json")
    with db.read() as session:
        (download,) = session.scalars(select(Download)).all()
    browser, secret = _stranger(workplace), _link(workplace.engagement)
    page = browser.get(f"/client/{secret}").text
    assert download.sha256.hex() in page
    assert "a member of Firm" in page
    assert "member@firm.example" not in page
    assert epoch.allow_list_hash.hex() in page
    assert "nothing is kept for longer than 90 d" in page
    with db.write() as session:
        session.execute(update(Epoch).values(allow_list_hash=bytes(32)))
    page = browser.get(f"/client/{secret}").text
    assert "has changed since" in page
    assert "0" * 64 in page
    assert epoch.allow_list_hash.hex() in page


def test_promise_and_receipt_are_the_clients_to_take(workplace: Workplace) -> None:
    workplace.connected()
    browser, secret = _stranger(workplace), _link(workplace.engagement)
    purge = _purge(workplace.engagement)
    answer = browser.get(f"/client/{secret}/receipts/{purge}/promise.json")
    stated: dict[str, Any] = json.loads(answer.data)
    assert stated["entry"]["statement"]["purge"] == purge
    assert browser.get(f"/client/{secret}/receipts/{purge}/receipt.json").status_code == 404
    assert browser.get(f"/client/{secret}/receipts/{new_handle()}").status_code == 404


def test_the_consultant_sees_that_it_was_used_and_not_by_whom(workplace: Workplace) -> None:
    secret = _link(workplace.engagement)
    assert "not used yet" in workplace.get("/integrations")
    _stranger(workplace).get(f"/client/{secret}")
    assert f"last used on {now():%-d %B %Y}" in workplace.get("/integrations")
