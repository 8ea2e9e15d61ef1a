"""Everyone with a promise or a receipt can check it, and no bit of it can change."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from app.core.clock import now
from app.core.config import Config
from app.extensions import bind, db
from app.models import Engagement, LedgerEntry, Purge
from app.operations.deletion.disconnect import disconnect
from app.operations.deletion.purge import purge
from app.operations.receipts import ledger
from app.operations.receipts.public_log import log
from app.verify_receipt import Entry, Refused, chain, check, read
from proof.receipts import changed, due_purge, finish, is_refused, promise_and_receipt
from tests.factories.accounts import add_engagement, add_member
from tests.unit.operations.conftest import Tenant

ONE_DELETION = pytest.mark.parametrize("number", [0, 1], ids=["promise", "receipt"])


@pytest.fixture(scope="module")
def files() -> list[bytes]:
    return promise_and_receipt()


@ONE_DELETION
def test_every_change_of_one_bit_is_refused(files: list[bytes], number: int) -> None:
    content = files[number]
    assert not is_refused(content)
    passed = [bit for bit, other in enumerate(changed(content)) if not is_refused(other)]
    assert passed == [], "these bits can be changed"


@ONE_DELETION
def test_every_cut_and_every_addition_is_refused(files: list[bytes], number: int) -> None:
    content = files[number]
    for place in range(len(content)):
        assert is_refused(content[:place])
        assert is_refused(content[:place] + content[place + 1 :])
        assert is_refused(content[:place] + b" " + content[place:])
    assert is_refused(content + b"\n")


@pytest.fixture
def engagement(tmp_path: Path, database_url: str) -> Iterator[Engagement]:
    environ = {"TACIT_INSTANCE": str(tmp_path), "REDIS_URL": f"unix://{tmp_path}/no"}
    short = {"TACIT_REVOCATION_SECONDS": "0.01", "TACIT_QUEUE_PATIENCE_SECONDS": "0.01"}
    bind(Config.from_env({**environ, **short, "DATABASE_URL": database_url}))
    with db.write() as session:
        member = add_member(session)
        opened = add_engagement(session, member.firm_id, "Client")
    yield opened
    db.engine.dispose()


def _disconnected(engagement: Engagement) -> str:
    """Connect and disconnect; the handle of the purge."""
    Tenant(engagement.firm_id, engagement).connect()
    with db.write() as session:
        return disconnect(session, engagement).purge.handle


def _made(handle: str) -> dict[str, bytes]:
    with db.read() as session:
        return {entry.kind: ledger.file(entry) for entry in ledger.entries(session, handle)}


def _chain() -> list[Entry]:
    return chain(read(b"".join(log())))


def test_a_disconnect_is_promised_at_once_and_receipted_at_its_end(engagement: Engagement) -> None:
    handle = _disconnected(engagement)
    assert list(_made(handle)) == ["promise"]
    assert purge(handle)
    made = _made(handle)
    assert list(made) == ["promise", "receipt"]
    said = check(made["receipt"], promise=made["promise"], log=b"".join(log()))
    assert "keeps its promise" in said
    stated = json.loads(made["receipt"])["entry"]["statement"]
    with db.read() as session:
        done = session.scalars(select(Purge).where(Purge.handle == handle)).one()
    assert done.state == "done"
    assert stated["rows"] == done.rows
    assert stated["stages"] == done.stages
    assert stated["recheck"]["rows"] == 0
    assert stated["recheck"]["tables"] > 20
    assert stated["residue"]["found"] == 0
    assert stated["keys_destroyed_at"] is not None
    assert len(stated["allow_list_hash"]) == len(stated["build"]["sources"]) == 64


def test_every_purge_has_a_promise_and_every_promise_a_purge(engagement: Engagement) -> None:
    handles = [_disconnected(engagement) for _ in range(3)]
    assert purge(handles[0])
    with db.read() as session:
        purges = set(session.scalars(select(Purge.handle)))
        kinds = select(LedgerEntry.kind, LedgerEntry.purge_handle)
        stated = {(row.kind, row.purge_handle) for row in session.execute(kinds)}
    assert purges == set(handles)
    assert stated == {*(("promise", handle) for handle in handles), ("receipt", handles[0])}


def test_disconnecting_twice_promises_once(engagement: Engagement) -> None:
    handle = _disconnected(engagement)
    with db.write() as session:
        assert disconnect(session, engagement).purge.handle == handle
    assert purge(handle)
    assert purge(handle)
    assert [entry.kind for entry in _chain()] == ["promise", "receipt"]


def test_a_client_with_a_promise_can_prove_that_it_was_broken(engagement: Engagement) -> None:
    handle = _disconnected(engagement)
    past = now() - timedelta(hours=25)
    with db.write() as session:
        session.execute(
            update(Purge).values(requested_at=past, deadline_at=past + timedelta(hours=24))
        )
    assert purge(handle)
    made = _made(handle)
    assert json.loads(made["receipt"])["entry"]["statement"]["late"] is True
    # The row says another deadline than was promised: that alone is refused.
    with pytest.raises(Refused, match="do not belong together"):
        check(made["receipt"], promise=made["promise"])


_TAMPERED = {
    "an entry taken out": "DELETE FROM ledger_entry WHERE sequence = 2",
    "the first taken out": "DELETE FROM ledger_entry WHERE sequence = 1",
    "a time changed": 'UPDATE ledger_entry SET body = replace(body, \'"at":"2\', \'"at":"1\')',
    "a count changed": "UPDATE ledger_entry SET body = replace(body, '\"token\":1', '\"token\":9')",
    "a signature moved": (
        "UPDATE ledger_entry SET signature = "
        "(SELECT other.signature FROM ledger_entry other WHERE other.sequence = 1)"
    ),
}


@pytest.mark.usefixtures("engagement")
@pytest.mark.parametrize("statement", _TAMPERED.values(), ids=_TAMPERED)
def test_a_change_of_the_log_in_the_database_is_detected(statement: str) -> None:
    for _ in range(2):
        with db.write() as session:
            made = due_purge(session)
            ledger.promise(session, made)
            finish(made)
            ledger.receipt(session, made)
    assert len(_chain()) == 4
    with db.write() as session:
        session.connection().exec_driver_sql(statement)
    with pytest.raises(Refused):
        _chain()


def test_a_truncated_log_lacks_an_entry_that_a_client_has(
    engagement: Engagement,
) -> None:
    handle = _disconnected(engagement)
    assert purge(handle)
    kept = _made(handle)["receipt"]
    with db.write() as session:
        newest = select(func.max(LedgerEntry.sequence)).scalar_subquery()
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.sequence == newest)).one()
        session.delete(entry)
    with pytest.raises(Refused, match="does not contain"):
        check(kept, log=b"".join(log()))


def test_the_log_outlives_the_firm(engagement: Engagement) -> None:
    assert purge(_disconnected(engagement))
    before = b"".join(log())
    with db.write() as session:
        session.execute(text("DELETE FROM engagement"))
        session.execute(text("DELETE FROM firm"))
    assert b"".join(log()) == before
