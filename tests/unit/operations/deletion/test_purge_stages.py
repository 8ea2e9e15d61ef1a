"""A purge completes its stages after every interruption, and notes what blocks it."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text, update

from app import sweep
from app.core.crash_points import CrashPoint
from app.core.errors import LeaseLost
from app.extensions import bound, db, keystore
from app.models import Purge
from app.models.purge import Stage
from app.operations.deletion.purge import STAGES, clear_due, clear_once, purge
from app.operations.deletion.purge.boot import StartCheck
from app.operations.deletion.purge.claimed import ClaimedPurge, Code
from app.operations.deletion.purge.rows import counted
from app.operations.deletion.purge.search_patterns import search_files
from app.operations.deletion.purge.stages import FIRST
from app.operations.receipts import ledger
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.purges import ROWS, age, clear_lease, due_purge, found, hurry, in_hand

ORDER = tuple(Stage)


@pytest.fixture(autouse=True)
def short_deadlines(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def _assert_gone(handle: str, epoch_id: bytes) -> None:
    done = found(handle)
    assert (done.state, done.epoch_id, done.last_code) == ("done", None, None)
    assert tuple(done.stages) == ORDER
    assert all("at" in facts for facts in done.stages.values())
    assert (done.rows["team"], done.rows["epoch"], done.rows["token"]) == (ROWS, 1, 1)
    with db.read() as session:
        assert set(counted(session, epoch_id).values()) == {0}
        kinds = [entry.kind for entry in ledger.entries(session, handle)]
    assert kinds == ["promise", "receipt"]


def test_every_stage_is_gone_through_in_order(tenant: Tenant) -> None:
    due = due_purge(tenant)
    assert purge(due.handle)
    _assert_gone(due.handle, due.epoch_id)
    stages = found(due.handle).stages
    assert stages["recount"]["rows"] == stages["verified"]["rows"] == 0
    assert stages["recount"]["tables"] > 40
    assert stages["queue"]["reached"] is False
    assert stages["revocation"]["outcome"] == "unknown"
    assert stages["verified"]["queue"] == "not reached"
    assert purge(due.handle), "a second call finds it done"


@pytest.mark.parametrize("many", [5000, 12_345])
def test_no_transaction_deletes_more_than_5000_rows(tenant: Tenant, many: int) -> None:
    due = due_purge(tenant, many)
    counts = [0]

    @event.listens_for(db.engine, "after_cursor_execute")
    def executed(_connection: Connection, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith("DELETE FROM team"):
            counts[-1] += cursor.rowcount

    @event.listens_for(db.engine, "commit")
    def committed(_connection: Connection) -> None:
        counts.append(0)

    assert purge(due.handle)
    assert sum(counts) == found(due.handle).rows["team"] == many
    assert max(counts) == 5000


def test_every_stage_done_twice_is_done_once(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_purge(tenant)

    def twice(name: Stage) -> None:
        once = STAGES[name]

        def again(work: ClaimedPurge) -> dict[str, int | bool | str]:
            once(work)
            return once(work)

        monkeypatch.setitem(STAGES, name, again)

    for name in tuple(STAGES):
        twice(name)
    assert purge(due.handle)
    _assert_gone(due.handle, due.epoch_id)


@pytest.mark.parametrize("name", [Stage.KEYS, Stage.ROWS, Stage.RESIDUE, Stage.RECEIPTED])
def test_a_process_without_the_lease_writes_nothing(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    due = due_purge(tenant)
    point = CrashPoint(f"purge.{name}.begin")

    def steal(reached: CrashPoint) -> None:
        if reached == point:
            with db.write() as session:
                session.execute(update(Purge).values(lease_owner="other"))

    monkeypatch.setattr("app.operations.deletion.purge.run.reach", steal)
    assert not purge(due.handle)
    left = found(due.handle)
    assert tuple(left.stages) == ORDER[: ORDER.index(name)]
    assert (left.state, left.lease_owner) == ("due", "other")


def test_a_table_that_only_the_database_knows_is_counted(tenant: Tenant) -> None:
    due = due_purge(tenant)
    kind = "bytea" if db.engine.dialect.name == "postgresql" else "blob"
    with db.write() as session:
        session.execute(text(f"CREATE TABLE stray (epoch_id {kind})"))
        session.execute(text("INSERT INTO stray VALUES (:id)"), {"id": due.epoch_id})
    assert not purge(due.handle)
    blocked = found(due.handle)
    assert (blocked.last_code, blocked.lease_owner) == (Code.ROWS_LEFT, None)
    with db.write() as session:
        session.execute(text("DELETE FROM stray"))
    assert purge(due.handle)
    _assert_gone(due.handle, due.epoch_id)


def test_nothing_is_left_that_carries_the_epochs_name(tenant: Tenant) -> None:
    due = due_purge(tenant)
    keys, instance = bound.config.keystore, bound.config.instance
    (keys / f".{due.epoch_handle}.key.new").write_bytes(b"half")
    (instance / "spool").mkdir()
    (instance / "spool" / f"{due.epoch_handle}.part").write_bytes(b"page")
    (instance / due.epoch_handle).mkdir()
    (instance / due.epoch_handle / "more").write_bytes(b"page")
    assert purge(due.handle)
    assert list(instance.rglob(f"*{due.epoch_handle}*")) == []
    # The folder in the instance folder and the file under spool; the keys' stage had its own.
    assert found(due.handle).stages["files"]["removed"] == 2


def test_a_key_that_cannot_be_removed_blocks_the_purge(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_purge(tenant)
    keys = bound.config.keystore / f"{due.epoch_handle}.key"
    kept = keys.read_bytes()

    def refuse(_handle: str) -> bool:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(keystore, "destroy", refuse)
        assert not purge(due.handle)
    blocked = found(due.handle)
    assert blocked.last_code == Code.STORAGE
    assert keys.read_bytes() == kept
    # The rows need no key to go.
    assert set(blocked.stages) == {"rows", "recount"}
    with db.read() as session:
        assert set(counted(session, due.epoch_id).values()) == {0}
    assert purge(due.handle)
    assert not keys.exists()


def test_what_the_verification_finds_makes_every_stage_run_again(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_purge(tenant)
    once = STAGES[Stage.REVOCATION]

    def restore(work: ClaimedPurge) -> dict[str, int | bool | str]:
        # A keystore that comes back from a backup just now.
        (bound.config.keystore / f"{work.epoch_handle}.key").write_bytes(b"from a backup")
        return once(work)

    with monkeypatch.context() as patch:
        patch.setitem(STAGES, Stage.REVOCATION, restore)
        assert not purge(due.handle)
    blocked = found(due.handle)
    assert blocked.last_code == Code.NOT_VERIFIED
    assert "verified" not in blocked.stages
    assert purge(due.handle)
    _assert_gone(due.handle, due.epoch_id)


def test_an_outcome_of_the_revocation_is_waited_for(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_purge(tenant)
    hurry(monkeypatch, revocation=timedelta(seconds=3))

    def note() -> None:
        with db.write() as session:
            session.execute(update(Purge).values(revocation="revoked"))

    timer = threading.Timer(0.8, note)
    timer.start()
    assert purge(due.handle)
    timer.join()
    assert found(due.handle).stages["revocation"]["outcome"] == "revoked"


def test_an_internal_error_is_a_code_and_blocks_no_other_purge(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_purge(tenant)
    once = STAGES[Stage.FILES]

    def fail(work: ClaimedPurge) -> dict[str, int | bool | str]:
        if work.handle == due.handle:
            raise ZeroDivisionError
        return once(work)

    other = due_purge(tenant)
    for handle in (due.handle, other.handle):
        age(handle, timedelta(minutes=1))
    with monkeypatch.context() as patch:
        patch.setitem(STAGES, Stage.FILES, fail)
        sweep.finish_purges()
    assert found(other.handle).state == "done"
    blocked = found(due.handle)
    assert (blocked.state, blocked.last_code, blocked.lease_owner) == ("due", Code.INTERNAL, None)
    assert tuple(blocked.stages) == ("keys", "rows", "recount", "queue")
    sweep.finish_purges()
    assert found(due.handle).state == "done"


def test_a_stage_of_a_purge_claimed_elsewhere_is_refused(tenant: Tenant) -> None:
    due = due_purge(tenant)
    work = in_hand(due.handle)
    with db.write() as session:
        session.execute(update(Purge).values(lease_owner="other"))
    with pytest.raises(LeaseLost):
        STAGES[Stage.ROWS](work)


def _came_through() -> bool:
    return StartCheck.passed


@pytest.fixture
def unchecked_start() -> Iterator[None]:
    before, StartCheck.passed = StartCheck.passed, False
    yield
    StartCheck.passed = before


@pytest.mark.usefixtures("unchecked_start")
@pytest.mark.parametrize("start_check", [clear_due, clear_once])
def test_no_process_starts_before_due_keys_and_rows_are_deleted(
    tenant: Tenant, start_check: object
) -> None:
    fresh, old = due_purge(tenant), due_purge(tenant)
    age(old.handle, timedelta(minutes=1))
    assert callable(start_check)
    start_check()
    assert tuple(found(old.handle).stages) == FIRST
    assert found(old.handle).lease_owner is None
    assert found(fresh.handle).stages == {}
    with db.read() as session:
        assert set(counted(session, old.epoch_id).values()) == {0}
    sweep.finish_purges()
    assert found(old.handle).state == "done"


def test_the_check_at_the_start_skips_claimed_purges(tenant: Tenant) -> None:
    due = due_purge(tenant)
    in_hand(due.handle)
    age(due.handle, timedelta(minutes=1))
    clear_due()
    assert found(due.handle).stages == {}


@pytest.mark.usefixtures("unchecked_start")
def test_the_start_check_does_not_pass_while_the_database_is_unavailable(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_purge(tenant)
    age(due.handle, timedelta(minutes=1))
    url = db.engine.url
    db.bind("sqlite:////nowhere/at/all.db")
    clear_once()
    assert not _came_through()
    db.bind(url.render_as_string(hide_password=False))
    clear_once()
    assert _came_through()
    assert tuple(found(due.handle).stages) == FIRST


def test_a_check_writes_nothing(tenant: Tenant) -> None:
    with db.read_only() as session:
        assert counted(session, bytes(16))["epoch"] == 0
        with pytest.raises(Exception, match=r"(?i)read-?only"):
            session.execute(text("DELETE FROM purge"))


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _leave_behind(path: Path, trace: bytes) -> None:
    """Put it where a b-tree that moved a cell leaves it: in the unused bytes of a leaf page."""
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    for page in range(size, len(content), size):
        count = int.from_bytes(content[page + 3 : page + 5], "big")
        begins = int.from_bytes(content[page + 5 : page + 7], "big")
        if content[page] in {0x0A, 0x0D} and begins - 8 - 2 * count > 2 * len(trace):
            content[page + begins - len(trace) : page + begins] = trace
            path.write_bytes(content)
            return
    raise AssertionError("no page has room")


@ON_SQLITE
def test_rows_left_by_page_splits_of_an_index_are_cleared(tenant: Tenant, tmp_path: Path) -> None:
    due = due_purge(tenant)
    db.truncate_log()
    db.engine.dispose()
    _leave_behind(tmp_path / "tacit.db", due.epoch_id)
    STAGES[Stage.ROWS](in_hand(due.handle))
    assert db.truncate_log()
    assert search_files([tmp_path / "tacit.db"], due.epoch_id).found == 1
    clear_lease(due.handle)
    assert purge(due.handle)
    assert search_files([tmp_path / "tacit.db"], due.epoch_id).found == 0
    assert found(due.handle).stages["residue"]["rewritten"] is True


@ON_SQLITE
def test_the_file_is_vacuumed_only_without_a_writer(tenant: Tenant, tmp_path: Path) -> None:
    due = due_purge(tenant)
    db.truncate_log()
    db.engine.dispose()
    _leave_behind(tmp_path / "tacit.db", due.epoch_id)
    with db.write() as session:
        session.execute(text("UPDATE firm SET name = name"))
        assert not db.vacuum()
    assert db.vacuum()
    assert purge(due.handle)
