"""A disconnect of a real installation: at once, also if a process hangs; promised, or refused."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
import requests
from sqlalchemy import NullPool, create_engine, text

from tests.functional.collection import UNLIMITED, connected
from tests.functional.consultant import Consultant
from tests.servers import Installation, wait_until

DISCOVERY = "/global/oauth/anonymous/.well-known/openid-configuration"
REVOKE = "/oauth/revoke"
SLACK = 1.0
"""For the page itself on a machine that tests share."""


def _received(product: Installation, path: str) -> int:
    found = product.sandbox.requests()["requests"]
    return sum(1 for each in found if each["path"] == path)


def _revocation(product: Installation) -> str:
    """What the newest purge knows of it, once it knows."""
    newest = "SELECT coalesce(revocation, '') FROM purge ORDER BY id DESC LIMIT 1"
    wait_until(lambda: product.select(newest) != [""], 10, "the revocation has no end")
    return str(product.select(newest)[0])


def _grants_alive(product: Installation) -> bool:
    page = requests.get(f"{product.sandbox.url}/account/apps", timeout=10).text
    return "Revoke<" in page


def _disconnect(consultant: Consultant) -> tuple[int, str, float]:
    """Status, page and seconds of the response to a confirmed disconnect."""
    form = consultant.form(consultant.path("/disconnect"))
    began = time.monotonic()
    response = consultant.http.post(
        consultant.product.url + consultant.path("/disconnect"),
        data={**form, "confirm": "yes"},
        allow_redirects=False,
        timeout=30,
    )
    return response.status_code, response.text, time.monotonic() - began


@contextmanager
def _in_the_middle_of_a_page(product: Installation) -> Iterator[None]:
    """Another process that has begun to write under the epoch, and thinks."""
    engine = create_engine(product.database_url, poolclass=NullPool)
    with closing(engine.connect()) as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT 1 FROM epoch FOR SHARE"))
        yield


def test_nothing_is_promised_while_a_page_is_being_written_and_then_at_once(
    tacit: Callable[..., Installation], database_url: str
) -> None:
    product = tacit(**UNLIMITED)
    consultant = connected(product).waits_for_assessment()
    form = consultant.form(consultant.path("/disconnect"))
    with _in_the_middle_of_a_page(product):
        began = time.monotonic()
        response = consultant.http.post(
            product.url + consultant.path("/disconnect"),
            data={**form, "confirm": "yes"},
            timeout=30,
        )
        assert time.monotonic() - began < 2 + SLACK
        assert response.status_code == 503
        assert "nothing promised" in response.text
        assert "own profile page" in response.text
        for table, rows in (("purge", 0), ("ledger_entry", 0), ("token", 1)):
            assert product.count(table) == rows, table
    status, _, seconds = _disconnect(consultant)
    assert status == 303
    assert seconds < 2
    assert (product.count("token"), product.count("purge")) == (0, 1)
    # PagerDuty documents no withdrawal, and neither does this sandbox: one request, no retry.
    assert _revocation(product) == "not_offered"
    assert (_received(product, DISCOVERY), _received(product, REVOKE)) == (1, 0)
    consultant.waits_for_card("Deleted")
    assert "It was disconnected." in consultant.card()


def test_tokens_are_revoked_where_pagerduty_can_and_its_silence_delays_nothing(
    tacit: Callable[..., Installation], database_url: str
) -> None:
    product = tacit(**UNLIMITED, SANDBOX_WITH_REVOCATION="1")
    consultant = connected(product)
    assert _grants_alive(product)
    assert _disconnect(consultant)[0] == 303
    assert _revocation(product) == "revoked"
    assert not _grants_alive(product)
    assert _received(product, REVOKE) == 2
    consultant.waits_for_card("Deleted")

    consultant.connects()
    product.sandbox.plant(kind="hang", path=REVOKE, seconds=20.0, times=10)
    status, _, seconds = _disconnect(consultant)
    assert (status, seconds < 2) == (303, True)
    assert _revocation(product) == "failed"
    assert _grants_alive(product)
    consultant.waits_for_card("Deleted")


def test_a_date_of_deletion_deletes_without_a_request(
    tacit: Callable[..., Installation], database_url: str
) -> None:
    product = tacit(**UNLIMITED, TACIT_RETENTION_SECONDS="6", TACIT_CONFIRMATION_SECONDS="1")
    consultant = connected(product)
    assert "nothing is kept for longer than 6 s" in consultant.opens(
        consultant.path("/integrations")
    )
    consultant.waits_for_card("Deleted")
    assert "The retention period ended." in consultant.card()
    assert product.select("SELECT cause FROM purge") == ["retention"]
    assert product.count("epoch") == 0


def test_a_deleted_firm_leaves_only_its_receipts(
    tacit: Callable[..., Installation], database_url: str
) -> None:
    product = tacit(**UNLIMITED)
    consultant = connected(product)
    said = product.tacit("firm", "delete", "Demo Consulting", "--yes")
    (handle,) = re.findall(r"receipt ([0-9a-f]{16})", said)
    assert "/login" in consultant.http.get(product.url + consultant.path(), timeout=30).url
    with pytest.raises(AssertionError, match="refused"):
        Consultant(product).logs_in()
    wait_until(lambda: product.count("firm") == 0, 60, "the firm is still there")
    for table in ("member", "engagement", "connection", "epoch", "token", "incident"):
        assert product.count(table) == 0, table
    kinds = f"SELECT kind FROM ledger_entry WHERE purge_handle = '{handle}' ORDER BY sequence"  # noqa: S608
    assert product.select(kinds) == ["promise", "receipt"]
    assert product.select("SELECT cause FROM purge") == ["firm_deleted"]
