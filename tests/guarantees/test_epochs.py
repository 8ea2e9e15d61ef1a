"""Deleted on disconnect: everything collected hangs from its epoch and leaves with it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, LargeBinary, Table, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.config import Config
from app.core.errors import EpochClosed
from app.extensions import bind, db, keystore
from app.models import (
    Base,
    Engagement,
    Epoch,
    Firm,
    Purge,
    Token,
    new_handle,
)
from app.models.base import UtcDateTime
from app.operations.assessments.read import latest_assessment
from app.operations.deletion.disconnect import disconnect
from app.operations.deletion.purge import epoch_tables, purge
from app.operations.transactions.fence import lock_open_epoch
from tests.factories.accounts import add_connection, add_engagement, add_epoch

NOW = datetime(2026, 3, 1, tzinfo=UTC)
# One file and its log: what PostgreSQL keeps on disk after a delete is its operator's to clear.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def database(tmp_path: Path, database_url: str) -> Iterator[None]:
    environ = {"TACIT_INSTANCE": str(tmp_path), "REDIS_URL": f"unix://{tmp_path}/no"}
    # Nobody answers here: neither a queue server nor PagerDuty.
    short = {"TACIT_QUEUE_PATIENCE_SECONDS": "0.001", "TACIT_REVOCATION_SECONDS": "0.001"}
    bind(Config.from_env({**environ, **short, "DATABASE_URL": database_url}))
    yield
    db.engine.dispose()


def _filler(table: Table, name: str) -> object:
    column = table.c[name]
    if isinstance(column.type, LargeBinary):
        return os.urandom(column.type.length or 16)
    if column.name == "handle":
        return new_handle()
    if column.name == "state":
        return "open" if table.name == "window" else "queued"
    if isinstance(column.type, UtcDateTime):
        return NOW
    if isinstance(column.type, JSON):
        return {}
    return {int: 1, bool: False, str: "services"}[column.type.python_type]


def _fill(session: Session, epoch: Epoch) -> None:
    """A row in every table that hangs from the epoch, parents first."""
    for table in reversed(epoch_tables()):
        row = {
            column.name: _filler(table, column.name)
            for column in table.columns
            if not column.nullable
            and not (column.primary_key and column.name == "id" and column.type.python_type is int)
        }
        row["epoch_id"] = epoch.id
        for key in table.foreign_keys:
            parent = key.column.table
            if "epoch_id" in parent.c:
                own = select(key.column).where(parent.c.epoch_id == epoch.id)
                row[key.parent.name] = session.scalar(own)
        session.execute(insert(table).values(row))


def _counts(session: Session, epoch_id: bytes) -> dict[str, int]:
    return {
        table.name: session.scalar(
            select(func.count()).select_from(table).where(table.c.epoch_id == epoch_id)
        )
        or 0
        for table in epoch_tables()
    }


def two_tenants() -> tuple[tuple[Engagement, bytes, str], tuple[Engagement, bytes, str]]:
    with db.write() as session:
        firm = Firm(name="Firm", created_at=NOW)
        session.add(firm)
        session.flush()
        found = []
        for _ in range(2):
            engagement = add_engagement(session, firm.id, "Client")
            epoch = add_epoch(session, add_connection(session, engagement))
            keystore.create(epoch.handle)
            _fill(session, epoch)
            found.append((engagement, epoch.id, epoch.handle))
    return found[0], found[1]


@pytest.mark.parametrize("table", epoch_tables(), ids=lambda table: table.name)
def test_every_table_under_an_epoch_is_deleted_with_it(table: Table) -> None:
    keys = [key for key in table.c.epoch_id.foreign_keys if key.column.table.name == "epoch"]
    assert [key.ondelete for key in keys] == ["CASCADE"]
    assert not table.c.epoch_id.nullable


def test_a_purge_removes_every_row_of_one_client_and_none_of_another() -> None:
    (gone, gone_id, gone_handle), (_, kept_id, kept_handle) = two_tenants()
    with db.read() as session:
        before = _counts(session, kept_id)
        assert set(before.values()) == {1}
    with db.write() as session:
        handle = disconnect(session, gone).purge.handle
    assert purge(handle)
    with db.read() as session:
        assert set(_counts(session, gone_id).values()) == {0}
        assert session.get(Epoch, gone_id) is None
        assert _counts(session, kept_id) == before
        done = session.scalar(select(Purge).where(Purge.handle == handle))
        assert done is not None
        assert done.state == "done"
        assert done.epoch_id is None
        assert done.rows == {**dict.fromkeys(before, 1), "epoch": 1}
    assert not (keystore.destroy(gone_handle))
    assert keystore.read(kept_handle)


def _shown(session: Session, engagement: Engagement) -> dict[str, list[dict[str, object]]]:
    """What any table says of an engagement, but for receipts; of names and moments only if any."""
    return {
        table.name: [
            {
                column.name: row[column.name] is not None if _is_own(column) else row[column.name]
                for column in table.columns
            }
            for row in session.execute(
                select(table).where(table.c.engagement_id == engagement.id)
            ).mappings()
        ]
        for table in Base.metadata.sorted_tables
        if "engagement_id" in table.c and table.name != "purge"
    }


def _is_own(column: Column[object]) -> bool:
    named = column.primary_key or column.foreign_keys or column.name == "handle"
    return bool(named) or isinstance(column.type, UtcDateTime)


def test_after_a_deletion_no_row_shows_whether_records_existed() -> None:
    (full, _, _), (empty, empty_id, _) = two_tenants()
    with db.write() as session:
        for table in epoch_tables():
            session.execute(delete(table).where(table.c.epoch_id == empty_id))
    for engagement in (full, empty):
        with db.write() as session:
            handle = disconnect(session, engagement).purge.handle
        assert purge(handle)
    with db.read() as session:
        assert _shown(session, full) == _shown(session, empty)
        assert _shown(session, full)["connection"]


def test_the_disconnect_itself_takes_the_tokens_and_the_assessment_away() -> None:
    (engagement, epoch_id, _), _ = two_tenants()
    with db.write() as session:
        disconnect(session, engagement)
    with db.read() as session:
        assert session.get(Token, epoch_id) is None
        assert latest_assessment(session, engagement) is None


def test_nothing_is_written_under_a_closed_epoch() -> None:
    (engagement, epoch_id, _), _ = two_tenants()
    with db.write() as session:
        disconnect(session, engagement)
    with pytest.raises(EpochClosed), db.write() as session:
        lock_open_epoch(session, epoch_id)


def test_nothing_is_written_under_an_epoch_that_is_gone() -> None:
    (engagement, epoch_id, _), _ = two_tenants()
    with db.write() as session:
        handle = disconnect(session, engagement).purge.handle
    purge(handle)
    table = Base.metadata.tables["service"]
    with pytest.raises(IntegrityError), db.write() as session:
        session.execute(insert(table).values(epoch_id=epoch_id, id=os.urandom(16), run_id=1))


@ON_SQLITE
def test_after_a_purge_no_file_of_the_database_contains_the_epoch(tmp_path: Path) -> None:
    (engagement, epoch_id, _), _ = two_tenants()
    reader = db.engine.connect()
    files = sorted(tmp_path.glob("tacit.db*"))
    assert any(epoch_id in path.read_bytes() for path in files), "the search finds what is there"
    with db.write() as session:
        handle = disconnect(session, engagement).purge.handle
    assert purge(handle)
    found = [path.name for path in tmp_path.glob("tacit.db*") if epoch_id in path.read_bytes()]
    reader.close()
    assert found == []


@ON_SQLITE
def test_a_purge_stays_due_while_a_reader_uses_the_log() -> None:
    (engagement, _, _), _ = two_tenants()
    with db.write() as session:
        handle = disconnect(session, engagement).purge.handle
    with db.engine.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM firm").fetchall()
        assert not purge(handle)
    assert purge(handle)
