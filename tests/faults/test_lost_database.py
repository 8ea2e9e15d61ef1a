"""The database dies, hangs or is locked: what was accepted stands, and nothing else is promised."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus

import psutil
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from app.core.crash_points import CrashPoint
from tests.conftest import _postgres
from tests.faults.conftest import ON_SQLITE, Standing, built
from tests.faults.house import House
from tests.postgres import Postgres
from tests.servers import alive, wait_until

ACCEPTED, REFUSED = HTTPStatus.SEE_OTHER, HTTPStatus.SERVICE_UNAVAILABLE
SHARE = "SELECT 1 FROM epoch WHERE id = {} FOR SHARE"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL to kill, whose commits are on disk when it says so."""
    with _postgres() as found:
        yield found


@pytest.fixture(scope="module")
def fragile(server: Postgres) -> Iterator[Standing]:
    with server.database() as url, built({"DATABASE_URL": url}, None) as standing:
        yield standing


@pytest.fixture
def on_postgres(fragile: Standing) -> Iterator[House]:
    yield from fragile.judged()


def _postmaster_only(server: Postgres) -> None:
    back_ends = server.process.below()
    server.process.kill()
    # They leave by themselves when they notice; a new server waits for the last of them.
    psutil.wait_procs(back_ends, timeout=10)
    server.start()


def _serves_us(back_end: psutil.Process) -> bool:
    try:
        return "tacit_" in " ".join(back_end.cmdline())
    except psutil.Error:
        # It has just ended by itself.
        return False


def _one_back_end(server: Postgres) -> None:
    victim = next(each for each in server.process.below() if _serves_us(each))
    victim.kill()
    wait_until(lambda: not alive(victim.pid), 10, "the back end lives")
    server.process.need(server.answers, "it did not recover")


def test_cell_19_a_collection_outlives_its_database(on_postgres: House, server: Postgres) -> None:
    house = on_postgres
    client = house.in_the_middle()
    for lose in (_one_back_end, _postmaster_only):
        assert client.run_state() == "running", "it was to die in the middle"
        lose(server)
        house.waits_for_more(client)
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=2)
    assert all(house.product[name].running for name in house.product.children())


def test_cell_20_a_disconnect_whose_answer_was_lost_is_asked_for_again_and_is_the_same(
    on_postgres: House, server: Postgres
) -> None:
    house = on_postgres
    client = house.collected()
    house.dies_at("web", CrashPoint.EPOCH_CLOSED)
    assert client.asks_to_disconnect() == 0
    server.crash()
    server.start()
    promised = client.purges("handle, deadline_at")
    house.restart("web")
    assert client.asks_to_disconnect() == ACCEPTED
    assert client.purges("handle, deadline_at") == promised
    client.waits_until_gone()


def test_cell_21_a_purge_goes_on_after_its_database_has_come_back(
    on_postgres: House, server: Postgres
) -> None:
    house = on_postgres
    client = house.collected()
    house.product["sweep"].kill()
    house.stops_at("urgent", CrashPoint.PURGE_ROWS_DELETED, 5)
    client.disconnects()
    frozen = house.waits_for_stop("urgent")
    server.crash()
    server.start()
    house.product.start_one("sweep")
    frozen.resume()
    client.waits_until_gone()
    assert client.rows_left() == 0


def test_cell_23_without_a_database_nothing_is_promised_and_all_comes_back(
    on_postgres: House, server: Postgres
) -> None:
    house = on_postgres
    client = house.collected()
    form = client.form(client.path("/disconnect"))
    server.crash()
    answer = client.http.post(
        house.product.url + client.path("/disconnect"),
        data={**form, "confirm": "yes"},
        allow_redirects=False,
        timeout=30,
    )
    ready = client.http.get(house.product.url + "/readyz", timeout=30)
    living = client.http.get(house.product.url + "/healthz", timeout=30)
    server.start()
    assert answer.status_code == REFUSED
    assert "Not accepted" in answer.text
    assert "nothing promised" in answer.text.lower()
    assert ready.status_code == REFUSED
    assert ready.json()["database"] is False
    assert living.status_code == HTTPStatus.OK
    assert client.purges("handle") == []
    assert client.asks_to_disconnect() == ACCEPTED
    client.waits_until_gone()


def test_cell_25_in_a_deadlock_with_a_collection_the_purge_wins(on_postgres: House) -> None:
    house = on_postgres
    client = house.in_the_middle()
    url = make_url(house.product.database_url)
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(client.asks_to_disconnect()))
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database
    ) as other:
        other.execute(sql.SQL(SHARE.format(client.epoch)))
        asking.start()
        _waits_for_lock(house)
        try:
            other.execute("SELECT 1 FROM connection FOR UPDATE")
        except psycopg.errors.DeadlockDetected:
            # PostgreSQL ends one of the two: this time not the disconnect.
            other.rollback()
        else:
            other.rollback()
        asking.join()
    tries = 1
    while answers[-1] != ACCEPTED and tries < 3:
        answers.append(client.asks_to_disconnect())
        tries += 1
    assert answers[-1] == ACCEPTED
    client.waits_until_gone()
    assert len(client.purges("handle")) == 1
    assert client.rows_left() == 0


def _waits_for_lock(house: House) -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock' AND query LIKE '%epoch%'"
    )
    wait_until(lambda: house.product.select(waiting) != [0], 10, "nobody waits for the epoch")


@ON_SQLITE
def test_cell_27_while_sqlite_is_locked_nothing_is_promised(house: House) -> None:
    client = house.collected()
    with sqlite3.connect(house.product.plan.instance / "tacit.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert client.asks_to_disconnect() == REFUSED
        assert time.monotonic() - began < 5, "it waited for ever"
        assert client.purges("handle") == []
        other.execute("ROLLBACK")
    other.close()
    assert client.connected()
    assert client.asks_to_disconnect() == ACCEPTED
    client.waits_until_gone()


@ON_SQLITE
def test_cell_28_killed_in_the_middle_of_deleting_rows_another_finishes(house: House) -> None:
    client = house.collected()
    rows = client.count("log_entry")
    house.product["sweep"].kill()
    house.dies_at("urgent", CrashPoint.PURGE_ROWS_DELETED, 3)
    client.disconnects()
    wait_until(lambda: house.died("urgent"), 30, "the point was never reached")
    house.mend()
    client.waits_until_gone()
    (removed,) = client.purges("rows")
    assert house.json(removed)["log_entry"] == rows
