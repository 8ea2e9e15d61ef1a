"""The queue server dies, hangs or forgets: nothing is lost, and nobody waits for it."""

import time
from http import HTTPStatus

from app.queues import QueueName
from tests.faults.client import Client
from tests.faults.conftest import ON_SQLITE
from tests.faults.installation import RepairedInstallation
from tests.functional.collection import repeated_pages
from tests.functional.consultant import Consultant
from tests.servers import wait_until

RESPONSE_SECONDS = 2.0
pytestmark = ON_SQLITE
"""An unavailable queue does not depend on the database; SQLite is enough, and needs no server."""


def test_cell_12_a_job_that_was_never_delivered_is_started_by_the_sweeper(
    installation: RepairedInstallation,
) -> None:
    installation.product["queue"].kill()
    client = installation.connected()
    assert client.run_state() == "queued"
    installation.repair()
    client.assert_everything_once()
    assert repeated_pages(installation.product) == 0


def test_cell_13_jobs_of_a_killed_queue_server_are_queued_again(
    installation: RepairedInstallation,
) -> None:
    installation.product["collect"].end()
    client = installation.connected()
    with installation.redis() as redis:
        assert redis.llen(f"rq:queue:{QueueName.COLLECT}") == 1
    installation.restart("queue")
    installation.repair()
    client.assert_everything_once()
    assert repeated_pages(installation.product) == 0


def test_cell_14_an_emptied_queue_does_not_disturb_a_running_collection(
    installation: RepairedInstallation,
) -> None:
    client = installation.collecting()
    with installation.redis() as redis:
        redis.flushall()
    client.assert_everything_once()
    assert repeated_pages(installation.product) == 0


def test_cell_14_a_queue_unavailable_at_the_end_of_a_collection_costs_nothing(
    installation: RepairedInstallation,
) -> None:
    client = installation.collecting()
    installation.product["queue"].kill()
    installation.product.sandbox.heal()
    wait_until(
        lambda: client.run_state() == "done" or not installation.product["collect"].running,
        60,
        "the collection went on for ever",
    )
    installation.repair()
    client.assert_everything_once()
    client.assert_hardly_repeated(losses=1)


def _queue_stage(client: Client) -> dict[str, object]:
    (stages,) = client.purges("stages")
    found: dict[str, object] = RepairedInstallation.json(stages)["queue"]
    return found


def test_cell_15_without_a_queue_a_disconnect_deletes_and_its_receipt_says_so(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    for name in ("urgent", "collect", "queue"):
        installation.product[name].kill()
    assert client.disconnects() < RESPONSE_SECONDS
    wait_until(lambda: client.rows_left() == 0, 10, "the rows waited for the queue")
    client.waits_until_gone()
    assert _queue_stage(client)["reached"] is False


def test_cell_15_a_queue_available_again_in_time_is_searched(
    installation: RepairedInstallation,
) -> None:
    installation.restart("sweep", TACIT_QUEUE_PATIENCE_SECONDS="600")
    client = installation.collected()
    for name in ("urgent", "collect", "queue"):
        installation.product[name].kill()
    client.disconnects()
    wait_until(lambda: client.rows_left() == 0, 10, "the rows waited for the queue")
    wait_until(lambda: client.purges("last_code") == ["queue_unavailable"], 20, "it did not wait")
    installation.restart("queue")
    client.waits_until_gone()
    assert _queue_stage(client)["reached"] is True


def test_cell_16_log_in_and_pages_work_without_a_queue(installation: RepairedInstallation) -> None:
    client = installation.collected()
    installation.product["queue"].kill()
    newcomer = Consultant(installation.product).logs_in()
    newcomer.engagement = client.engagement
    assert "Acme" in newcomer.opens(newcomer.path())
    ready = newcomer.http.get(installation.product.url + "/readyz", timeout=30)
    assert ready.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert ready.json()["queue"] is False
    assert ready.json()["database"] is True
    assert "alive" in newcomer.opens("/healthz")


def test_cell_16_a_hanging_queue_delays_no_page(installation: RepairedInstallation) -> None:
    client = installation.collected()
    with installation.product["queue"].suspended():
        began = time.monotonic()
        Consultant(installation.product).logs_in()
        logged_in = time.monotonic() - began
        began = time.monotonic()
        ready = client.http.get(installation.product.url + "/readyz", timeout=30)
        answered = time.monotonic() - began
        began = time.monotonic()
        client.opens(client.path())
        opened = time.monotonic() - began
        disconnected = client.disconnects()
    assert ready.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert ready.json()["queue"] is False
    assert logged_in - 0.5 < RESPONSE_SECONDS, "argon2 takes its own half second"
    assert max(answered, opened, disconnected) < RESPONSE_SECONDS
