"""A collector that is still at work when its epoch is closed writes nothing and sends nothing."""

import threading
import time
from http import HTTPStatus

import psutil
import pytest

from app.core.crash_points import CrashPoint
from tests.faults.client import WAIT_SECONDS, Client
from tests.faults.conftest import ON_POSTGRES
from tests.faults.installation import RepairedInstallation
from tests.functional.collection import IN_FLIGHT
from tests.functional.consultant import Consultant
from tests.hung_session import open_transaction, stops_in_a_message
from tests.servers import alive, wait_until

ACCEPTED, BUSY = HTTPStatus.SEE_OTHER, HTTPStatus.SERVICE_UNAVAILABLE
MOST_SECONDS = 2.0
LOCK_SECONDS = 15.0
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


def _goes_on_and_ends(suspended: psutil.Process) -> None:
    if alive(suspended.pid):
        suspended.resume()
    wait_until(lambda: not alive(suspended.pid), 20, "the late one works on")


END_READERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND state = 'idle in transaction' AND state_change < now() - interval '1 second'"
)
"""PostgreSQL ends the session of a suspended process after two minutes; here it ends at once."""


def _waits_until_gone(installation: RepairedInstallation, client: Client) -> None:
    def gone() -> bool:
        if client.purges("last_code") == ["reader"] and not installation.on_sqlite:
            installation.product.select(END_READERS)
        return client.purges("state") == ["done"]

    wait_until(gone, WAIT_SECONDS, "the purge was not finished")


def _bearers(installation: RepairedInstallation) -> list[str]:
    """Of every request for something of the client's, the token it was sent with."""
    received = installation.product.sandbox.requests()["requests"]
    return [each["bearer"] for each in received if "/oauth/" not in each["path"]]


def _goes_on_and_asks_nothing(
    installation: RepairedInstallation, suspended: psutil.Process
) -> None:
    """But for what was on its way to the wire when all was suspended: it cannot be called back."""
    before = _bearers(installation)
    _goes_on_and_ends(suspended)
    time.sleep(ANSWERED_SECONDS)
    late = _bearers(installation)[len(before) :]
    assert len(late) <= IN_FLIGHT
    assert set(late) <= set(before), "a token that came after the close may only be given back"
    # They came whenever the suspended process went on: the oracle checks all others.
    installation.clear_requests()


@pytest.mark.parametrize(("name", "point", "time_"), IN_A_TRANSACTION)
def test_cell_07_a_worker_suspended_in_a_transaction_does_not_prevent_a_disconnect(
    installation: RepairedInstallation, name: str, point: CrashPoint, time_: int
) -> None:
    installation.suspended_at(name, point, time_)
    client = installation.connected()
    suspended = installation.waits_for_suspension(name)
    began = time.monotonic()
    assert client.asks_to_disconnect() == BUSY
    assert time.monotonic() - began < MOST_SECONDS + 1
    if installation.on_sqlite:
        # PostgreSQL ends such a transaction by itself; here the supervisor of `tacit up` does.
        suspended.kill()
    client.leaves_at_last(LOCK_SECONDS)
    _waits_until_gone(installation, client)
    _goes_on_and_ends(suspended)
    assert client.rows_left() == 0


@ON_POSTGRES
def test_cell_07_a_worker_suspended_in_a_statement_loses_its_session(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    locked = f"SELECT 1 FROM epoch WHERE id = {client.epoch} FOR SHARE"  # noqa: S608 - a handle of ours
    with open_transaction(installation.product.database_url, locked) as connection:
        stops_in_a_message(connection)
        assert client.asks_to_disconnect() == BUSY
        client.leaves_at_last(LOCK_SECONDS)
    assert '"event":"holder_killed"' in installation.product.words()
    client.waits_until_gone()


@pytest.mark.parametrize(("point", "time_"), BETWEEN_TRANSACTIONS)
def test_cell_38_a_process_resumed_after_the_deletion_writes_no_row_and_sends_no_request(
    installation: RepairedInstallation, point: CrashPoint, time_: int
) -> None:
    installation.suspended_at("collect", point, time_)
    client = installation.connected()
    suspended = installation.waits_for_suspension()
    installation.lets_write(suspended)
    # Another thread of it may have been caught in a transaction.
    client.leaves_at_last(LOCK_SECONDS)
    _waits_until_gone(installation, client)
    _goes_on_and_asks_nothing(installation, suspended)
    assert client.rows_left() == 0


def test_cell_38_a_disconnect_ends_a_collection_under_way(
    installation: RepairedInstallation,
) -> None:
    client = installation.collecting()
    assert client.disconnects() < MOST_SECONDS
    client.waits_until_gone()
    wait_until(lambda: not installation.product["collect"].below(), 10, "it collects for nobody")
    assert client.rows_left() == 0


def test_cell_39_a_token_that_arrives_after_the_close_is_not_stored(
    installation: RepairedInstallation,
) -> None:
    installation.suspended_at("collect", CrashPoint.GRANT_ANSWERED)
    client = installation.collecting()
    installation.product.execute(EXPIRE.format(client.epoch))
    suspended = installation.waits_for_suspension()
    installation.lets_write(suspended)
    # Another thread of it may have been caught in a transaction.
    client.leaves_at_last(LOCK_SECONDS)
    _waits_until_gone(installation, client)
    _goes_on_and_asks_nothing(installation, suspended)
    assert client.rows_left() == 0
    assert installation.product.count("token") == 1, "only the bystander has one"


def _everything(client: Client) -> dict[str, list[str]]:
    tables = ("incident", "log_entry", "service", "team", "collection_run", '"window"', "token")
    return {name: sorted(map(repr, client.select("*", name.strip('"')))) for name in tables}


def test_cell_41_a_purge_deletes_no_row_of_a_reconnect(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    installation.product["sweep"].kill()
    installation.suspended_at("urgent", CrashPoint.PURGE_ROWS_BEGIN)
    client.disconnects()
    suspended = installation.waits_for_suspension("urgent")
    client.connects()
    wait_until(lambda: client.select("state", "collection_run") == ["done"], 40, "not collected")
    collected = _everything(client)
    assert len(collected["log_entry"]) > 1000
    suspended.resume()
    client.waits_until_gone()
    assert _everything(client) == collected


@ON_POSTGRES
def test_cell_42_two_browsers_in_the_same_second_get_one_purge(
    installation: RepairedInstallation,
) -> None:
    client = installation.collected()
    other = Client(installation.product)
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
