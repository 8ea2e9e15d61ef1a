"""The person who connects chooses each optional resource by name; none is chosen by default."""

import html
import re
from copy import deepcopy
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.extensions import db, oauth
from app.models import AllowList, Engagement, Epoch
from app.operations.client import link
from app.operations.connection.authorise import Authorised
from app.operations.connection.id_token import Account
from app.operations.grant.grant import Grant
from app.views.connection import connections
from tests.unit.views.conftest import Browser

LABEL = "Also read responders' time zones"


@pytest.fixture
def granted(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """PagerDuty's part of the round: an admin allowed read scope."""

    def authorise(
        _engagement: Engagement, _answer: dict[str, object], nonce: str | None
    ) -> Authorised:
        assert nonce
        account = Account(account_id="an account", subdomain="acme", region="us")
        grant = Grant("access", "refresh", now() + timedelta(days=1))
        return Authorised(account, grant, partial=False)

    monkeypatch.setattr(connections, "authorise", authorise)
    assert browser
    monkeypatch.setattr(oauth.pagerduty, "authorize_access_token", dict)


def _connect(browser: Browser, **fields: str) -> int:
    address = f"/engagements/{browser.engagement.handle}/connect"
    response = browser.post(address, address, **fields)
    if response.status_code == 303:
        response = browser.client.get("/oauth/callback")
    return int(response.status_code)


def _allowed() -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Epoch.extensions)))


def test_the_extension_is_offered_unticked_with_its_fields_and_its_purpose(
    browser: Browser,
) -> None:
    page = html.unescape(browser.get("/connect"))
    box = re.search(r'<input type="checkbox"[^>]*>', page)
    assert box
    assert 'value="users"' in box.group()
    assert "checked" not in box.group()
    assert LABEL in page
    assert "(/users: id and time zone only)" in page
    assert "nothing else of a person is read" in page
    assert "Without it: nights, rest and hours of the day follow" in page


@pytest.mark.usefixtures("granted")
def test_nothing_is_allowed_that_was_not_ticked(browser: Browser) -> None:
    assert _connect(browser) == 303
    assert _allowed() == [""]
    assert "Allowed by name" not in browser.get("/integrations")


@pytest.mark.usefixtures("granted")
def test_a_ticked_extension_is_allowed_and_shown_afterwards(browser: Browser) -> None:
    assert _connect(browser, extensions="users") == 303
    assert _allowed() == ["users"]
    assert re.search(r"Allowed by name</dt>\s*<dd>\s*Responders", browser.get("/integrations"))
    assert "Allowed until now" in browser.get("/connect")


@pytest.mark.usefixtures("granted")
def test_a_choice_counts_for_one_round_only(browser: Browser) -> None:
    assert _connect(browser, extensions="users") == 303
    assert _connect(browser) == 303
    assert _allowed() == [""]


@pytest.mark.usefixtures("granted")
def test_only_a_declared_extension_can_be_allowed(browser: Browser) -> None:
    assert _connect(browser, extensions="incidents") == 400
    assert _allowed() == []


@pytest.mark.usefixtures("granted")
def test_a_list_that_changes_while_the_person_is_at_pagerduty_is_not_agreed_to(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/engagements/{browser.engagement.handle}/connect"
    assert browser.post(address, address).status_code == 303
    monkeypatch.setattr(connections, "manifest_hash", lambda: "0" * 64)
    # Another tab shows the new list meanwhile: nobody has agreed to it there.
    assert "0" * 64 in browser.get("/connect")
    response = browser.client.get("/oauth/callback")
    assert response.status_code == 400
    assert "The list of what is kept has changed" in response.text
    assert _allowed() == []


def test_a_new_nonce_goes_to_pagerduty_with_every_attempt(browser: Browser) -> None:
    address = f"/engagements/{browser.engagement.handle}/connect"
    sent = [
        parse_qs(urlsplit(browser.post(address, address).headers["Location"]).query)["nonce"]
        for _ in range(2)
    ]
    assert sent[0] != sent[1]
    assert all(len(each) == 1 and len(each[0]) >= 20 for each in sent)


def test_the_button_of_an_older_page_agrees_to_nothing(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/engagements/{browser.engagement.handle}/connect"
    response = browser.post(address, address, allow_list="0" * 64)
    assert response.status_code == 400
    assert "Open the connect page again" in response.text
    monkeypatch.setattr(connections, "manifest_hash", lambda: "0" * 64)
    assert browser.post(address, address).status_code == 303


@pytest.mark.parametrize("address", ["/privacy", "/engagements/{handle}/connect"])
def test_the_list_is_grouped_and_marks_optional_resources(browser: Browser, address: str) -> None:
    page = browser.client.get(address.format(handle=browser.engagement.handle)).text
    assert re.findall(r"<h3>(.*?)</h3>", page)[:3] == [
        "Configuration",
        "People and duty",
        "History",
    ]
    rows = re.findall(r'<details class="disclosure-row">.*?</details>', page, re.DOTALL)
    assert [("/users<" in row) for row in rows if "only by name" in row] == [True]


def _agreed_to_less() -> str:
    """As if the newest field of incidents had come after the connect; its name."""
    with db.write() as session:
        kept = session.scalars(select(AllowList)).one()
        before = deepcopy(kept.manifest)
        incidents = next(each for each in before["resources"] if each["name"] == "incidents")
        field = incidents["fields"].pop()
        session.add(AllowList(hash=bytes(32), manifest=before))
        session.execute(update(Epoch).values(allow_list_hash=bytes(32)))
    return str(field["name"])


@pytest.mark.usefixtures("granted")
def test_a_client_who_agreed_to_an_earlier_list_sees_the_changes(browser: Browser) -> None:
    assert _connect(browser) == 303
    assert "What has changed" not in browser.get("/connect")
    name = _agreed_to_less()
    with db.write() as session:
        secret = link.make(session, session.merge(browser.engagement))
    theirs = html.unescape(browser.client.get(f"/client/{secret}/allow-list").text)
    for page in (html.unescape(browser.get("/connect")), theirs):
        changed = page.split("What has changed")[1].split("</section>")[0]
        assert f"<code>{name}</code>" in changed
        assert "Nothing is left out that was requested, kept or promised." in changed
    assert _connect(browser) == 303
    assert "What has changed" not in browser.get("/connect")


@pytest.mark.usefixtures("granted")
def test_without_the_earlier_list_the_complete_list_is_shown(browser: Browser) -> None:
    assert _connect(browser) == 303
    with db.write() as session:
        session.execute(update(Epoch).values(allow_list_hash=bytes(32)))
    page = browser.get("/connect")
    assert "What has changed" not in page
    assert "What is requested and kept" in page
