"""Processes are killed, queues are emptied: nothing is lost, nothing is done twice."""

import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable

from redis import Redis

from tests.functional.consultant import Consultant
from tests.servers import Product, alive, wait_until

SLOW = {"SANDBOX_RATE_LIMIT": "0", "SANDBOX_LATENCY_MS": "150", "TACIT_SWEEP_SECONDS": "1"}


def _connected(product: Product) -> Consultant:
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    return consultant


def _count(product: Product, table: str) -> int:
    database = sqlite3.connect(product.plan.instance / "tacit.db", timeout=10)
    (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    database.close()
    return int(count)


def _log_entry_pages(product: Product) -> Counter[str]:
    """How often each page of log entries was asked for."""
    return Counter(
        str(sorted(each["query"].items()))
        for each in product.sandbox.requests()["requests"]
        if each["path"] == "/log_entries" and each["status"] == 200
    )


def test_a_killed_worker_goes_on_from_the_last_page_within_a_minute(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**SLOW)
    consultant = _connected(product)
    wait_until(lambda: _count(product, "log_entry") > 500, 60, "no log entries came")
    worker = product["collect"]
    horse = [each for each in worker.family() if each.pid != worker.popen.pid]
    worker.kill()
    wait_until(
        lambda: not any(alive(each.pid) for each in horse), 5, "the work-horse outlived its worker"
    )
    stored = _count(product, "log_entry")
    killed_at = time.monotonic()
    product.start_one("collect")
    wait_until(lambda: _count(product, "log_entry") > stored, 60, "the run did not go on")
    assert time.monotonic() - killed_at < 60
    consultant.waits_for_assessment()
    document = consultant.report()
    assert document["completeness"]["complete"] is True
    assert _count(product, "log_entry") == product.sandbox.counts()["log_entries"]
    repeated = [page for page, times in _log_entry_pages(product).items() if times > 1]
    assert len(repeated) <= 1, "only the page under way may be asked for again"


def test_a_killed_work_horse_alone_is_replaced(tacit: Callable[..., Product]) -> None:
    product = tacit(**SLOW, TACIT_LEASE_SECONDS="3")
    consultant = _connected(product)
    wait_until(lambda: _count(product, "log_entry") > 300, 60, "no log entries came")
    worker = product["collect"]
    for horse in worker.family():
        if horse.pid != worker.popen.pid:
            horse.kill()
    consultant.waits_for_assessment()
    assert consultant.report()["completeness"]["complete"] is True
    assert worker.running


def test_an_emptied_queue_loses_nothing(tacit: Callable[..., Product]) -> None:
    product = tacit(**SLOW, TACIT_LEASE_SECONDS="3")
    product["collect"].end()
    consultant = _connected(product)
    assert product.plan.socket is not None
    with Redis(unix_socket_path=str(product.plan.socket)) as redis:
        redis.flushall()
    product.start_one("collect")
    consultant.waits_for_assessment()
    assert consultant.report()["completeness"]["complete"] is True


def test_a_disconnect_during_collection_ends_it_and_leaves_nothing(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**SLOW)
    consultant = _connected(product)
    wait_until(lambda: _count(product, "log_entry") > 300, 60, "no log entries came")
    assert consultant.disconnects() < 2
    consultant.waits_for_card("Deleted")
    asked = len(product.sandbox.requests()["requests"])
    time.sleep(1)
    assert len(product.sandbox.requests()["requests"]) <= asked
    for table in ("epoch", "token", "incident", "log_entry", "window", "collection_run"):
        assert _count(product, table) == 0


def test_the_sweeper_finishes_a_purge_without_redis_or_workers(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(SANDBOX_RATE_LIMIT="0", TACIT_SWEEP_SECONDS="1")
    consultant = _connected(product)
    consultant.waits_for_assessment()
    product["urgent"].kill()
    product["collect"].kill()
    product["queue"].kill()
    assert consultant.disconnects() < 3
    consultant.waits_for_card("Deleted")
    assert _count(product, "log_entry") == 0
    assert _count(product, "epoch") == 0


def test_faults_of_pagerduty_are_waited_out(tacit: Callable[..., Product]) -> None:
    product = tacit(SANDBOX_RATE_LIMIT="0", TACIT_SWEEP_SECONDS="1")
    product.sandbox.plant(kind="429", path="/log_entries", after=2, times=2, headers=False)
    product.sandbox.plant(kind="5xx", path="/incidents", after=1, times=2)
    product.sandbox.plant(kind="reset", path="/log_entries", after=8, times=2)
    consultant = _connected(product)
    consultant.waits_for_assessment()
    document = consultant.report()
    assert document["completeness"]["complete"] is True
    assert _count(product, "log_entry") == product.sandbox.counts()["log_entries"]


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
