"""The ledger: every purge promised and receipted once, in one unbroken chain, on both databases."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import verify_receipt
from app.core.errors import Busy
from app.extensions import bound, db
from app.models import LedgerEntry, Purge
from app.operations.receipts import ledger
from app.operations.receipts.public_log import deletions, keys, log
from app.operations.receipts.signing import signing_key
from app.operations.receipts.statements import BY_HAND
from proof.receipts import due_purge, finish
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.grant.other_processes import processes, settings

Made = TypeVar("Made")
pytestmark = pytest.mark.usefixtures("tenant")


def _purge(session: Session, handle: str) -> Purge:
    found: Purge = session.scalars(select(Purge).where(Purge.handle == handle)).one()
    return found


def _promised() -> str:
    with db.write() as session:
        purge = due_purge(session)
        ledger.promise(session, purge)
        return purge.handle


def _receipted(handle: str | None = None, **values: Any) -> dict[str, Any]:
    """Finish a purge with these values; what its receipt states."""
    handle = handle or _promised()
    with db.write() as session:
        purge = _purge(session, handle)
        finish(purge)
        for name, value in values.items():
            setattr(purge, name, value)
        ledger.receipt(session, purge)
    return ledger.statement(_files(handle)["receipt"])


def _files(handle: str) -> dict[str, LedgerEntry]:
    with db.read() as session:
        return {entry.kind: entry for entry in ledger.entries(session, handle)}


def _chain() -> list[verify_receipt.Entry]:
    return verify_receipt.chain(verify_receipt.read(b"".join(log())))


def test_a_promise_states_the_request_and_its_deadline() -> None:
    handle = _promised()
    stated = ledger.statement(_files(handle)["promise"])
    with db.read() as session:
        purge = _purge(session, handle)
    assert stated["purge"] == handle
    assert stated["connection"] == purge.epoch_handle
    assert stated["cause"] == "disconnect"
    assert verify_receipt.check(ledger.file(_files(handle)["promise"]))
    requested, due = stated["requested_at"], stated["deadline_at"]
    assert requested.endswith("Z")
    assert due > requested


def test_a_receipt_names_its_promise_and_keeps_it() -> None:
    handle = _promised()
    stated = _receipted(handle)
    made = _files(handle)
    assert stated["promise"] == made["promise"].hash.hex()
    assert stated["rows"]["incident"] == 12_000
    assert stated["recheck"] == {"rows": 0, "tables": 40}
    assert stated["downloads"][0]["file"] == "report.json"
    assert stated["downloads"][0]["sha256"] == "00" * 32
    assert stated["late"] is False
    said = verify_receipt.check(
        ledger.file(made["receipt"]), promise=ledger.file(made["promise"]), log=b"".join(log())
    )
    assert "keeps its promise" in said
    assert "entry 2 of a log of 2" in said


def test_a_late_receipt_says_so_and_the_breach_is_recorded() -> None:
    handle = _promised()
    with db.write() as session:
        purge = _purge(session, handle)
        ledger.breach(session, purge)
        late = purge.deadline_at + timedelta(seconds=1)
    assert _receipted(handle, finished_at=late)["late"] is True
    made = _files(handle)
    assert list(made) == ["promise", "breach", "receipt"]
    with pytest.raises(verify_receipt.Refused, match="The promise was broken"):
        verify_receipt.check(ledger.file(made["receipt"]), promise=ledger.file(made["promise"]))


@pytest.mark.parametrize("outcome", ["revoked", "not_offered", "failed", None])
def test_a_receipt_says_what_became_of_the_access_and_what_to_do(outcome: str | None) -> None:
    found = _receipted(revocation=outcome)["revocation"]
    assert found["outcome"] == (outcome or "unknown")
    assert found["by_hand"] == (None if outcome == "revoked" else BY_HAND)
    assert found["said"].startswith("Not revoked") is (outcome != "revoked")


def test_a_receipt_says_what_was_not_searched_and_why() -> None:
    stages = {"residue": {"at": "2026-03-01T00:00:00Z", "log": "not searched", "found": 0}}
    assert "role" in _receipted(stages=stages)["residue"]["why"]
    searched = {"residue": {**stages["residue"], "log": "searched"}}
    assert _receipted(stages=searched)["residue"] == {"log": "searched", "found": 0}


def test_no_finding_keeps_a_receipt_from_being_written() -> None:
    stages = {"residue": {"at": "2026-03-01T00:00:00Z", "seconds": 0.25, "of": [1.5]}}
    assert _receipted(stages=stages)["stages"]["residue"] == {
        "at": "2026-03-01T00:00:00Z",
        "seconds": "0.25",
        "of": ["1.5"],
    }


def test_a_receipt_is_not_written_before_the_end() -> None:
    handle = _promised()
    with pytest.raises(ValueError, match="no end"), db.write() as session:
        ledger.receipt(session, _purge(session, handle))


def test_a_deletion_of_before_the_promises_has_a_receipt_without_one() -> None:
    with db.write() as session:
        handle = due_purge(session).handle
    assert _receipted(handle)["promise"] is None


def test_a_transaction_that_is_rolled_back_promised_nothing() -> None:
    first = _promised()

    with db.engine.connect() as connection, Session(connection) as session:
        ledger.promise(session, due_purge(session))
        session.rollback()
    second = _promised()
    assert [entry.statement["purge"] for entry in _chain()] == [first, second]


def append(count: int) -> list[str]:
    """In another process: so many disconnects, each with its promise and its end."""
    handles = [_retried(_promised) for _ in range(count)]
    for handle in handles:
        _retried(partial(_receipted, handle))
    return handles


def _retried(act: Callable[[], Made]) -> Made:
    """Ask again where the lock was not to be had, as a browser or the sweeper does."""
    while True:
        with suppress(Busy):
            return act()


def test_eight_processes_that_append_at_once_make_one_unbroken_chain() -> None:
    with processes(8, settings()) as pool:
        futures = [pool.submit(append, 5) for _ in range(8)]
        handles = {handle for each in futures for handle in each.result(90)}
    entries = _chain()
    assert len(entries) == 2 * len(handles) == 80
    assert {entry.statement["purge"] for entry in entries} == handles
    assert len({entry.public_key for entry in entries}) == 1


def test_a_lost_key_breaks_no_chain_and_stays_known() -> None:
    first = _promised()
    for path in bound.config.keystore.glob("signing*"):
        path.unlink()
    _promised()
    entries = _chain()
    assert len({entry.public_key for entry in entries}) == 2
    with db.read() as session:
        known = keys(session)
    assert [(key["first"], key["last"], key["current"]) for key in known] == [
        (1, 1, False),
        (2, 2, True),
    ]
    old = ledger.file(_files(first)["promise"])
    assert "you expect" in verify_receipt.check(old, key=known[0]["public_key"])
    with pytest.raises(verify_receipt.Refused, match="not signed with the key"):
        verify_receipt.check(old, key=known[1]["public_key"])


def test_the_key_is_known_before_anything_is_signed() -> None:
    with db.read() as session:
        known = keys(session)
    assert known == [
        {
            "key": signing_key().id,
            "public_key": signing_key().public.hex(),
            "first": None,
            "last": None,
            "current": True,
        }
    ]


def test_the_public_figures_count_what_is_late_and_how_long_it_took() -> None:
    for seconds in (1, 2, 30):
        handle = _promised()
        with db.read() as session:
            requested = _purge(session, handle).requested_at
        _receipted(handle, finished_at=requested + timedelta(seconds=seconds))
    handle = _promised()
    with db.read() as session:
        due = _purge(session, handle).deadline_at
        found = deletions(session, due)
        later = deletions(session, due + timedelta(seconds=1))
    assert (found.promises, found.receipts, found.under_way, found.overdue) == (4, 3, 1, 0)
    assert (found.half, found.most, found.longest) == (2, 30, 30)
    assert later.overdue == 1
    assert found.head is not None
    assert found.head.sequence == 7


def test_a_purge_that_was_taken_out_of_its_table_is_still_owed() -> None:
    handle = _promised()
    with db.write() as session:
        purge = _purge(session, handle)
        due = purge.deadline_at
        session.delete(purge)
    with db.read() as session:
        assert deletions(session, due + timedelta(seconds=1)).overdue == 1


def test_nothing_in_the_log_names_a_client_or_a_firm(tenant: Tenant) -> None:
    with db.write() as session:
        purge = due_purge(session)
        purge.engagement_id = tenant.engagement.id
        ledger.promise(session, purge)
        finish(purge)
        ledger.receipt(session, purge)
    public = b"".join(log()).decode()
    for name in ("Firm", "Acme", "acme", tenant.engagement.handle, "firm.example"):
        assert name not in public


def test_an_empty_log_is_a_list() -> None:
    assert b"".join(log()) == b"[]"
    assert _chain() == []
