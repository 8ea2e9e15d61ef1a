"""PostgreSQL's files: the epoch's id is found there before, and in none of them afterwards."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, create_engine, text, update

from app.core.clock import now
from app.extensions import bound, db
from app.models import CollectionRun, Epoch
from app.operations.deletion.purge import postgres as residue
from app.operations.deletion.purge import purge
from app.operations.deletion.purge.claimed import Code, Facts, StageBlocked
from app.operations.deletion.purge.search_patterns import search_files
from app.operations.deletion.purge.server_files import (
    log_files,
    relation_files,
    search_server_files,
)
from app.processes.process_list import ROOT
from tests.postgres import Postgres
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.purges import (
    GRANTS,
    able,
    age,
    due_purge,
    due_purge_after,
    fill,
    found,
    hurry,
    insert_teams,
)

pytestmark = [
    pytest.mark.new_database,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
MANY = 500


@pytest.fixture(autouse=True)
def short_deadlines(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@pytest.fixture
def powers(tenant: Tenant) -> Iterator[None]:
    """From here on the product's role may read the server's files and turn its log over."""
    with able(db.engine.url.render_as_string(hide_password=False)) as url:
        db.bind(url)
        yield


@contextmanager
def _administrator() -> Iterator[Connection]:
    owner = db.engine.url.set(username="postgres")
    engine = create_engine(owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def log_is_not_recycled(tenant: Tenant) -> Iterator[None]:
    """The server removes old segments of its log instead of using them again."""
    with _administrator() as administrator:
        administrator.execute(text("ALTER SYSTEM SET wal_recycle = off"))
        administrator.execute(text("SELECT pg_reload_conf()"))
        yield
        administrator.execute(text("ALTER SYSTEM RESET wal_recycle"))
        administrator.execute(text("SELECT pg_reload_conf()"))


def _hits(epoch_id: bytes) -> tuple[int, int]:
    """In files of the database and of the log, as the server sees them."""
    with db.maintain() as connection:
        connection.execute(text("CHECKPOINT"))
        searches = [
            search_server_files(connection, files, epoch_id)
            for files in (relation_files, log_files)
        ]
    database, log = searches
    assert database is not None
    assert log is not None
    return database.found, log.found


@pytest.mark.usefixtures("powers")
def test_after_a_purge_neither_tables_nor_log_contain_the_epoch(
    tenant: Tenant, postgres: Postgres
) -> None:
    due = due_purge(tenant, MANY)
    database, log = _hits(due.epoch_id)
    assert database >= 1, "the search finds what is there"
    assert log >= 1, "the search finds what is there"
    assert search_files(postgres.files(), due.epoch_id).found >= 2
    assert purge(due.handle)
    assert _hits(due.epoch_id) == (0, 0)
    assert search_files(postgres.files(), due.epoch_id).found == 0
    stages = found(due.handle).stages
    for name in ("residue", "verified"):
        assert (stages[name]["database"], stages[name]["log"]) == ("searched", "searched")
        assert stages[name]["bytes"] > 16 * 2**20
    assert stages["residue"]["rewritten"] == stages["residue"]["tables"] >= 3
    assert stages["residue"]["log_recycled"] is True


@pytest.mark.usefixtures("log_is_not_recycled", "powers")
def test_a_log_that_is_not_recycled_is_clear_after_few_turns(tenant: Tenant) -> None:
    due = due_purge(tenant, MANY)
    assert _hits(due.epoch_id)[1] >= 1, "the search finds what is there"
    assert purge(due.handle)
    assert _hits(due.epoch_id) == (0, 0)
    facts = found(due.handle).stages["residue"]
    assert (facts["log"], facts["log_recycled"]) == ("searched", False)


class _Aborted(Exception):
    """A page that is rolled back."""


@pytest.mark.usefixtures("powers")
def test_rows_that_were_never_committed_are_cleared_too(tenant: Tenant) -> None:
    due = due_purge_after(tenant, _never_committed)
    assert purge(due.handle)
    assert _hits(due.epoch_id) == (0, 0)
    assert found(due.handle).rows["team"] == 0


def _never_committed(epoch: Epoch) -> None:
    with suppress(_Aborted), db.write() as session:
        insert_teams(session, epoch, MANY)
        raise _Aborted


@pytest.mark.usefixtures("powers")
def test_what_the_planner_knew_before_an_upgrade_is_cleared_too(tenant: Tenant) -> None:
    due = due_purge_after(tenant, _sampled)
    assert purge(due.handle)
    assert _hits(due.epoch_id) == (0, 0)


def _sampled(epoch: Epoch) -> None:
    fill(epoch, MANY)
    statements = (
        "ALTER TABLE team ALTER epoch_id SET STATISTICS 100",
        "ANALYZE team",
        # As migration 0007 does.
        "ALTER TABLE team ALTER epoch_id TYPE bytea",
        "ALTER TABLE team ALTER epoch_id SET STATISTICS 0",
    )
    with db.maintain() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.usefixtures("powers")
def test_while_the_log_is_kept_elsewhere_no_receipt_says_that_it_is_clear(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residue, "MOST_ROUNDS", 2)
    due = due_purge(tenant, MANY)
    with _administrator() as administrator:
        administrator.execute(text("SELECT pg_create_physical_replication_slot('kept', true)"))
        try:
            assert not purge(due.handle)
            assert found(due.handle).last_code == Code.LOG_LEFT
            assert "residue" not in found(due.handle).stages
        finally:
            administrator.execute(text("SELECT pg_drop_replication_slot('kept')"))
    monkeypatch.undo()
    hurry(monkeypatch)
    assert purge(due.handle)
    assert _hits(due.epoch_id) == (0, 0)


@pytest.mark.usefixtures("powers")
def test_files_with_a_hit_in_the_verification_are_cleared_again(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_purge(tenant, MANY)
    looks = iter([Code.DATABASE_LEFT, Code.LOG_LEFT])

    def finds(_epoch_id: bytes, *, log_too: bool) -> Facts:
        raise StageBlocked(next(looks))

    with monkeypatch.context() as patched:
        patched.setattr("app.operations.deletion.purge.verify.search_again", finds)
        for code in (Code.DATABASE_LEFT, Code.LOG_LEFT):
            assert not purge(due.handle)
            assert found(due.handle).last_code == code
    before = found(due.handle).stages["residue"]["at"]
    assert purge(due.handle)
    assert found(due.handle).stages["residue"]["at"] > before


def test_the_receipt_states_what_the_role_may_not_do(tenant: Tenant, postgres: Postgres) -> None:
    due = due_purge(tenant, MANY)
    assert purge(due.handle)
    facts = found(due.handle).stages["residue"]
    assert (facts["database"], facts["log"]) == ("not searched", "not searched")
    assert facts["rewritten"] == facts["tables"] >= 3
    # Without a look the tables are clean all the same.
    files = [path for path in postgres.files() if "base" in path.parts]
    assert search_files(files, due.epoch_id).found == 0


def test_a_match_across_two_pieces_of_a_file_is_found(
    tenant: Tenant, powers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.deletion.purge.server_files.CHUNK_BYTES", 8192)
    pattern = os.urandom(16)
    with db.write() as session:
        session.execute(text("CREATE TABLE wide (v bytea)"))
        session.execute(text("ALTER TABLE wide ALTER v SET STORAGE EXTERNAL"))
        value = os.urandom(60_000) + pattern + os.urandom(1000)
        session.execute(text("INSERT INTO wide VALUES (:v)"), {"v": value})
    with db.maintain() as connection:
        connection.execute(text("CHECKPOINT"))
        search = search_server_files(connection, relation_files, pattern)
        other = search_server_files(connection, relation_files, os.urandom(16))
    assert search is not None
    assert other is not None
    assert search.found >= 1
    assert other.found == 0


def _collecting(tenant: Tenant) -> None:
    epoch = tenant.connect()
    fill(epoch, 1)
    with db.write() as session:
        session.execute(
            update(CollectionRun)
            .where(CollectionRun.epoch_id == epoch.id)
            .values(state="running", lease_owner="busy", lease_until=now() + timedelta(seconds=20))
        )


def _at(monkeypatch: pytest.MonkeyPatch, hours_from_now: int) -> None:
    hour = (datetime.now(UTC).hour + hours_from_now) % 24
    monkeypatch.setattr(bound, "config", replace(bound.config, quiet_hour=hour))


def test_tables_are_rewritten_in_a_quiet_moment_or_near_the_deadline(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_purge(tenant)
    _collecting(tenant)
    _at(monkeypatch, 5)
    assert not purge(due.handle)
    blocked = found(due.handle)
    assert blocked.last_code == Code.QUIET_HOUR
    assert "files" in blocked.stages
    assert "residue" not in blocked.stages
    _at(monkeypatch, 0)
    assert purge(due.handle)


@pytest.mark.parametrize("hours", [7, 19])
def test_a_purge_rewrites_tables_before_an_alarm_is_due(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    due = due_purge(tenant)
    _collecting(tenant)
    _at(monkeypatch, 5)
    if hours > 18:
        # Did nothing ring at 6 hours, a quarter before the deadline would be the limit.
        hurry(monkeypatch, purge_alarm=timedelta(hours=24))
    assert not purge(due.handle)
    age(due.handle, timedelta(hours=hours))
    assert purge(due.handle)


def test_a_reader_of_the_table_is_not_blocked_and_the_purge_is_retried(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residue, "ATTEMPTS", 2)
    due = due_purge(tenant)
    with db.write() as session:
        session.execute(text("LOCK TABLE team IN ACCESS SHARE MODE"))
        ended = threading.Event()
        results: list[bool] = []

        def work() -> None:
            results.append(purge(due.handle))
            ended.set()

        threading.Thread(target=work).start()
        while not ended.wait(0.3):
            # The reader's transaction stays in use, and others read on.
            session.execute(text("SELECT count(*) FROM team"))
    assert results == [False]
    assert found(due.handle).last_code in {Code.TABLE_BUSY, Code.READER}
    assert purge(due.handle)


def test_rows_that_an_old_reader_might_still_see_are_waited_for(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residue, "READER_SECONDS", 0.5)
    due = due_purge(tenant)
    with db.read() as session:
        session.execute(text("SELECT count(*) FROM firm"))
        assert not purge(due.handle)
        assert found(due.handle).last_code == Code.READER
    assert purge(due.handle)


def test_the_documented_grants_are_the_needed_ones(tenant: Tenant) -> None:
    page = (ROOT / "docs" / "operating.md").read_text()
    for grant in GRANTS:
        assert f"{grant.format(role='tacit')};" in page
    assert "wal_recycle = off" in page
