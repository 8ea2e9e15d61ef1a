"""A collector that is still at work when its epoch is closed writes nothing and asks nothing."""

import threading
import time
from http import HTTPStatus

import psutil
import pytest

from app.core.crash_points import CrashPoint
from tests.faults.client import PATIENCE, Client
from tests.faults.conftest import ON_POSTGRES
from tests.faults.house import House
from tests.functional.collection import IN_FLIGHT
from tests.functional.consultant import Consultant
from tests.hung_session import holding, stops_in_a_message
from tests.servers import alive, wait_until

ACCEPTED, BUSY = HTTPStatus.SEE_OTHER, HTTPStatus.SERVICE_UNAVAILABLE
MOST_SECONDS = 2.0
LET_GO = 15.0
"""What hangs is ended after 5 s and a sweep, on a machine that has other things to do."""
ANSWERED_SECONDS = 1.0
"""The sandbox writes a request down with its answer, which may be slow here."""
EXPIRE = "UPDATE token SET expires_at = 1 WHERE epoch_id = {}"
IN_A_TRANSACTION = (
    ("collect", CrashPoint.PAGE_WRITTEN, 12),
    ("urgent", CrashPoint.ASSESSMENT_WRITTEN, 1),
)
BETWEEN_TRANSACTIONS = (
    (CrashPoint.RUN_BEGUN, 1),
    (CrashPoint.PAGE_ANSWERED, 12),
    (CrashPoint.PAGE_COMMITTED, 12),
    (CrashPoint.RUN_FINISHED, 1),
)
POINTS = {
    *(point for _, point, _ in IN_A_TRANSACTION),
    *(point for point, _ in BETWEEN_TRANSACTIONS),
    CrashPoint.GRANT_ANSWERED,
}


def _goes_on_and_ends(frozen: psutil.Process) -> None:
    if alive(frozen.pid):
        frozen.resume()
    wait_until(lambda: not alive(frozen.pid), 20, "the late one works on")


END_READERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND state = 'idle in transaction' AND state_change < now() - interval '1 second'"
)
"""What PostgreSQL does after two minutes to one of a frozen process: here nobody waits for it."""


def _waits_until_gone(house: House, client: Client) -> None:
    def gone() -> bool:
        if client.purges("last_code") == ["reader"] and not house.on_sqlite:
            house.product.select(END_READERS)
        return client.purges("state") == ["done"]

    wait_until(gone, PATIENCE, "the purge was not finished")


def _bearers(house: House) -> list[str]:
    """Of every request for something of the client's, the token it was sent with."""
    asked = house.product.sandbox.requests()["requests"]
    return [each["bearer"] for each in asked if "/oauth/" not in each["path"]]


def _goes_on_and_asks_nothing(house: House, frozen: psutil.Process) -> None:
    """But for what was on its way to the wire when all froze: it cannot be called back."""
    before = _bearers(house)
    _goes_on_and_ends(frozen)
    time.sleep(ANSWERED_SECONDS)
    late = _bearers(house)[len(before) :]
    assert len(late) <= IN_FLIGHT
    assert set(late) <= set(before), "a token that came after the close may only be given back"
    # They came whenever the frozen process went on: the oracle asks of all others.
    house.forget_requests()


@pytest.mark.parametrize(("name", "point", "time_"), IN_A_TRANSACTION)
def test_cell_07_frozen_in_a_transaction_it_cannot_keep_its_client_from_leaving(
    house: House, name: str, point: CrashPoint, time_: int
) -> None:
    house.stops_at(name, point, time_)
    client = house.connected()
    frozen = house.waits_for_stop(name)
    began = time.monotonic()
    assert client.asks_to_disconnect() == BUSY
    assert time.monotonic() - began < MOST_SECONDS + 1
    if house.on_sqlite:
        # PostgreSQL ends such a transaction by itself; here the supervisor of `tacit up` does.
        frozen.kill()
    client.leaves_at_last(LET_GO)
    _waits_until_gone(house, client)
    _goes_on_and_ends(frozen)
    assert client.rows_left() == 0


@ON_POSTGRES
def test_cell_07_frozen_in_the_middle_of_a_statement_it_loses_its_session(house: House) -> None:
    client = house.collected()
    locked = f"SELECT 1 FROM epoch WHERE id = {client.epoch} FOR SHARE"  # noqa: S608 - a handle of ours
    with holding(house.product.database_url, locked) as connection:
        stops_in_a_message(connection)
        assert client.asks_to_disconnect() == BUSY
        client.leaves_at_last(LET_GO)
    assert '"event":"holder_killed"' in house.product.words()
    client.waits_until_gone()


@pytest.mark.parametrize(("point", "time_"), BETWEEN_TRANSACTIONS)
def test_cell_38_frozen_anywhere_while_all_is_deleted_it_leaves_no_row_and_asks_nothing(
    house: House, point: CrashPoint, time_: int
) -> None:
    house.stops_at("collect", point, time_)
    client = house.connected()
    frozen = house.waits_for_stop()
    house.lets_write(frozen)
    # Another thread of it may have been caught in a transaction.
    client.leaves_at_last(LET_GO)
    _waits_until_gone(house, client)
    _goes_on_and_asks_nothing(house, frozen)
    assert client.rows_left() == 0


def test_cell_38_a_disconnect_ends_a_collection_under_way(house: House) -> None:
    client = house.in_the_middle()
    assert client.disconnects() < MOST_SECONDS
    client.waits_until_gone()
    wait_until(lambda: not house.product["collect"].below(), 10, "it collects for nobody")
    assert client.rows_left() == 0


def test_cell_39_a_token_that_comes_after_the_close_is_not_stored(house: House) -> None:
    house.stops_at("collect", CrashPoint.GRANT_ANSWERED)
    client = house.in_the_middle()
    house.product.execute(EXPIRE.format(client.epoch))
    frozen = house.waits_for_stop()
    house.lets_write(frozen)
    # Another thread of it may have been caught in a transaction.
    client.leaves_at_last(LET_GO)
    _waits_until_gone(house, client)
    _goes_on_and_asks_nothing(house, frozen)
    assert client.rows_left() == 0
    assert house.product.count("token") == 1, "only the bystander has one"


def _everything(client: Client) -> dict[str, list[str]]:
    tables = ("incident", "log_entry", "service", "team", "collection_run", '"window"', "token")
    return {name: sorted(map(repr, client.select("*", name.strip('"')))) for name in tables}


def test_cell_41_a_reconnect_during_the_purge_keeps_all_its_rows(house: House) -> None:
    client = house.collected()
    house.product["sweep"].kill()
    house.stops_at("urgent", CrashPoint.PURGE_ROWS_BEGIN)
    client.disconnects()
    frozen = house.waits_for_stop("urgent")
    client.connects()
    wait_until(lambda: client.select("state", "collection_run") == ["done"], 40, "not collected")
    collected = _everything(client)
    assert len(collected["log_entry"]) > 1000
    frozen.resume()
    client.waits_until_gone()
    assert _everything(client) == collected


@ON_POSTGRES
def test_cell_42_two_browsers_in_the_same_second_get_one_purge(house: House) -> None:
    client = house.collected()
    other = Client(house.product)
    Consultant.logs_in(other)
    other.engagement = client.engagement
    forms = [(each, each.form(each.path("/disconnect"))) for each in (client, other)]
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda e=each, f=form: answers.append(e.sends_disconnect(f)))
        for each, form in forms
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [ACCEPTED, ACCEPTED]
    client.waits_until_gone()
    assert len(client.purges("handle")) == 1
