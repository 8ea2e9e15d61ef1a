"""A database that fails while a disconnect commits: the page states the real result."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.extensions import db, keystore
from app.keystore import KeyMissing
from app.models import Epoch, Purge
from app.views.deletion import disconnect as disconnect_view
from tests.unit.views.conftest import Browser, csrf

UNAVAILABLE = OperationalError("COMMIT", None, Exception("server closed the connection"))


class _Fragile:
    """The database as the view meets it: its commit fails, before or after it was done."""

    def __init__(self, *, done: bool, back: bool) -> None:
        self._done = done
        self._back = back

    @contextmanager
    def write(self, **how: bool) -> Iterator[Session]:
        """The real transaction, and an answer that never comes."""
        if not self._done:
            with Session(db.engine, expire_on_commit=False) as session:
                yield session
                session.rollback()
        else:
            with db.write(**how) as session:
                yield session
        raise UNAVAILABLE

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Whether it is back by then."""
        if not self._back:
            raise UNAVAILABLE
        with db.read() as session:
            yield session


@pytest.fixture
def disconnect(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    browser.connected()
    address = f"/engagements/{browser.engagement.handle}/disconnect"
    token = csrf(browser.client, address)

    def act(*, done: bool, back: bool) -> str:
        with monkeypatch.context() as patched:
            patched.setattr(disconnect_view, "db", _Fragile(done=done, back=back))
            response = browser.client.post(address, data={"csrf_token": token, "confirm": "yes"})
        return f"{response.status_code} {response.text}"

    return act


def _epoch() -> Epoch:
    with db.read() as session:
        return session.scalars(select(Epoch)).one()


def test_a_commit_that_was_done_is_a_promise_though_its_answer_was_lost(
    disconnect: Callable[..., str],
) -> None:
    assert disconnect(done=True, back=True).startswith("303")
    epoch = _epoch()
    assert epoch.closed_at is not None
    with pytest.raises(KeyMissing):
        keystore.read(epoch.handle)


def test_a_commit_that_was_not_done_promises_nothing(disconnect: Callable[..., str]) -> None:
    page = disconnect(done=False, back=True)
    assert page.startswith("503")
    assert "Not accepted, nothing promised" in page
    assert _epoch().closed_at is None
    with db.read() as session:
        assert session.scalars(select(Purge)).all() == []


def test_while_the_database_is_unavailable_the_page_says_that_the_result_is_unknown(
    disconnect: Callable[..., str],
) -> None:
    page = disconnect(done=True, back=False)
    assert page.startswith("503")
    assert "is not known yet" in page
    assert "nothing promised" not in page
    # Asked again, it is the same deletion.
    assert disconnect(done=True, back=True).startswith("303")
    with db.read() as session:
        assert len(session.scalars(select(Purge)).all()) == 1
