"""A browser's session lies sealed in its row: it outlives the keys, and opens in no other row."""

import pytest
from sqlalchemy import select, update

from app.access.sessions import _opened
from app.core.crypto import version_of
from app.extensions import db, keystore
from app.keystore import SESSION_PURPOSE
from app.models import WebSession
from app.operations.grant.rotate import rotate
from tests.unit.views.conftest import Browser, csrf


def _rows() -> list[WebSession]:
    with db.read() as session:
        return list(session.scalars(select(WebSession).order_by(WebSession.created_at)))


def test_a_session_survives_two_rotations(browser: Browser) -> None:
    token = csrf(browser.client, "/engagements/new")
    for _ in range(2):
        rotate()
        assert "Log out" in browser.get()
    # The form was on the screen before; its session is still under the key of before the two.
    assert version_of(_rows()[-1].sealed) != keystore.derived(SESSION_PURPOSE).newest
    wrong, right = {"csrf_token": "x"}, {"csrf_token": token}
    assert browser.client.post("/logout", data=wrong).status_code == 400
    assert browser.client.post("/logout", data=right).status_code == 303


def test_a_session_stored_after_a_rotation_is_under_the_new_key(browser: Browser) -> None:
    rotate()
    browser.client.application.test_client().get("/login")
    assert version_of(_rows()[-1].sealed) == keystore.derived(SESSION_PURPOSE).newest


@pytest.mark.parametrize("changed", ["moved", "cut", "flipped"])
def test_a_session_that_was_moved_or_changed_opens_empty(browser: Browser, changed: str) -> None:
    csrf(browser.client, "/engagements/new")
    browser.client.application.test_client().get("/login")
    first, second = _rows()[0], _rows()[-1]
    assert first.token_hash != second.token_hash
    assert _opened(first)
    sealed = {
        "moved": second.sealed,
        "cut": first.sealed[:-1],
        "flipped": first.sealed[:-1] + bytes([first.sealed[-1] ^ 1]),
    }[changed]
    with db.write() as session:
        own = WebSession.token_hash == first.token_hash
        session.execute(update(WebSession).where(own).values(sealed=sealed))
    assert _opened(_rows()[0]) == {}
