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
from tests.conftest import postgres_server
from tests.faults.conftest import ON_SQLITE, Judged, built
from tests.faults.installation import RepairedInstallation
from tests.postgres import Postgres
from tests.servers import alive, wait_until

ACCEPTED, REFUSED = HTTPStatus.SEE_OTHER, HTTPStatus.SERVICE_UNAVAILABLE
SHARE = "SELECT 1 FROM epoch WHERE id = {} FOR SHARE"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL to kill, whose commits are on disk when it says so."""
    with postgres_server() as found:
        yield found


@pytest.fixture(scope="module")
def fragile(server: Postgres) -> Iterator[Judged]:
    with server.database() as url, built({"DATABASE_URL": url}, None) as standing:
        yield standing


@pytest.fixture
def on_postgres(fragile: Judged) -> Iterator[RepairedInstallation]:
    yield from fragile.cell()


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


def test_cell_19_a_collection_continues_after_its_database_was_killed(
    on_postgres: RepairedInstallation, server: Postgres
) -> None:
    installation = on_postgres
    client = installation.collecting()
    for lose in (_one_back_end, _postmaster_only):
        assert client.run_state() == "running", "it was to die in the middle"
        lose(server)
        installation.waits_for_more(client)
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=2)
    assert all(installation.product[name].running for name in installation.product.children())


def test_cell_20_a_disconnect_repeated_after_a_lost_response_is_the_same_disconnect(
    on_postgres: RepairedInstallation, server: Postgres
) -> None:
    installation = on_postgres
    client = installation.collected()
    installation.dies_at("web", CrashPoint.EPOCH_CLOSED)
    assert client.asks_to_disconnect() == 0
    server.crash()
    server.start()
    promised = client.purges("handle, deadline_at")
    installation.restart("web")
    assert client.asks_to_disconnect() == ACCEPTED
    assert client.purges("handle, deadline_at") == promised
    client.waits_until_gone()


def test_cell_21_a_purge_continues_when_its_database_is_available_again(
    on_postgres: RepairedInstallation, server: Postgres
) -> None:
    installation = on_postgres
    client = installation.collected()
    installation.product["sweep"].kill()
    installation.suspended_at("urgent", CrashPoint.PURGE_ROWS_DELETED, 5)
    client.disconnects()
    suspended = installation.waits_for_suspension("urgent")
    server.crash()
    server.start()
    installation.product.start_one("sweep")
    suspended.resume()
    client.waits_until_gone()
    assert client.rows_left() == 0


def test_cell_23_a_disconnect_without_a_database_promises_nothing(
    on_postgres: RepairedInstallation, server: Postgres
) -> None:
    installation = on_postgres
    client = installation.collected()
    form = client.form(client.path("/disconnect"))
    server.crash()
    response = client.http.post(
        installation.product.url + client.path("/disconnect"),
        data={**form, "confirm": "yes"},
        allow_redirects=False,
        timeout=30,
    )
    ready = client.http.get(installation.product.url + "/readyz", timeout=30)
    living = client.http.get(installation.product.url + "/healthz", timeout=30)
    server.start()
    assert response.status_code == REFUSED
    assert "Not accepted" in response.text
    assert "nothing promised" in response.text.lower()
    assert ready.status_code == REFUSED
    assert ready.json()["database"] is False
    assert living.status_code == HTTPStatus.OK
    assert client.purges("handle") == []
    assert client.asks_to_disconnect() == ACCEPTED
    client.waits_until_gone()


def test_cell_25_a_purge_wins_a_deadlock_with_a_collection(
    on_postgres: RepairedInstallation,
) -> None:
    installation = on_postgres
    client = installation.collecting()
    url = make_url(installation.product.database_url)
    answers: list[int] = []
    disconnecting = threading.Thread(target=lambda: answers.append(client.asks_to_disconnect()))
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database
    ) as other:
        other.execute(sql.SQL(SHARE.format(client.epoch)))
        disconnecting.start()
        _waits_for_lock(installation)
        try:
            other.execute("SELECT 1 FROM connection FOR UPDATE")
        except psycopg.errors.DeadlockDetected:
            # PostgreSQL ends one of the two: this time not the disconnect.
            other.rollback()
        else:
            other.rollback()
        disconnecting.join()
    tries = 1
    while answers[-1] != ACCEPTED and tries < 3:
        answers.append(client.asks_to_disconnect())
        tries += 1
    assert answers[-1] == ACCEPTED
    client.waits_until_gone()
    assert len(client.purges("handle")) == 1
    assert client.rows_left() == 0


def _waits_for_lock(installation: RepairedInstallation) -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock' AND query LIKE '%epoch%'"
    )
    wait_until(
        lambda: installation.product.select(waiting) != [0], 10, "nobody waits for the epoch"
    )


@ON_SQLITE
def test_cell_27_a_disconnect_promises_nothing_while_sqlite_is_locked(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    with sqlite3.connect(
        installation.product.plan.instance / "tacit.db", isolation_level=None
    ) as other:
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
def test_cell_28_another_worker_finishes_a_deletion_of_rows(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    rows = client.count("log_entry")
    installation.product["sweep"].kill()
    installation.dies_at("urgent", CrashPoint.PURGE_ROWS_DELETED, 3)
    client.disconnects()
    wait_until(lambda: installation.died("urgent"), 30, "the point was never reached")
    installation.repair()
    client.waits_until_gone()
    (removed,) = client.purges("rows")
    assert installation.json(removed)["log_entry"] == rows
