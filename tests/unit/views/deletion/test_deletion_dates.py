"""Every date of deletion stands on the page in advance; the end of the work can be set there."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.extensions import db
from app.models import Connection, Engagement
from app.reports.wording.words import moment
from tests.functional.consultant import text_of
from tests.unit.views.conftest import Browser, csrf

DAY = timedelta(days=1)


def _bold(page: str) -> list[str]:
    section = page[page.index('id="deletion"') :]
    bold = re.findall(r"<strong>(.*?)</strong>", section, re.DOTALL)
    return [text_of(each).strip() for each in bold]


def _end(browser: Browser, **fields: str) -> tuple[int, str]:
    address = f"/engagements/{browser.engagement.handle}/end"
    response = browser.post(address, address, **fields)
    return response.status_code, response.text


def _ends_at() -> datetime | None:
    with db.read() as session:
        return session.scalars(select(Engagement.ends_at)).one()


def test_without_a_connection_there_is_no_date_yet(browser: Browser) -> None:
    assert "Nothing is connected, so nothing is kept" in browser.get("/integrations")


def test_the_earliest_date_is_the_bold_one(browser: Browser) -> None:
    epoch = browser.connected()
    last = moment(epoch.created_at + 90 * DAY)
    page = browser.get("/integrations")
    assert _bold(page) == [f"Deleted on {last} at the latest"]
    assert "nothing is kept for longer than 90 d after the connection was made" in text_of(page)
    with db.write() as session:
        session.execute(update(Connection).values(lost_at=now(), lost_reason="revoked"))
        session.execute(update(Engagement).values(ends_at=epoch.created_at + DAY))
    page = browser.get("/integrations")
    soonest = moment(now() + 3 * DAY)[:-9]
    assert len(_bold(page)) == 1
    assert _bold(page)[0].startswith(f"Deleted on {soonest}")
    assert "not renewed within 3 d" in text_of(page)
    assert "the engagement has then been over for 14 d" in text_of(page)
    assert last in text_of(page)


def test_the_card_of_a_lost_grant_shows_until_when_it_can_be_renewed(browser: Browser) -> None:
    browser.connected(lost_at=now(), lost_reason="revoked")
    soonest = moment(now() + 3 * DAY)[:-9]
    assert f"otherwise the collected records are deleted on {soonest}" in text_of(
        browser.get("/card")
    )


def test_the_connect_page_says_the_dates_before_anything_is_connected(browser: Browser) -> None:
    page = text_of(browser.get("/connect"))
    assert f"Deleted on {moment(now() + 90 * DAY)[:-9]}" in page


def test_the_connect_page_of_a_lost_grant_leaves_out_what_a_reconnect_takes_back(
    browser: Browser,
) -> None:
    epoch = browser.connected(lost_at=now(), lost_reason="revoked")
    page = text_of(browser.get("/connect"))
    assert f"Deleted on {moment(epoch.created_at + 90 * DAY)} at the latest" in page
    assert "not renewed" not in page


def test_the_end_is_the_end_of_the_day_in_the_zone_of_the_engagement(browser: Browser) -> None:
    with db.write() as session:
        session.execute(update(Engagement).values(time_zone="Europe/Berlin"))
    assert _end(browser, last_day="2031-03-03")[0] == 303
    assert _ends_at() == datetime(2031, 3, 3, 23, tzinfo=UTC)
    address = f"/engagements/{browser.engagement.handle}/end"
    assert 'value="2031-03-03"' in browser.client.get(address).text
    assert "The engagement ends on 3 March 2031, 23:00 UTC" in text_of(browser.get("/integrations"))
    assert _end(browser, clear="yes")[0] == 303
    assert _ends_at() is None


@pytest.mark.parametrize("typed", ["", "tomorrow", "9999-12-31", "0001-01-01"])
def test_an_invalid_day_is_refused(browser: Browser, typed: str) -> None:
    status, page = _end(browser, last_day=typed)
    assert status == 400
    assert 'class="error"' in page
    assert _ends_at() is None


def test_a_date_in_the_past_must_be_confirmed(
    browser: Browser,
) -> None:
    assert _end(browser, last_day="2024-03-03")[0] == 303, "nothing is connected"
    browser.connected()
    status, page = _end(browser, last_day="2024-03-04")
    assert status == 400
    assert "would be deleted within 1 h" in page
    assert _ends_at() == datetime(2024, 3, 4, tzinfo=UTC), "as it was"
    assert _end(browser, last_day="2024-03-04", confirm="y")[0] == 303
    assert "Deleted within 1 h" in text_of(browser.get("/integrations"))


def _disconnect(browser: Browser, token: str) -> tuple[int, str]:
    address = f"/engagements/{browser.engagement.handle}/disconnect"
    response = browser.client.post(address, data={"csrf_token": token, "confirm": "yes"})
    return response.status_code, response.text


def test_without_a_database_nothing_is_promised_either(browser: Browser) -> None:
    browser.connected()
    token = csrf(browser.client, f"/engagements/{browser.engagement.handle}/disconnect")
    db.bind("sqlite:////nowhere/at/all.db")
    status, page = _disconnect(browser, token)
    assert status == 503
    assert "nothing promised" in page
