"""A collection whose processes are killed, stopped and frozen: nothing is lost or done twice."""

import time
from collections.abc import Callable

import pytest
import requests

from app.core.config import Config
from app.core.crash_points import CrashPoint
from app.queues import Job, QueueName, Queues
from tests.faults.conftest import ON_POSTGRES, ON_SQLITE
from tests.faults.house import LEASE_SECONDS, House
from tests.functional.collection import (
    IMPATIENT,
    assert_everything_once,
    in_the_middle,
    repeated_pages,
    waits_for_more,
)
from tests.servers import Product, alive, wait_until

STARTING_SECONDS = 15.0
"""What a new worker may take until it works, on a machine that has other things to do."""
POINTS = {
    CrashPoint.CONNECT_COMMITTED,
    CrashPoint.RUN_BEGUN,
    CrashPoint.PAGE_ANSWERED,
    CrashPoint.PAGE_WRITTEN,
    CrashPoint.PAGE_COMMITTED,
    CrashPoint.RUN_FINISHED,
    CrashPoint.ASSESSMENT_WRITTEN,
}


def test_cell_01_killed_before_the_first_page_another_collects_it_all(house: House) -> None:
    house.dies_at("collect", CrashPoint.RUN_BEGUN)
    client = house.connected()
    house.waits_for_death(client)
    assert client.count("log_entry") == 0
    house.restart("collect")
    client.assert_everything_once()
    assert repeated_pages(house.product) == 0


@pytest.mark.parametrize("point", [CrashPoint.PAGE_ANSWERED, CrashPoint.PAGE_WRITTEN])
def test_cell_02_killed_between_answer_and_commit_the_page_is_fetched_again(
    house: House, point: CrashPoint
) -> None:
    house.dies_at("collect", point, time=12)
    client = house.connected()
    house.waits_for_death(client)
    house.restart("collect")
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


def test_cell_03_killed_after_the_commit_rows_and_progress_are_one(house: House) -> None:
    house.dies_at("collect", CrashPoint.PAGE_COMMITTED, time=12)
    client = house.connected()
    house.waits_for_death(client)
    (stored,) = client.select("sum(stored)", "window") or (0,)
    assert stored
    house.restart("collect")
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


@ON_SQLITE
def test_cell_03_killed_after_the_last_page_the_assessment_is_made(house: House) -> None:
    house.dies_at("collect", CrashPoint.RUN_FINISHED)
    client = house.connected()
    client.assert_everything_once()
    assert client.deaths() == 1, "the point was never reached"
    assert repeated_pages(house.product) == 0


@ON_POSTGRES
def test_cell_04_killed_while_it_stores_an_assessment_another_makes_it(house: House) -> None:
    house.dies_at("urgent", CrashPoint.ASSESSMENT_WRITTEN)
    client = house.connected()
    wait_until(
        lambda: client.select("id", "assessment", "attempts > 1"), 40, "the point was never reached"
    )
    house.restart("urgent")
    client.assert_everything_once()


@ON_POSTGRES
def test_cell_04_a_killed_work_horse_is_replaced_and_its_worker_serves_on(house: House) -> None:
    client = house.in_the_middle()
    house.horse().kill()
    assert house.waits_for_more(client) < LEASE_SECONDS + STARTING_SECONDS
    client.assert_everything_once()
    assert house.product["collect"].running
    client.assert_hardly_repeated(losses=1)


def test_cell_04_what_died_before_a_limit_was_told_holds_nobody_up(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**{**IMPATIENT, "SANDBOX_RATE_LIMIT": "0"})
    consultant = in_the_middle(product)
    (horse,) = product["collect"].below()
    horse.kill()
    assert waits_for_more(product, 60) < LEASE_SECONDS + STARTING_SECONDS
    assert_everything_once(product, consultant, deaths=1)


@ON_SQLITE
def test_cell_05_a_killed_worker_takes_its_horse_along_and_another_goes_on(house: House) -> None:
    client = house.in_the_middle()
    horse = house.horse()
    house.product["collect"].kill()
    wait_until(lambda: not alive(horse.pid), 5, "the work-horse outlived its worker")
    house.product.start_one("collect")
    assert house.waits_for_more(client) < LEASE_SECONDS + STARTING_SECONDS
    usual = Config.from_env({})
    assert usual.lease_seconds + usual.sweep_seconds + STARTING_SECONDS < 60
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


@ON_SQLITE
def test_cell_04_killed_right_after_a_connect_the_collection_starts(house: House) -> None:
    client = house.client()
    house.dies_at("web", CrashPoint.CONNECT_COMMITTED)
    with pytest.raises(requests.ConnectionError):
        client.connects()
    assert client.connected(), "the point was never reached"
    house.restart("web")
    client.assert_everything_once()


@ON_POSTGRES
def test_cell_05_worker_and_horse_killed_at_once_lose_nothing(house: House) -> None:
    client = house.in_the_middle()
    house.restart("collect")
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


def test_cell_06_frozen_past_its_lease_it_writes_nothing_more(house: House) -> None:
    client = house.in_the_middle()
    frozen = house.horse()
    house.freezes(frozen)
    house.another("collect")
    house.waits_for_more(client)
    owner = client.select("lease_owner", "collection_run")
    frozen.resume()
    wait_until(lambda: not alive(frozen.pid), 10, "the late one works on")
    assert client.select("lease_owner", "collection_run") == owner
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


@ON_POSTGRES
def test_cell_08_asked_to_end_it_ends_its_page_and_gives_its_lease_back(house: House) -> None:
    house.restart("collect", TACIT_LEASE_SECONDS="50")
    client = house.in_the_middle()
    began = time.monotonic()
    house.product["collect"].end()
    assert time.monotonic() - began < 9, "it was killed: the supervisor gives it ten seconds"
    assert client.run_state() == "running", "it was to stop in the middle"
    assert client.select("lease_owner", "collection_run") == [None]
    house.product.start_one("collect")
    assert house.waits_for_more(client) < STARTING_SECONDS
    client.assert_everything_once()
    assert repeated_pages(house.product) == 0


def _delivered(house: House, times: int) -> str:
    """The only job of a fresh collection, so many times; nobody has taken one."""
    (run,) = house.product.select(
        "SELECT handle FROM collection_run WHERE state <> 'done' ORDER BY id DESC LIMIT 1"
    )
    with house.redis() as redis:
        queue = Queues().queue(QueueName.COLLECT, redis)
        for number in range(times):
            queue.enqueue_call(
                Job.COLLECT.value, args=(run,), job_id=f"{run}-{number:016x}", timeout=-1
            )
    return str(run)


@ON_POSTGRES
def test_cell_10_two_workers_on_one_run_have_one_effect(house: House) -> None:
    house.product["collect"].end()
    client = house.connected()
    _delivered(house, times=1)
    house.another("collect")
    house.another("collect")
    client.assert_everything_once()
    assert repeated_pages(house.product) == 0


@ON_SQLITE
def test_cell_11_a_job_delivered_five_times_has_one_effect(house: House) -> None:
    house.product["collect"].end()
    client = house.connected()
    _delivered(house, times=5)
    house.product.start_one("collect")
    client.assert_everything_once()
    assert repeated_pages(house.product) == 0
