"""A collection whose processes are killed, stopped and suspended: nothing is lost or done twice."""

import time
from collections.abc import Callable

import pytest
import requests

from app.core.config import Config
from app.core.crash_points import CrashPoint
from app.queues import Job, QueueName, Queues
from tests.faults.conftest import ON_POSTGRES, ON_SQLITE
from tests.faults.installation import LEASE_SECONDS, RepairedInstallation
from tests.functional.collection import (
    SHORT_LEASE,
    assert_everything_once,
    collecting,
    repeated_pages,
    waits_for_more,
)
from tests.servers import Installation, alive, wait_until

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


def test_cell_01_a_worker_killed_before_the_first_page_is_replaced(
    installation: RepairedInstallation,
) -> None:
    installation.dies_at("collect", CrashPoint.RUN_BEGUN)
    client = installation.connected()
    installation.waits_for_death(client)
    assert client.count("log_entry") == 0
    installation.restart("collect")
    client.assert_everything_once()
    assert repeated_pages(installation.product) == 0


@pytest.mark.parametrize("point", [CrashPoint.PAGE_ANSWERED, CrashPoint.PAGE_WRITTEN])
def test_cell_02_a_page_whose_worker_is_killed_before_the_commit_is_requested_again(
    installation: RepairedInstallation, point: CrashPoint
) -> None:
    installation.dies_at("collect", point, time=12)
    client = installation.connected()
    installation.waits_for_death(client)
    installation.restart("collect")
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


def test_cell_03_a_worker_killed_after_a_commit_leaves_rows_and_progress_equal(
    installation: RepairedInstallation,
) -> None:
    installation.dies_at("collect", CrashPoint.PAGE_COMMITTED, time=12)
    client = installation.connected()
    installation.waits_for_death(client)
    (stored,) = client.select("sum(stored)", "window") or (0,)
    assert stored
    installation.restart("collect")
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


@ON_SQLITE
def test_cell_03_a_worker_killed_after_the_last_page_leaves_an_assessment(
    installation: RepairedInstallation,
) -> None:
    installation.dies_at("collect", CrashPoint.RUN_FINISHED)
    client = installation.connected()
    client.assert_everything_once()
    assert client.deaths() == 1, "the point was never reached"
    assert repeated_pages(installation.product) == 0


@ON_POSTGRES
def test_cell_04_a_worker_killed_while_it_stores_an_assessment_is_replaced(
    installation: RepairedInstallation,
) -> None:
    installation.dies_at("urgent", CrashPoint.ASSESSMENT_WRITTEN)
    client = installation.connected()
    wait_until(
        lambda: client.select("id", "assessment", "attempts > 1"), 40, "the point was never reached"
    )
    installation.restart("urgent")
    client.assert_everything_once()


@ON_POSTGRES
def test_cell_04_a_worker_replaces_its_killed_work_horse(
    installation: RepairedInstallation,
) -> None:
    client = installation.collecting()
    installation.horse().kill()
    assert installation.waits_for_more(client) < LEASE_SECONDS + STARTING_SECONDS
    client.assert_everything_once()
    assert installation.product["collect"].running
    client.assert_hardly_repeated(losses=1)


def test_cell_04_a_process_killed_before_it_stored_a_limit_blocks_no_other(
    tacit: Callable[..., Installation],
) -> None:
    product = tacit(**{**SHORT_LEASE, "SANDBOX_RATE_LIMIT": "0"})
    consultant = collecting(product)
    (horse,) = product["collect"].below()
    horse.kill()
    assert waits_for_more(product, 60) < LEASE_SECONDS + STARTING_SECONDS
    assert_everything_once(product, consultant, deaths=1)


@ON_SQLITE
def test_cell_05_a_killed_worker_ends_its_work_horse_and_another_goes_on(
    installation: RepairedInstallation,
) -> None:
    client = installation.collecting()
    horse = installation.horse()
    installation.product["collect"].kill()
    wait_until(lambda: not alive(horse.pid), 5, "the work-horse outlived its worker")
    installation.product.start_one("collect")
    assert installation.waits_for_more(client) < LEASE_SECONDS + STARTING_SECONDS
    usual = Config.from_env({})
    assert usual.lease_seconds + usual.sweep_seconds + STARTING_SECONDS < 60
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


@ON_SQLITE
def test_cell_04_a_collection_starts_although_the_web_process_died_after_the_connect(
    installation: RepairedInstallation,
) -> None:
    client = installation.client()
    installation.dies_at("web", CrashPoint.CONNECT_COMMITTED)
    with pytest.raises(requests.ConnectionError):
        client.connects()
    assert client.connected(), "the point was never reached"
    installation.restart("web")
    client.assert_everything_once()


@ON_POSTGRES
def test_cell_05_worker_and_horse_killed_at_once_lose_nothing(
    installation: RepairedInstallation,
) -> None:
    client = installation.collecting()
    installation.restart("collect")
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


def test_cell_06_a_worker_suspended_past_its_lease_writes_nothing_more(
    installation: RepairedInstallation,
) -> None:
    client = installation.collecting()
    suspended = installation.horse()
    installation.suspends(suspended)
    installation.another("collect")
    installation.waits_for_more(client)
    owner = client.select("lease_owner", "collection_run")
    suspended.resume()
    wait_until(lambda: not alive(suspended.pid), 10, "the late one works on")
    assert client.select("lease_owner", "collection_run") == owner
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


@ON_POSTGRES
def test_cell_08_a_stopped_worker_finishes_its_page_and_releases_its_lease(
    installation: RepairedInstallation,
) -> None:
    installation.restart("collect", TACIT_LEASE_SECONDS="50")
    client = installation.collecting()
    began = time.monotonic()
    installation.product["collect"].end()
    assert time.monotonic() - began < 9, "it was killed: the supervisor gives it ten seconds"
    assert client.run_state() == "running", "it was to stop in the middle"
    assert client.select("lease_owner", "collection_run") == [None]
    installation.product.start_one("collect")
    assert installation.waits_for_more(client) < STARTING_SECONDS
    client.assert_everything_once()
    assert repeated_pages(installation.product) == 0


def _delivered(installation: RepairedInstallation, times: int) -> str:
    """The only job of a fresh collection, so many times; nobody has taken one."""
    (run,) = installation.product.select(
        "SELECT handle FROM collection_run WHERE state <> 'done' ORDER BY id DESC LIMIT 1"
    )
    with installation.redis() as redis:
        queue = Queues().queue(QueueName.COLLECT, redis)
        for number in range(times):
            queue.enqueue_call(
                Job.COLLECT.value, args=(run,), job_id=f"{run}-{number:016x}", timeout=-1
            )
    return str(run)


@ON_POSTGRES
def test_cell_10_two_workers_on_one_run_have_one_effect(installation: RepairedInstallation) -> None:
    installation.product["collect"].end()
    client = installation.connected()
    _delivered(installation, times=1)
    installation.another("collect")
    installation.another("collect")
    client.assert_everything_once()
    assert repeated_pages(installation.product) == 0


@ON_SQLITE
def test_cell_11_a_job_delivered_five_times_has_one_effect(
    installation: RepairedInstallation,
) -> None:
    installation.product["collect"].end()
    client = installation.connected()
    _delivered(installation, times=5)
    installation.product.start_one("collect")
    client.assert_everything_once()
    assert repeated_pages(installation.product) == 0
