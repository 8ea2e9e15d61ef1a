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
from tests.functional.consultant import text_of
from tests.unit.reports.documents import document
from tests.unit.views.conftest import Browser, browser, client, csrf, settings

__all__ = ["browser", "client", "settings"]
NOBODY = "A" * 43
READING = {"GET", "HEAD", "OPTIONS"}


def _link(engagement: Engagement) -> str:
    with db.write() as session:
        return client_link.make(session, engagement)


def _another(browser: Browser) -> Browser:
    with db.write() as session:
        engagement = add_engagement(session, 1, "Globex", subdomain="globex")
    return Browser(browser.client, engagement)


def _stranger(browser: Browser) -> FlaskClient:
    """A browser without a login."""
    return browser.client.application.test_client()


def _purge(engagement: Engagement) -> str:
    with db.write() as session:
        return disconnect(session, engagement).purge.handle


def _addresses(browser: Browser, secret: str, purge: str) -> dict[str, str]:
    """Every page behind a secret, by endpoint."""
    values = {"secret": secret, "purge_handle": purge, "kind": "promise"}
    return {
        rule.endpoint: re.sub(r"<(\w+)>", lambda found: values[found.group(1)], rule.rule)
        for rule in browser.client.application.url_map.iter_rules()
        if rule.rule.startswith("/client/<") and "GET" in (rule.methods or ())
    }


def test_the_secret_alone_opens_every_page(browser: Browser) -> None:
    browser.assessed(document(40))
    stranger, secret = _stranger(browser), _link(browser.engagement)
    open_ones = _addresses(browser, secret, "0" * 16)
    assert len(open_ones) >= 7
    for endpoint in ("page", "requests", "allow_list", "export", "confirm_disconnect"):
        assert stranger.get(open_ones[f"client.{endpoint}"]).status_code == 200, endpoint
    purge = _purge(browser.engagement)
    closed = _addresses(browser, secret, purge)
    for endpoint in ("page", "requests", "allow_list", "export", "receipt", "statement"):
        assert stranger.get(closed[f"client.{endpoint}"]).status_code == 200, endpoint


def test_a_secret_opens_nothing_of_another_client(browser: Browser) -> None:
    other = _another(browser)
    other.assessed(document(40))
    secret = _link(browser.engagement)
    theirs = _purge(other.engagement)
    foreign = {"Globex", "globex", theirs, other.engagement.handle}
    stranger = _stranger(browser)
    for endpoint, address in _addresses(browser, secret, theirs).items():
        response = stranger.get(address)
        if "receipts" in address:
            assert response.status_code == 404, endpoint
        assert not [word for word in foreign if word in response.text], endpoint
    with db.read() as session:
        assert session.scalars(select(Purge.handle)).all() == [theirs]


def test_the_only_thing_that_a_secret_can_do_is_to_end_its_own_connection(
    browser: Browser,
) -> None:
    rules = browser.client.application.url_map.iter_rules()
    behind = [rule for rule in rules if rule.endpoint.startswith("client.")]
    assert all(rule.arguments >= {"secret"} for rule in behind if rule.endpoint != "client.schema")
    changing = {rule.endpoint for rule in behind if (rule.methods or set()) - READING}
    assert changing == {"client.disconnect"}


def test_the_link_opens_nothing_that_wants_an_account(browser: Browser) -> None:
    stranger, secret = _stranger(browser), _link(browser.engagement)
    assert stranger.get(f"/client/{secret}").status_code == 200
    for rest in ("", "/integrations", "/report.json", "/disconnect"):
        response = stranger.get(f"/engagements/{browser.engagement.handle}{rest}")
        assert response.status_code in {302, 303}, rest
        assert "/login" in response.location


def test_client_and_consultant_see_the_same_dates(browser: Browser) -> None:
    epoch = browser.connected(lost_at=now(), lost_reason="revoked")
    with db.write() as session:
        session.execute(update(Engagement).values(ends_at=epoch.created_at + timedelta(days=1)))
    stranger, secret = _stranger(browser), _link(browser.engagement)
    dates = [
        re.findall(r"Deleted on [^.]+ because [^.]+\.", text_of(page))
        for page in (stranger.get(f"/client/{secret}").text, browser.get("/integrations"))
    ]
    assert len(dates[0]) == 3
    assert dates[0] == dates[1]


def test_a_disconnect_by_one_client_leaves_the_other_as_it_is(browser: Browser) -> None:
    other = _another(browser)
    kept, gone = other.connected(), browser.connected()
    stranger, secret = _stranger(browser), _link(browser.engagement)
    address = f"/client/{secret}/disconnect"
    form = {"csrf_token": csrf(stranger, address), "confirm": "yes"}
    assert stranger.post(address, data={**form, "confirm": ""}).status_code == 400
    assert stranger.post(address, data=form).status_code == 303
    with db.read() as session:
        closed_at = {epoch.handle: epoch.closed_at for epoch in session.scalars(select(Epoch))}
    assert closed_at[kept.handle] is None
    assert closed_at[gone.handle] is not None
    assert "Deleting" in stranger.get(f"/client/{secret}").text


