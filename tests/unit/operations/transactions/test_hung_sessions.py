"""A process that stopped in the middle of a statement loses its session, and nobody else does."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from app.extensions import db
from app.models import Firm
from app.operations.transactions import hung_sessions
from app.operations.transactions.hung_sessions import end_hung
from tests.hung_session import (
    open_transaction,
    reads_no_further,
    stops_after_a_flush,
    stops_in_a_message,
    stops_in_a_pipeline,
)
from tests.postgres import Postgres
from tests.servers import wait_until
from tests.unit.operations.conftest import Tenant

ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SECONDS = 0.5
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user"
    " AND state <> 'idle' AND wait_event = :what"
)


@pytest.fixture(autouse=True)
def soon(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tenant
    monkeypatch.setattr(hung_sessions, "WRITER_SECONDS", SECONDS)


STOPS = [stops_after_a_flush, stops_in_a_pipeline, stops_in_a_message, reads_no_further]
LOCKED = "UPDATE firm SET name = 'locked'"


def _url() -> str:
    return db.engine.url.render_as_string(hide_password=False)


def _sessions(waiting_in: str) -> int:
    with db.read() as session:
        return session.scalar(WAITING, {"what": waiting_in}) or 0


def _waits(what: str) -> None:
    wait_until(lambda: _sessions(what) > 0, 10, f"nobody waits in {what}")
    time.sleep(SECONDS * 1.5)


def _writable() -> bool:
    with db.read() as session:
        free = select(Firm.id).with_for_update(skip_locked=True)
        return session.scalar(free) is not None


@ON_POSTGRES
@pytest.mark.parametrize("stops", STOPS)
def test_a_session_that_stops_in_a_statement_loses_its_locks(
    stops: Callable[[Any], str],
) -> None:
    with open_transaction(_url(), LOCKED) as connection:
        _waits(stops(connection))
        assert not _writable()
        end_hung()
        wait_until(_writable, 5, "it is still blocked")


@ON_POSTGRES
def test_a_session_that_only_reads_has_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_transaction(_url(), "SELECT 1") as connection:
        _waits(reads_no_further(connection))
        assert end_hung() == 0
        monkeypatch.setattr(hung_sessions, "READER_SECONDS", SECONDS)
        end_hung()
        wait_until(lambda: _sessions("ClientWrite") == 0, 5, "it still reads")


@ON_POSTGRES
def test_a_slow_sender_is_not_ended() -> None:
    with open_transaction(_url(), LOCKED) as connection:
        for _ in range(4):
            stops_in_a_pipeline(connection)
            time.sleep(SECONDS * 0.6)
            assert end_hung() == 0


@ON_POSTGRES
def test_sessions_of_an_operator_are_left_alone(postgres: Postgres) -> None:
    """They use our role perhaps, for a dump; or our name, for another installation."""
    with (
        postgres.database() as elsewhere,
        open_transaction(_url(), LOCKED, application="pg_dump") as dump,
        open_transaction(elsewhere, "SELECT 1") as other,
    ):
        stops_in_a_message(other)
        _waits(stops_in_a_message(dump))
        assert end_hung() == 0


@ON_POSTGRES
def test_a_busy_or_idle_session_is_not_ended() -> None:
    with (
        open_transaction(_url(), "SELECT 1") as thinking,
        open_transaction(_url(), "SELECT 1") as working,
    ):
        working.pgconn.send_query(b"SELECT pg_sleep(2)")
        time.sleep(SECONDS * 1.5)
        assert end_hung() == 0
        assert thinking.execute("SELECT 1").fetchone() == (1,)
        working.pgconn.get_result()
        assert not working.broken


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_has_no_sessions_to_end() -> None:
    assert end_hung() == 0
