"""Whoever purges is killed, frozen, late or twice there: it ends the same, with one receipt."""
# ruff: noqa: S608 - the values are handles of ours

import time
from functools import partial

import pytest
import requests

from app.core.crash_points import CrashPoint
from tests.faults.client import Client
from tests.faults.conftest import ON_POSTGRES, ON_SQLITE
from tests.faults.house import LEASE_SECONDS, House
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


def _receipt(house: House, client: Client) -> dict[str, object]:
    (body,) = house.product.select(
        "SELECT body FROM ledger_entry WHERE kind = 'receipt' AND purge_handle ="
        f" '{client.purges('handle')[-1]}'"
    )
    stated: dict[str, object] = House.json(body)["statement"]
    return stated


@pytest.mark.parametrize(
    ("standing", "point"),
    [
        *(("postgresql", point) for point in AFTER_THE_CLOSE),
        # Only the first of them has anything to do with the database.
        ("sqlite", CrashPoint.EPOCH_CLOSED),
    ],
    indirect=["standing"],
)
def test_cell_29_killed_right_after_the_close_all_goes_all_the_same(
    house: House, point: CrashPoint
) -> None:
    client = house.collected()
    house.dies_at("web", point)
    server = house.horse("web")
    client.asks_to_disconnect()
    wait_until(lambda: not server.is_running(), 20, "the point was never reached")
    assert not client.connected(), "it was accepted: nothing of it may be lost"
    client.waits_until_gone()
    revocation = _receipt(house, client)["revocation"]
    assert isinstance(revocation, dict)
    assert revocation["outcome"] == "unknown"
    assert revocation["by_hand"]


@ON_POSTGRES
@pytest.mark.parametrize("point", [CrashPoint.DOWNLOAD_COMMITTED, CrashPoint.DOWNLOAD_SENT_SOME])
def test_killed_in_a_download_the_receipt_names_it(house: House, point: CrashPoint) -> None:
    client = house.collected()
    house.dies_at("web", point)
    with pytest.raises(requests.RequestException):
        client.http.get(house.product.url + client.path("/report.json"), timeout=30)
    house.restart("web")
    client.disconnects()
    client.waits_until_gone()
    downloads = _receipt(house, client)["downloads"]
    assert isinstance(downloads, list)
    assert [each["file"] for each in downloads] == ["report.json"]


@ON_SQLITE
def test_cell_30_killed_while_keys_are_overwritten_they_are_destroyed_again(
    house: House,
) -> None:
    client = house.collected()
    (handle,) = house.product.select(f"SELECT handle FROM epoch WHERE id = {client.epoch}")
    file = house.product.plan.instance / "keystore" / f"{handle}.key"
    before = file.read_bytes()
    house.product["sweep"].kill()
    house.dies_at("web", CrashPoint.KEYS_OVERWRITTEN)
    assert client.asks_to_disconnect() == 0
    noise = file.read_bytes()
    assert len(noise) == len(before)
    assert noise != before
    house.mend()
    client.waits_until_gone()
    assert not file.exists()


def test_cell_32_killed_between_receipt_and_end_there_is_one_receipt(house: House) -> None:
    client = house.collected()
    house.product["sweep"].kill()
    house.dies_at("urgent", CrashPoint.PURGE_RECEIPTED_MIDDLE)
    client.disconnects()
    wait_until(lambda: house.died("urgent"), 30, "the point was never reached")
    assert house.product.select(_receipts_of(client)) == [0]
    house.mend()
    client.waits_until_gone()
    assert house.product.select(_receipts_of(client)) == [1]


def _receipts_of(client: Client) -> str:
    (handle,) = client.purges("handle")
    return f"SELECT count(*) FROM ledger_entry WHERE kind = 'receipt' AND purge_handle = '{handle}'"


def test_cell_34_of_two_sweepers_one_works(house: House) -> None:
    client = house.collected()
    house.product["urgent"].kill()
    house.another("sweep")
    house.another("sweep")
    client.disconnects()
    client.waits_until_gone()
    assert client.purges("attempts") == [1]
    assert house.product.select(_receipts_of(client)) == [1]


def test_cell_35_a_sweeper_that_was_frozen_past_its_lease_writes_nothing_more(
    house: House,
) -> None:
    client = house.collected()
    house.product["urgent"].kill()
    house.stops_at("sweep", CrashPoint.PURGE_RESIDUE_MIDDLE)
    client.disconnects()
    frozen = house.waits_for_stop("sweep")
    successor = house.another("sweep")
    client.waits_until_gone()
    ended = client.purges("stages, rows, finished_at, attempts")
    successor.kill()
    frozen.resume()
    _waits_for_beat(house)
    assert client.purges("stages, rows, finished_at, attempts") == ended
    assert house.product.select(_receipts_of(client)) == [1]


def _waits_for_beat(house: House) -> None:
    """Until the only sweeper has begun another round: what it had in hand, it has let go of."""
    for _ in range(2):
        before = _seen(house)
        wait_until(partial(_beaten, house, before), 20, "it does not sweep")


def _seen(house: House) -> list[object]:
    return house.product.select("SELECT seen_at FROM heartbeat WHERE name = 'sweeper'")


def _beaten(house: House, before: list[object]) -> bool:
    return _seen(house) != before


def _all_down(house: House) -> None:
    for name in ("sweep", "urgent", "collect", "web"):
        house.product[name].crash()


def test_cell_36_after_a_blackout_nothing_is_served_before_the_rows_are_gone(
    house: House,
) -> None:
    client = house.collected()
    house.product["sweep"].kill()
    house.dies_at("web", CrashPoint.EPOCH_CLOSED)
    assert client.asks_to_disconnect() == 0
    _all_down(house)
    assert client.rows_left() > 0, "somebody purged already: this proves nothing"
    time.sleep(LEASE_SECONDS)  # the blackout itself: nobody runs
    house.product.start_one("web")
    wait_until(lambda: _served(house), 30, "no page")
    assert client.rows_left() == 0


def _served(house: House) -> bool:
    try:
        return requests.get(house.product.url + "/login", timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


@ON_POSTGRES
def test_cell_37_a_promise_that_was_broken_is_published_and_the_receipt_says_late(
    house: House,
) -> None:
    client = house.collected()
    house.product["sweep"].kill()
    house.restart("web", TACIT_PURGE_DEADLINE_SECONDS="1")
    house.product["urgent"].kill()
    assert client.disconnects() < 2
    (handle,) = client.purges("handle")
    house.late.add(handle)
    _all_down(house)
    time.sleep(1)  # the blackout itself: nobody runs
    house.mend()
    client.waits_until_gone()
    assert _receipt(house, client)["late"] is True
    breaches = "SELECT purge_handle FROM ledger_entry WHERE kind = 'breach'"
    assert handle in house.product.select(breaches)
    page = requests.get(house.product.url + "/deletions", timeout=30).text
    assert "Broken promises" in page
