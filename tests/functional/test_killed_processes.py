"""Processes are killed, stopped and frozen: nothing is lost, nothing is done twice."""

import re
import time
from collections.abc import Callable

import psutil
import pytest

from app.config import Config
from tests.functional.collection import (
    IMPATIENT,
    IN_FLIGHT,
    LEASE_SECONDS,
    UNLIMITED,
    assert_everything_once,
    connected,
    in_the_middle,
    waits_for_more,
)
from tests.functional.consultant import Consultant
from tests.servers import Product, alive, wait_until

STARTING_SECONDS = 15.0
"""What a new worker may take until it works, on a machine that has other things to do."""

ON_BOTH_DATABASES = pytest.mark.usefixtures("database_url")
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def _horse(product: Product) -> psutil.Process:
    (horse,) = product["collect"].below()
    return horse


def test_a_killed_worker_takes_its_horse_along_and_another_goes_on_within_a_minute(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**IMPATIENT)
    consultant = in_the_middle(product)
    horse = _horse(product)
    product["collect"].kill()
    wait_until(lambda: not alive(horse.pid), 5, "the work-horse outlived its worker")
    product.start_one("collect")
    assert waits_for_more(product, 60) < LEASE_SECONDS + STARTING_SECONDS
    usual = Config.from_env({})
    assert usual.lease_seconds + usual.sweep_seconds + STARTING_SECONDS < 60
    assert_everything_once(product, consultant, deaths=1)


def test_a_killed_work_horse_is_replaced_and_its_worker_serves_on(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**IMPATIENT)
    consultant = in_the_middle(product)
    _horse(product).kill()
    assert_everything_once(product, consultant, deaths=1)
    assert product["collect"].running


def test_what_died_before_a_limit_was_told_holds_nobody_up(tacit: Callable[..., Product]) -> None:
    product = tacit(**{**IMPATIENT, "SANDBOX_RATE_LIMIT": "0"})
    consultant = in_the_middle(product)
    _horse(product).kill()
    assert waits_for_more(product, 60) < LEASE_SECONDS + STARTING_SECONDS
    assert_everything_once(product, consultant, deaths=1)


@ON_POSTGRESQL
def test_worker_and_horse_killed_at_once_lose_nothing(
    tacit: Callable[..., Product], database_url: str
) -> None:
    product = tacit(**IMPATIENT)
    consultant = in_the_middle(product)
    product["collect"].crash()
    product.start_one("collect")
    assert_everything_once(product, consultant, deaths=1)


@ON_POSTGRESQL
def test_a_stopped_worker_ends_its_page_and_another_goes_on_at_once(
    tacit: Callable[..., Product], database_url: str
) -> None:
    product = tacit(**UNLIMITED)
    consultant = in_the_middle(product)
    began = time.monotonic()
    product["collect"].end()
    assert time.monotonic() - began < 9, "it was killed: the supervisor gives it ten seconds"
    (state,) = product.select("SELECT state FROM collection_run")
    assert state == "running", "it was to stop in the middle"
    product.start_one("collect")
    assert waits_for_more(product, 30) < 15, "it waited for the lease of the one that stopped"
    assert_everything_once(product, consultant, deaths=0)


@ON_POSTGRESQL
def test_who_was_frozen_past_its_lease_writes_nothing_more(
    tacit: Callable[..., Product], database_url: str
) -> None:
    product = tacit(**IMPATIENT)
    consultant = in_the_middle(product)
    frozen = _horse(product)
    frozen.suspend()
    product.start_one("collect", called="second")
    assert waits_for_more(product, 60) > 1, "the frozen one's lease still ran"
    taken_over = product.select("SELECT state, lease_owner FROM collection_run")
    frozen.resume()
    wait_until(lambda: not alive(frozen.pid), 10, "the late one works on")
    assert product.select("SELECT state, lease_owner FROM collection_run") == taken_over
    assert_everything_once(product, consultant, deaths=2)


@ON_BOTH_DATABASES
def test_a_disconnect_during_collection_ends_it_and_leaves_nothing(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**UNLIMITED)
    consultant = in_the_middle(product)
    assert consultant.disconnects() < 2
    consultant.waits_for_card("Deleted")
    asked = len(product.sandbox.requests()["requests"])
    time.sleep(1)
    # Those that were under way are written down when they are answered.
    assert len(product.sandbox.requests()["requests"]) <= asked + IN_FLIGHT
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
