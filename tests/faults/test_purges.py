"""The process that purges is killed, suspended, late or runs twice: one receipt in every case."""
# ruff: noqa: S608 - the values are handles of ours

import time
from functools import partial

import pytest
import requests

from app.core.crash_points import CrashPoint
from tests.faults.client import Client
from tests.faults.conftest import ON_POSTGRES, ON_SQLITE
from tests.faults.installation import LEASE_SECONDS, RepairedInstallation
from tests.servers import wait_until

AFTER_THE_CLOSE = (
    CrashPoint.EPOCH_CLOSED,
    CrashPoint.EPOCH_KEYS_DESTROYED,
    CrashPoint.EPOCH_PURGE_ENQUEUED,
    CrashPoint.EPOCH_REVOKED,
)
POINTS = {
    *AFTER_THE_CLOSE,
    CrashPoint.KEYS_OVERWRITTEN,
    CrashPoint.DOWNLOAD_COMMITTED,
    CrashPoint.DOWNLOAD_SENT_SOME,
}


def _receipt(installation: RepairedInstallation, client: Client) -> dict[str, object]:
    (body,) = installation.product.select(
        "SELECT body FROM ledger_entry WHERE kind = 'receipt' AND purge_handle ="
        f" '{client.purges('handle')[-1]}'"
    )
    stated: dict[str, object] = RepairedInstallation.json(body)["statement"]
    return stated


@pytest.mark.parametrize(
    ("judged", "point"),
    [
        *(("postgresql", point) for point in AFTER_THE_CLOSE),
        # Only the first of them has anything to do with the database.
        ("sqlite", CrashPoint.EPOCH_CLOSED),
    ],
    indirect=["judged"],
)
def test_cell_29_data_is_deleted_although_the_web_process_died_after_the_close(
    installation: RepairedInstallation, point: CrashPoint
) -> None:
    client = installation.collected()
    installation.dies_at("web", point)
    server = installation.horse("web")
    client.asks_to_disconnect()
    wait_until(lambda: not server.is_running(), 20, "the point was never reached")
    assert not client.connected(), "it was accepted: nothing of it may be lost"
    client.waits_until_gone()
    revocation = _receipt(installation, client)["revocation"]
    assert isinstance(revocation, dict)
    assert revocation["outcome"] == "unknown"
    assert revocation["by_hand"]


@ON_POSTGRES
@pytest.mark.parametrize("point", [CrashPoint.DOWNLOAD_COMMITTED, CrashPoint.DOWNLOAD_SENT_SOME])
def test_the_receipt_names_a_download_whose_process_was_killed(
    installation: RepairedInstallation, point: CrashPoint
) -> None:
    client = installation.collected()
    installation.dies_at("web", point)
    with pytest.raises(requests.RequestException):
        client.http.get(installation.product.url + client.path("/report.json"), timeout=30)
    installation.restart("web")
    client.disconnects()
    client.waits_until_gone()
    downloads = _receipt(installation, client)["downloads"]
    assert isinstance(downloads, list)
    assert [each["file"] for each in downloads] == ["report.json"]


@ON_SQLITE
def test_cell_30_keys_half_overwritten_by_a_killed_process_are_destroyed(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    (handle,) = installation.product.select(f"SELECT handle FROM epoch WHERE id = {client.epoch}")
    file = installation.product.plan.instance / "keystore" / f"{handle}.key"
    before = file.read_bytes()
    installation.product["sweep"].kill()
    installation.dies_at("web", CrashPoint.KEYS_OVERWRITTEN)
    assert client.asks_to_disconnect() == 0
    noise = file.read_bytes()
    assert len(noise) == len(before)
    assert noise != before
    installation.repair()
    client.waits_until_gone()
    assert not file.exists()


def test_cell_32_a_worker_killed_after_the_receipt_leaves_one_receipt(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    installation.product["sweep"].kill()
    installation.dies_at("urgent", CrashPoint.PURGE_RECEIPTED_MIDDLE)
    client.disconnects()
    wait_until(lambda: installation.died("urgent"), 30, "the point was never reached")
    assert installation.product.select(_receipts_of(client)) == [0]
    installation.repair()
    client.waits_until_gone()
    assert installation.product.select(_receipts_of(client)) == [1]


def _receipts_of(client: Client) -> str:
    (handle,) = client.purges("handle")
    return f"SELECT count(*) FROM ledger_entry WHERE kind = 'receipt' AND purge_handle = '{handle}'"


def test_cell_34_of_two_sweepers_one_works(installation: RepairedInstallation) -> None:
    client = installation.collected()
    installation.product["urgent"].kill()
    installation.another("sweep")
    installation.another("sweep")
    client.disconnects()
    client.waits_until_gone()
    assert client.purges("attempts") == [1]
    assert installation.product.select(_receipts_of(client)) == [1]


def test_cell_35_a_sweeper_that_was_suspended_past_its_lease_writes_nothing_more(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    installation.product["urgent"].kill()
    installation.suspended_at("sweep", CrashPoint.PURGE_RESIDUE_MIDDLE)
    client.disconnects()
    suspended = installation.waits_for_suspension("sweep")
    successor = installation.another("sweep")
    client.waits_until_gone()
    ended = client.purges("stages, rows, finished_at, attempts")
    successor.kill()
    suspended.resume()
    _waits_for_beat(installation)
    assert client.purges("stages, rows, finished_at, attempts") == ended
    assert installation.product.select(_receipts_of(client)) == [1]


def _waits_for_beat(installation: RepairedInstallation) -> None:
    """Wait until the only sweeper has begun another round: it has released its former leases."""
    for _ in range(2):
        before = _seen(installation)
        wait_until(partial(_beaten, installation, before), 20, "it does not sweep")


def _seen(installation: RepairedInstallation) -> list[object]:
    return installation.product.select("SELECT seen_at FROM heartbeat WHERE name = 'sweeper'")


def _beaten(installation: RepairedInstallation, before: list[object]) -> bool:
    return _seen(installation) != before


def _all_down(installation: RepairedInstallation) -> None:
    for name in ("sweep", "urgent", "collect", "web"):
        installation.product[name].crash()


def test_cell_36_after_all_processes_were_killed_rows_are_deleted_before_a_page_is_served(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    installation.product["sweep"].kill()
    installation.dies_at("web", CrashPoint.EPOCH_CLOSED)
    assert client.asks_to_disconnect() == 0
    _all_down(installation)
    assert client.rows_left() > 0, "the purge has already run: this proves nothing"
    time.sleep(LEASE_SECONDS)  # the blackout itself: nobody runs
    installation.product.start_one("web")
    wait_until(lambda: _served(installation), 30, "no page")
    assert client.rows_left() == 0


def _served(installation: RepairedInstallation) -> bool:
    try:
        return requests.get(installation.product.url + "/login", timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


@ON_POSTGRES
def test_cell_37_a_missed_deadline_is_published_and_the_receipt_says_late(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    installation.product["sweep"].kill()
    installation.restart("web", TACIT_PURGE_DEADLINE_SECONDS="1")
    installation.product["urgent"].kill()
    assert client.disconnects() < 2
    (handle,) = client.purges("handle")
    installation.late.add(handle)
    _all_down(installation)
    time.sleep(1)  # the blackout itself: nobody runs
    installation.repair()
    client.waits_until_gone()
    assert _receipt(installation, client)["late"] is True
    breaches = "SELECT purge_handle FROM ledger_entry WHERE kind = 'breach'"
    assert handle in installation.product.select(breaches)
    page = requests.get(installation.product.url + "/deletions", timeout=30).text
    assert "Broken promises" in page