def test_wrong_secrets_look_like_a_missing_page(browser: Browser) -> None:
    stranger = _stranger(browser)
    missing = stranger.get("/no-such-page")
    for wrong in (NOBODY, "short", "%00", "é" * 43):
        response = stranger.get(f"/client/{wrong}")
        assert (response.status_code, response.text) == (404, missing.text)


def test_after_ten_guesses_only_the_right_secret_is_answered(browser: Browser) -> None:
    stranger, secret = _stranger(browser), _link(browser.engagement)
    codes = [stranger.get(f"/client/{NOBODY}").status_code for _ in range(12)]
    assert codes == [404] * 10 + [429] * 2
    # Nobody keeps a client from disconnecting by guessing beside it.
    assert stranger.get(f"/client/{secret}").status_code == 200
    assert stranger.get(f"/client/{NOBODY}").status_code == 429


def test_the_holder_of_the_link_has_no_rate_limit(browser: Browser) -> None:
    stranger, secret = _stranger(browser), _link(browser.engagement)
    assert {stranger.get(f"/client/{secret}/requests").status_code for _ in range(120)} == {200}


def test_the_secret_is_shown_once_and_stored_nowhere(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = io.StringIO()
    (handler,) = logging.getLogger().handlers[:1]
    assert isinstance(handler, logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", sink)
    base = f"/engagements/{browser.engagement.handle}"
    response = browser.post(f"{base}/client-link", f"{base}/integrations")
    found = re.search(r"/client/([A-Za-z0-9_-]{43})\"", response.text)
    assert found
    secret = found.group(1)
    assert _stranger(browser).get(f"/client/{secret}").status_code == 200
    assert secret not in browser.get("/integrations")
    with db.read() as session:
        (link,) = session.scalars(select(ClientLink)).all()
        assert secret.encode() not in link.digest
        dump = " ".join(
            str(row) for row in session.connection().exec_driver_sql("SELECT * FROM client_link")
        )
    assert secret not in dump
    assert "client.page" in sink.getvalue()
    assert secret not in sink.getvalue()


def test_a_new_link_ends_the_former_one_and_can_be_withdrawn(browser: Browser) -> None:
    stranger, base = _stranger(browser), f"/engagements/{browser.engagement.handle}"
    first, second = _link(browser.engagement), _link(browser.engagement)
    assert stranger.get(f"/client/{first}").status_code == 404
    assert stranger.get(f"/client/{second}").status_code == 200
    response = browser.post(f"{base}/client-link/revoke", f"{base}/integrations")
    assert response.status_code == 303
    assert stranger.get(f"/client/{second}").status_code == 404


def test_the_link_is_deleted_with_the_engagement(browser: Browser) -> None:
    secret = _link(browser.engagement)
    with db.write() as session:
        session.delete(session.get_one(Engagement, browser.engagement.id))
    assert _stranger(browser).get(f"/client/{secret}").status_code == 404


def test_the_address_of_a_client_page_is_in_no_referrer_and_no_cache(browser: Browser) -> None:
    stranger, secret = _stranger(browser), _link(browser.engagement)
    headers = stranger.get(f"/client/{secret}").headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_client_sees_consent_requests_and_downloads(browser: Browser) -> None:
    epoch = browser.assessed(document(40))
    browser.client.get(f"/engagements/{browser.engagement.handle}/report.json")
    with db.read() as session:
        (download,) = session.scalars(select(Download)).all()
    stranger, secret = _stranger(browser), _link(browser.engagement)
    page = stranger.get(f"/client/{secret}").text
    assert download.sha256.hex() in page
    assert "a member of Firm" in page
    assert "member@firm.example" not in page
    assert epoch.allow_list_hash.hex() in page
    assert "nothing is kept for longer than 90 d" in page
    with db.write() as session:
        session.execute(update(Epoch).values(allow_list_hash=bytes(32)))
    page = stranger.get(f"/client/{secret}").text
    assert "has changed since" in page
    assert "0" * 64 in page
    assert epoch.allow_list_hash.hex() in page


def test_promise_and_receipt_are_the_clients_to_take(browser: Browser) -> None:
    browser.connected()
    stranger, secret = _stranger(browser), _link(browser.engagement)
    purge = _purge(browser.engagement)
    response = stranger.get(f"/client/{secret}/receipts/{purge}/promise.json")
    stated: dict[str, Any] = json.loads(response.data)
    assert stated["entry"]["statement"]["purge"] == purge
    assert stranger.get(f"/client/{secret}/receipts/{purge}/receipt.json").status_code == 404
    assert stranger.get(f"/client/{secret}/receipts/{new_handle()}").status_code == 404


def test_the_consultant_sees_that_it_was_used_and_not_by_whom(browser: Browser) -> None:
    secret = _link(browser.engagement)
    assert "not used yet" in browser.get("/integrations")
    _stranger(browser).get(f"/client/{secret}")
    assert f"last used on {now():%-d %B %Y}" in browser.get("/integrations")
