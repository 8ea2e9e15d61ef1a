"""A running product that a cell breaks and that is repaired after the cell."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import requests
from redis import Redis
from sqlalchemy.exc import OperationalError

from app.core import queue_server
from app.core.crash_points import STOP_VARIABLE, VARIABLE, CrashPoint
from app.processes import ports
from tests.faults.client import WAIT_SECONDS, Client, engine
from tests.functional.consultant import Consultant
from tests.servers import Installation, Process, wait_until

LEASE_SECONDS = 2.5
SETTINGS = {
    "SANDBOX_RATE_LIMIT": "100000",
    "TACIT_LEASE_SECONDS": f"{LEASE_SECONDS:g}",
    "TACIT_SWEEP_SECONDS": "0.3",
    "TACIT_PURGE_HEAD_START_SECONDS": "1",
    "TACIT_QUEUE_PATIENCE_SECONDS": "3",
    "TACIT_REVOCATION_SECONDS": "0.5",
    "TACIT_CONFIRMATION_SECONDS": "1.5",
}
"""Every time of the product is so short that no cell waits over five seconds for it."""
_SLOW = {"kind": "slow", "path": "/log_entries", "seconds": 0.3, "times": 100_000}


class RepairedInstallation:
    """A product whose processes a cell kills. It is repaired after each cell."""

    def __init__(self, product: Installation) -> None:
        self.product = product
        self._door = Consultant(product).logs_in()
        self._clients: list[Client] = []
        self._extra: list[Process] = []
        self.late: set[str] = set()
        """Purges whose promise a cell has broken on purpose."""
        self.bystander = self.collected()
        self._clients.clear()

    def client(self) -> Client:
        """A client who has not connected yet, in the browser that all clients share."""
        client = Client(self.product)
        client.http.cookies.update(self._door.http.cookies)
        client.opens_engagement()
        self._clients.append(client)
        return client

    def connected(self) -> Client:
        """A client whose collection is due."""
        client = self.client()
        client.connects()
        return client

    def collected(self) -> Client:
        """A client whose assessment is ready."""
        client = self.connected()
        client.waits_for_assessment()
        return client

    def collecting(self) -> Client:
        """A collection that reads its longest list, slowly, until the sandbox is healed."""
        self.product.sandbox.plant(**_SLOW)
        client = self.connected()
        client.waits(lambda: client.count("log_entry") > 200, WAIT_SECONDS, "no log entries came")
        return client

    def waits_for_more(self, client: Client, seconds: float = WAIT_SECONDS) -> float:
        """How long until the collection has stored something more."""
        stored, began = client.count("log_entry"), time.monotonic()
        client.waits(
            lambda: client.count("log_entry") > stored, seconds, "the collection did not go on"
        )
        return time.monotonic() - began

    def horse(self, name: str = "collect") -> psutil.Process:
        """The work-horse under a worker, once there is one."""
        wait_until(self.product[name].below, WAIT_SECONDS, f"{name} has no work-horse")
        return self.product[name].below()[0]

    def restart(self, name: str, **settings: str) -> None:
        """`kill -9` of one process and all below it, then a new start with more settings."""
        self.product[name].crash()
        self._start(name, settings)

    def dies_at(self, name: str, point: CrashPoint, time: int = 1) -> None:
        """Restart a process that dies when it reaches the point for that time."""
        self.restart(name, **{VARIABLE: f"{point}:{time}"})

    def suspended_at(self, name: str, point: CrashPoint, time: int = 1) -> None:
        """Start a process again that is suspended when it reaches the point for that time."""
        self.restart(name, **{STOP_VARIABLE: f"{point}:{time}"})

    def waits_for_death(self, client: Client) -> None:
        """Until the work-horse of a collection has begun and died at its point."""
        worker = self.product["collect"]
        wait_until(
            lambda: client.run_state() == "running" and not worker.below(),
            WAIT_SECONDS,
            "the point was never reached",
        )

    def waits_for_suspension(self, name: str = "collect") -> psutil.Process:
        """The process that was suspended at its point."""
        family = self.product[name].family
        wait_until(lambda: any(map(stopped, family())), WAIT_SECONDS, "the point was never reached")
        return next(each for each in family() if stopped(each))

    @property
    def on_sqlite(self) -> bool:
        """Whether one writer makes all others wait."""
        return self.product.database_url.startswith("sqlite")

    def died(self, name: str) -> bool:
        """Whether a work-horse of this worker ended in a purge without finishing it."""
        return not self.product[name].below() and bool(
            self.product.select("SELECT id FROM purge WHERE attempts > 0 AND state <> 'done'")
        )

    @staticmethod
    def json(value: Any) -> Any:
        """A JSON column as either driver returns it."""
        return json.loads(value) if isinstance(value, str) else value

    def suspends(self, process: psutil.Process) -> None:
        """Suspend a process at a moment when it has no lock that others need."""
        process.suspend()
        self.lets_write(process)

    def lets_write(self, process: psutil.Process) -> None:
        """Resume a suspended process for 10 ms at a time until none of its threads has a lock."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not self._writable():
            assert time.monotonic() < deadline, "it always has a lock"
            process.resume()
            time.sleep(0.01)
            process.suspend()

    def _writable(self) -> bool:
        database = engine(self.product.database_url)
        try:
            with database.begin() as connection:
                if database.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA busy_timeout = 100")
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    connection.exec_driver_sql("ROLLBACK")
                    # A reader prevents that the write-ahead log is emptied.
                    emptied = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                    return emptied.scalar() == 0
        except OperationalError:
            return False
        return True

    def another(self, name: str, **settings: str) -> Process:
        """One more process of a kind, until the cell ends."""
        called = f"{name}-{len(self._extra) + 2}"
        self.product.start_one(name, called=called, **settings)
        self._extra.append(self.product[called])
        return self.product[called]

    def repair(self) -> None:
        """Everything runs again with its usual settings."""
        queue_lost = not self.product["queue"].running
        self.product.sandbox.heal()
        for process in self._extra:
            process.crash()
        self._extra.clear()
        for name, child in self.product.children().items():
            process = self.product[name]
            broken = any(map(stopped, process.family())) or process.child != child
            if process.running and broken:
                process.crash()
            if not process.running:
                self._start(name, {})
        if queue_lost:
            wait_until(self._served, WAIT_SECONDS, "a worker did not come back")

    def _served(self) -> bool:
        """Whether each worker waits for a job or has one.

        A worker that loses its queue during a job ends sooner or later. It is restarted here, as
        `tacit up` does.
        """
        workers = ("collect", "urgent")
        for name in workers:
            if not self.product[name].running:
                self._start(name, {})
        with self.redis() as redis:
            waiting = sum("b" in each["flags"] for each in redis.client_list())
        return waiting + sum(bool(self.product[name].below()) for name in workers) >= len(workers)

    def unfinished(self) -> list[Any]:
        """Unfinished purges: their stages, and what blocks them."""
        return self.product.select(
            "SELECT last_code, attempts, lease_owner, stages FROM purge WHERE state <> 'done'"
        )

    def clear_requests(self) -> None:
        """Clear the sandbox's record of requests."""
        requests.delete(f"{self.product.sandbox.url}/__sandbox/requests", timeout=10)

    def disconnect_all(self) -> None:
        """Disconnect every client that is still connected; wait until every purge is done."""
        for client in self._clients:
            if client.connected():
                client.disconnects()
        self._clients.clear()
        try:
            wait_until(lambda: not self.unfinished(), WAIT_SECONDS, "a purge was not finished")
        except AssertionError:
            # The purge itself states what blocks it.
            assert self.unfinished() == []

    @contextmanager
    def redis(self) -> Iterator[Redis]:
        """The queue server, past the product."""
        assert self.product.plan.socket is not None
        with Redis(unix_socket_path=str(self.product.plan.socket)) as opened:
            yield opened

    def _start(self, name: str, settings: dict[str, str]) -> None:
        product, process = self.product, self.product
        product.start_one(name, **settings)
        plan = product.plan
        if name == "queue" and plan.socket is not None:
            socket = plan.socket
            process[name].need(lambda: queue_server.responds(socket), "no queue server")
        elif name == "web":
            process[name].need(lambda: ports.responds("127.0.0.1", plan.port), "no web server")


def stopped(process: psutil.Process) -> bool:
    """Whether a process is suspended."""
    try:
        return bool(process.status() == psutil.STATUS_STOPPED)
    except psutil.NoSuchProcess:
        return False
