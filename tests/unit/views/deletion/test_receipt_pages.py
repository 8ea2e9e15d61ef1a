"""The page of a deletion, and the page of all of them: what was promised, done and signed."""

import html
import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app import verify_receipt
from app.core.clock import wire
from app.extensions import db
from app.models import Download, Purge, new_handle
from app.operations.receipts import ledger
from app.operations.receipts.statements import BY_HAND
from app.verify_receipt import chain, check, read
from proof.receipts import finish
from tests.functional.consultant import text_of
from tests.unit.views.conftest import Browser

STAGES = (
    "keys",
    "rows",
    "recount",
    "queue",
    "files",
    "revocation",
    "residue",
    "verified",
    "receipted",
)


def _promised(browser: Browser) -> Purge:
    purge = browser.purged(done=False)
    with db.write() as session:
        ledger.promise(session, purge)
    return purge


def _finished(browser: Browser, **values: Any) -> Purge:
    handle = _promised(browser).handle
    with db.write() as session:
        purge = session.scalars(select(Purge).where(Purge.handle == handle)).one()
        finish(purge)
        at = wire(purge.requested_at)
        purge.stages = {name: {"at": at} for name in STAGES} | {
            "residue": {"at": at, "bytes": 421_888, "found": 0, "log": "searched"}
        }
        for name, value in values.items():
            setattr(purge, name, value)
        session.add(
            Download(
                handle=new_handle(),
                engagement_id=browser.engagement.id,
                epoch_handle=purge.epoch_handle,
                assessment_handle=new_handle(),
                file="findings.csv",
                made_at=purge.requested_at,
                size=5_120,
                sha256=b"\xab" * 32,
            )
        )
        ledger.receipt(session, purge)
    return purge


def _words(page: str) -> str:
    return html.unescape(text_of(page))


def _page(browser: Browser, purge: Purge) -> str:
    return _words(browser.get(f"/receipts/{purge.handle}"))


def _path(browser: Browser, purge: Purge, kind: str) -> str:
    return f"/engagements/{browser.engagement.handle}/receipts/{purge.handle}/{kind}.json"


def _missing(browser: Browser, purge: Purge, kind: str) -> bool:
    return browser.client.get(_path(browser, purge, kind)).status_code == 404


def _file(browser: Browser, purge: Purge, kind: str) -> bytes:
    response = browser.client.get(_path(browser, purge, kind))
    assert response.status_code == 200
    assert f"tacit-{kind}-{purge.handle}.json" in response.headers["Content-Disposition"]
    content: bytes = response.data
    return content


def test_a_running_deletion_has_a_promise_and_no_receipt(browser: Browser) -> None:
    purge = _promised(browser)
    page = browser.get(f"/receipts/{purge.handle}")
    assert f"/receipts/{purge.handle}/promise.json" in page
    assert f"/receipts/{purge.handle}/receipt.json" not in page
    said = _words(page)
    assert "The receipt follows" in said
    assert said.count("not yet") == len(STAGES)
    assert _missing(browser, purge, "receipt")
    assert check(_file(browser, purge, "promise"))


def test_a_finished_deletion_shows_all_that_its_receipt_states(browser: Browser) -> None:
    purge = _finished(browser, revocation="not_offered")
    said = _page(browser, purge)
    assert "not yet" not in said
    assert "write-ahead log searched, 421,888 bytes, 0 hits" in said
    for stated in ("102,002", "findings.csv", "5,120", "ab" * 32, BY_HAND, purge.allow_list_hash):
        assert stated in said
    assert "What it cannot prove" in said
    assert "That no copy exists anywhere else." in said
    assert "The promise was broken" not in said


def test_the_files_of_a_deletion_check_out_against_each_other_and_the_log(
    browser: Browser,
) -> None:
    purge = _finished(browser)
    promise, receipt = (_file(browser, purge, kind) for kind in ("promise", "receipt"))
    log = browser.client.get("/ledger.json").data
    (key,) = json.loads(browser.client.get("/ledger/keys.json").data)
    said = check(receipt, key=key["public_key"], promise=promise, log=log)
    assert "keeps its promise" in said
    assert _missing(browser, purge, "breach")
    assert _missing(browser, purge, "note")


def test_a_broken_promise_is_stated_on_the_page(browser: Browser) -> None:
    purge = _promised(browser)
    with db.write() as session:
        ledger.breach(session, purge)
    assert "The promise was broken" in _page(browser, purge)
    assert check(_file(browser, purge, "breach"))


def test_a_deletion_from_before_signed_promises_says_that_nothing_is_signed(
    browser: Browser,
) -> None:
    said = _page(browser, browser.purged(done=True))
    assert "a version that signed nothing" in said
    assert "12,001" in said
    assert "Check the files" not in said


def test_a_deletion_requested_before_signed_promises_has_only_a_receipt(
    browser: Browser,
) -> None:
    with db.write() as session:
        purge = browser.purged(done=True)
        ledger.receipt(session, purge)
    page = browser.get(f"/receipts/{purge.handle}")
    assert "there is only the receipt" in page
    assert "/promise.json" not in page


def test_the_results_of_deletions_are_public(browser: Browser) -> None:
    stranger = browser.client.application.test_client()
    empty = _words(stranger.get("/deletions").text)
    assert "nobody has disconnected yet" in empty
    assert stranger.get("/ledger.json").data == b"[]"
    purge = _finished(browser)
    page = stranger.get("/deletions").text
    said = _words(page)
    assert "Promises 1 Receipts 1 Under way 0 0 overdue Broken promises 0" in said
    assert "Half within 4 s 19 of 20 within 4 s The longest 4 s" in said
    entries = chain(read(stranger.get("/ledger.json").data))
    assert [entry.kind for entry in entries] == ["promise", "receipt"]
    assert entries[-1].hash in said
    for name in ("Acme", "acme", "Firm", browser.engagement.handle):
        assert name not in page
        assert name.encode() not in stranger.get("/ledger.json").data
    assert purge.handle.encode() in stranger.get("/ledger.json").data


def test_the_verifier_is_handed_out_with_the_log(browser: Browser) -> None:
    response = browser.client.get("/ledger/verify_receipt.py")
    assert response.headers["Content-Type"].startswith("text/x-python")
    with open(verify_receipt.__file__, "rb") as file:  # noqa: PTH123 - a module's own path
        assert response.data == file.read()


def test_a_deadline_that_has_passed_is_counted_by_itself(browser: Browser) -> None:
    purge = browser.purged(done=False)
    purge.deadline_at = purge.requested_at - timedelta(seconds=1)
    with db.write() as session:
        ledger.promise(session, purge)
    said = _words(browser.client.get("/deletions").text)
    assert "Under way 1 1 overdue" in said
