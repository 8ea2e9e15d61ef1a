"""The queue server dies, hangs or forgets: nothing is lost, nothing is done twice."""

import time
from collections.abc import Callable
from http import HTTPStatus

from redis import Redis

from app.queues import Job, QueueName, Queues
from tests.functional.collection import (
    IMPATIENT,
    UNLIMITED,
    assert_everything_once,
    connected,
    in_the_middle,
    run_state,
)
from tests.functional.consultant import Consultant
from tests.servers import Product, wait_until

PATIENCE_SECONDS = 2.0


def _redis(product: Product) -> Redis:
    assert product.plan.socket is not None
    return Redis(unix_socket_path=str(product.plan.socket))


def _revive(product: Product, *names: str) -> None:
    """What the supervisor does with whoever has died."""
    for name in names:
        if not product[name].running:
            product.start_one(name)


def test_what_waited_in_a_queue_server_that_died_is_put_back(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**UNLIMITED)
    product["collect"].end()
    consultant = connected(product)
    with _redis(product) as redis:
        assert redis.llen("rq:queue:collect") == 1
    product["queue"].kill()
    product.start_one("queue")
    product.start_one("collect")
    _revive(product, "urgent")
    assert_everything_once(product, consultant, deaths=0)


def test_a_job_that_was_never_delivered_starts_within_a_minute(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(SANDBOX_RATE_LIMIT="0")  # with the sweeper's usual rhythm
    product["queue"].kill()
    consultant = connected(product)
    product.start_one("queue")
    _revive(product, "collect", "urgent")
    wait_until(lambda: run_state(product) != "queued", 60, "nobody took the run up")
    assert_everything_once(product, consultant, deaths=0)


def test_an_emptied_queue_does_not_disturb_what_is_under_way(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**IMPATIENT)
    consultant = in_the_middle(product)
    with _redis(product) as redis:
        redis.flushall()
    assert_everything_once(product, consultant, deaths=0)


def test_a_queue_that_is_away_when_a_collection_ends_costs_nothing(
    tacit: Callable[..., Product],
) -> None:
    product = tacit(**IMPATIENT)
    consultant = in_the_middle(product)
    product["queue"].kill()
    wait_until(
        lambda: run_state(product) == "done" or not product["collect"].running,
        60,
        "the collection went on for ever",
    )
    product.start_one("queue")
    _revive(product, "collect", "urgent")
    assert_everything_once(product, consultant, deaths=1)


def test_a_hanging_queue_delays_no_page(tacit: Callable[..., Product]) -> None:
    product = tacit(**UNLIMITED)
    consultant = connected(product)
    consultant.waits_for_assessment()
    with product["queue"].frozen():
        began = time.monotonic()
        Consultant(product).logs_in()
        logged_in = time.monotonic() - began
        began = time.monotonic()
        ready = consultant.http.get(product.url + "/readyz", timeout=30)
        answered = time.monotonic() - began
        began = time.monotonic()
        consultant.opens(consultant.path())
        opened = time.monotonic() - began
        disconnected = consultant.disconnects()
    assert ready.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert ready.json()["queue"] is False
    assert logged_in - 0.5 < PATIENCE_SECONDS, "argon2 takes its own half second"
    assert max(answered, opened, disconnected) < PATIENCE_SECONDS


def test_a_job_delivered_five_times_has_one_effect(tacit: Callable[..., Product]) -> None:
    product = tacit(**IMPATIENT)
    product.sandbox.plant(kind="slow", path="/log_entries", seconds=0.2, times=100_000)
    product["collect"].end()
    consultant = connected(product)
    (run,) = product.select("SELECT handle FROM collection_run")
    with _redis(product) as redis:
        redis.flushall()
        queue = Queues().queue(QueueName.COLLECT, redis)
        for number in range(5):
            queue.enqueue_call(Job.COLLECT.value, args=(run,), job_id=f"{run}-{number}", timeout=-1)
    product.start_one("collect")
    product.start_one("collect", called="second")
    assert_everything_once(product, consultant, deaths=0)
