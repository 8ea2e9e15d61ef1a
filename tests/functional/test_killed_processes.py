"""Processes are killed, stopped and frozen: nothing is lost, nothing is done twice."""

import re
import sqlite3
import time
from collections.abc import Callable

import psutil
import pytest

from tests.functional.collection import (
    PACED,
    SLOW,
    UNLIMITED,
    assert_everything_once,
    connected,
    wait_for_log_entries,
)
from tests.functional.consultant import Consultant
from tests.servers import Product, alive, wait_until

ON_BOTH_DATABASES = pytest.mark.usefixtures("database_url")
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def _horse(product: Product) -> psutil.Process:
    (horse,) = product["collect"].below()
    return horse


def _waits_for_more(product: Product, seconds: float) -> float:
    """How long until the collection has stored something more."""
    stored, began = product.count("log_entry"), time.monotonic()
    wait_until(lambda: product.count("log_entry") > stored, seconds, "the run did not go on")
    return time.monotonic() - began


def test_a_killed_worker_takes_its_horse_along_and_another_goes_on_within_a_minute(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**PACED)
    consultant = connected(product)
    wait_for_log_entries(product)
    horse = _horse(product)
    product["collect"].kill()
    wait_until(lambda: not alive(horse.pid), 5, "the work-horse outlived its worker")
    product.start_one("collect")
    assert _waits_for_more(product, 60) < 60
    assert_everything_once(product, consultant, deaths=1)


def test_a_killed_work_horse_is_replaced_and_its_worker_serves_on(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**SLOW)
    consultant = connected(product)
    wait_for_log_entries(product)
    _horse(product).kill()
    assert_everything_once(product, consultant, deaths=1)
    assert product["collect"].running


@ON_BOTH_DATABASES
def test_worker_and_horse_killed_at_once_lose_nothing(tacit: Callable[..., Product]) -> None:
    product = tacit(**SLOW)
    consultant = connected(product)
    wait_for_log_entries(product)
    product["collect"].crash()
    product.start_one("collect")
    assert_everything_once(product, consultant, deaths=1)


@ON_POSTGRESQL
def test_a_stopped_worker_ends_its_page_and_another_goes_on_at_once(
    tacit: Callable[..., Product], database_url: str
) -> None:
    product = tacit(**PACED)
    consultant = connected(product)
    wait_for_log_entries(product)
    began = time.monotonic()
    product["collect"].end()
    assert time.monotonic() - began < 9, "it was killed: the supervisor gives it ten seconds"
    (state,) = product.select("SELECT state FROM collection_run")
    assert state == "running", "it was to stop in the middle"
    product.start_one("collect")
    assert _waits_for_more(product, 30) < 15, "it waited for the lease of the one that stopped"
    assert_everything_once(product, consultant, deaths=0)


def _freeze(product: Product, horse: psutil.Process) -> None:
    """SIGSTOP between two pages: a transaction of SQLite frozen half way would lock everybody."""
    while True:
        horse.suspend()
        if product.database_url.startswith("postgresql"):
            return
        with sqlite3.connect(product.plan.instance / "tacit.db", timeout=0) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                horse.resume()
                continue
            finally:
                database.rollback()
        database.close()
        return


@ON_BOTH_DATABASES
def test_who_was_frozen_past_its_lease_writes_nothing_more(tacit: Callable[..., Product]) -> None:
    product = tacit(**{**SLOW, "SANDBOX_LATENCY_MS": "300"})
    consultant = connected(product)
    wait_for_log_entries(product, more_than=0)
    frozen = _horse(product)
    _freeze(product, frozen)
    product.start_one("collect", called="second")
    assert _waits_for_more(product, 60) > 1, "the frozen one's lease still ran"
    taken_over = product.select("SELECT state, lease_owner FROM collection_run")
    frozen.resume()
    wait_until(lambda: not alive(frozen.pid), 10, "the late one works on")
    assert product.select("SELECT state, lease_owner FROM collection_run") == taken_over
    assert_everything_once(product, consultant, deaths=2)


@ON_BOTH_DATABASES
def test_a_disconnect_during_collection_ends_it_and_leaves_nothing(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**PACED)
    consultant = connected(product)
    wait_for_log_entries(product)
    assert consultant.disconnects() < 2
    consultant.waits_for_card("Deleted")
    asked = len(product.sandbox.requests()["requests"])
    time.sleep(1)
    assert len(product.sandbox.requests()["requests"]) <= asked
    for table in ("epoch", "token", "incident", "log_entry", "window", "collection_run"):
        assert product.count(table) == 0


def test_the_sweeper_finishes_a_purge_without_redis_or_workers(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**UNLIMITED)
    consultant = connected(product)
    consultant.waits_for_assessment()
    for name in ("urgent", "collect", "queue"):
        product[name].kill()
    assert consultant.disconnects() < 3
    consultant.waits_for_card("Deleted")
    assert product.count("log_entry") == 0
    assert product.count("epoch") == 0


def test_faults_of_pagerduty_are_waited_out(tacit: Callable[..., Product]) -> None:
    product = tacit(**UNLIMITED)
    product.sandbox.plant(kind="429", path="/log_entries", after=2, times=2, headers=False)
    product.sandbox.plant(kind="5xx", path="/incidents", after=1, times=2)
    product.sandbox.plant(kind="reset", path="/log_entries", after=8, times=2)
    assert_everything_once(product, connected(product), deaths=0)


def test_without_a_sweeper_or_workers_it_is_not_ready(tacit: Callable[..., Product]) -> None:
    product = tacit(SANDBOX_RATE_LIMIT="0")
    answer = Consultant(product).http.get(product.url + "/readyz", timeout=10)
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "database", "queue", "workers", "sweeper"}
    product["queue"].kill()
    answer = Consultant(product).http.get(product.url + "/readyz", timeout=10)
    assert answer.status_code == 503
    assert answer.json()["queue"] is False
    assert answer.json()["database"] is True
    assert re.search("alive", Consultant(product).opens("/healthz"))
