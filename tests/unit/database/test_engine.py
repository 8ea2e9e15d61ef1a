"""Both databases: short writes, Busy for a blocked one, reads from one snapshot."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Busy
from app.database.engine import Database
from app.models import Base, Firm
from app.processes.process_list import ROOT
from tests.postgres import LOG_SETTINGS, Postgres

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    bound = Database()
    bound.bind(database_url)
    yield bound
    bound.engine.dispose()


def _add(database: Database, name: str) -> None:
    with database.write() as session:
        session.add(Firm(name=name, created_at=now()))


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Firm)) or 0


def test_a_reader_sees_one_moment_while_others_write(database: Database) -> None:
    with database.read() as session:
        assert _count(session) == 0
        _add(database, "late")
        assert _count(session) == 0
    with database.read() as session:
        assert _count(session) == 1


def test_a_lock_that_is_not_acquired_in_time_raises_busy(database: Database) -> None:
    _add(database, "one")
    locked = select(Firm).with_for_update()
    with database.write() as session:
        session.scalars(locked).one()
        began = time.monotonic()
        with pytest.raises(Busy), database.write() as other:
            other.scalars(locked).one()
        assert 1 < time.monotonic() - began < 4
    _add(database, "two")


def test_a_failed_transaction_is_rolled_back_completely(database: Database) -> None:
    def half(session: Session) -> None:
        session.add(Firm(name="half", created_at=now()))
        session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), database.write() as session:
        half(session)
    with database.read() as session:
        assert _count(session) == 0


@ON_POSTGRESQL
def test_a_hung_writer_is_ended_and_a_slow_reader_is_not(database: Database) -> None:
    setting = text("SHOW idle_in_transaction_session_timeout")
    with database.write() as session:
        assert session.scalar(setting) == "5s"
    with database.read() as session:
        assert session.scalar(setting) == "2min"

    def hang(session: Session) -> None:
        session.add(Firm(name="hung", created_at=now()))
        session.flush()
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 20"))
        time.sleep(0.3)
        session.scalar(setting)

    with pytest.raises(Busy), database.write() as session:
        hang(session)
    with database.read() as session:
        assert _count(session) == 0


@ON_POSTGRESQL
def test_a_statement_of_a_writer_is_given_up_unless_it_may_be_long(database: Database) -> None:
    setting = text("SHOW statement_timeout")
    with database.write() as session:
        assert session.scalar(setting) == "5s"
    with database.write(long=True) as session:
        assert session.scalar(setting) == "1min"
    with database.read() as session:
        assert session.scalar(setting) == "0"

    def think(session: Session) -> None:
        session.execute(text("SET LOCAL statement_timeout = 50"))
        session.execute(text("SELECT pg_sleep(10)"))

    with pytest.raises(Busy), database.write() as session:
        think(session)


def test_the_log_of_the_server_quotes_no_value(fragile_postgres: Postgres) -> None:
    operating = (ROOT / "docs" / "operating.md").read_text()
    for name, value in LOG_SETTINGS.items():
        assert f"{name} = {value}" in operating
    with fragile_postgres.database() as url:
        database = Database()
        database.bind(url)
        Base.metadata.create_all(database.engine)
        _add(database, "CNRYname")
        with pytest.raises(IntegrityError):
            _add(database, "CNRYname")
        with pytest.raises(DataError), database.read() as session:
            session.execute(text("SELECT CAST('CNRYcast' AS integer)"))
        database.engine.dispose()
    assert "CNRY" not in fragile_postgres.process.log.read_text()


def test_a_restarted_server_costs_no_request(fragile_postgres: Postgres) -> None:
    with fragile_postgres.database() as url:
        database = Database()
        database.bind(url)
        Base.metadata.create_all(database.engine)
        _add(database, "before")
        for stop in (fragile_postgres.end, fragile_postgres.crash):
            stop()
            fragile_postgres.start()
            with database.read() as session:
                assert _count(session) == 1
        database.engine.dispose()
