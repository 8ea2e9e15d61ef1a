"""All processes of one connection keep to 95 % of its limit together, and pause together."""

import threading
import time
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.core.clock import from_microseconds, now
from app.core.errors import EpochClosed
from app.extensions import db
from app.models import Budget, Circuit, Epoch
from app.operations.deletion.disconnect import disconnect
from app.operations.grant.limiter import BLOCK, SharedLimiter, requests_left
from collectors.client.breaker import FAILURES
from collectors.client.budget import RateLimit
from collectors.errors import CircuitOpen
from tests.unit.collectors.client.limiters import Clock, FixedWindow
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.grant.other_processes import (
    processes,
    request_pages,
    send_json,
    serving,
    settings,
)

SECOND = 1_000_000
NOW = 1_700_000_000 * SECOND
PAGE = {"services": [{"id": "P1"}], "more": False}


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def epoch(tenant: Tenant) -> Epoch:
    return tenant.connect()


def _two(epoch: Epoch, clock: Clock) -> tuple[SharedLimiter, SharedLimiter]:
    """Two processes' limiters."""
    return SharedLimiter(epoch.id, clock), SharedLimiter(epoch.id, clock)


def _know(limiter: SharedLimiter, remaining: int = 959) -> None:
    assert limiter.admit("rest") == 0
    limiter.responded("rest", RateLimit(960, remaining, 60))


def test_four_processes_never_pass_95_percent_of_the_limit(epoch: Epoch) -> None:
    limiter, lock = FixedWindow(200, float, seconds=2.0), threading.Lock()

    def response(handler: BaseHTTPRequestHandler) -> None:
        with lock:
            allowed, limit = limiter.request(time.monotonic())
        headers = {
            "ratelimit-limit": str(limit.limit),
            "ratelimit-remaining": str(limit.remaining),
            "ratelimit-reset": f"{limit.reset:.3f}",
        }
        send_json(handler, 200 if allowed else 429, PAGE, headers)

    with serving(response) as url, processes(4, settings()) as pool:
        futures = [pool.submit(request_pages, url, epoch.id, 180) for _ in range(4)]
        counted = [each.result(90) for each in futures]
    assert counted == [(180, 0)] * 4
    assert limiter.refused == 0
    assert limiter.most <= 190
    assert limiter.most >= 120


def test_what_one_process_learns_counts_for_the_other(epoch: Epoch, clock: Clock) -> None:
    one, other = _two(epoch, clock)
    _know(one, remaining=48 + 2)
    assert [other.admit("rest") for _ in range(2)] == [0, 0]
    assert other.admit("rest") == one.admit("rest") == 60


def test_while_much_is_left_eight_requests_cost_one_transaction(
    epoch: Epoch, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter, _ = _two(epoch, clock)
    _know(limiter)
    transactions = []
    plain = db.write

    def write() -> AbstractContextManager[Session]:
        transactions.append(1)
        return plain()

    monkeypatch.setattr(db, "write", write)
    for _ in range(4 * BLOCK):
        assert limiter.admit("rest") == 0
        limiter.responded("rest", RateLimit(960, 900, 60))
    assert len(transactions) == 4


def test_requests_taken_and_not_used_are_given_back(epoch: Epoch, clock: Clock) -> None:
    limiter, _ = _two(epoch, clock)
    _know(limiter)
    for _ in range(100):
        assert limiter.admit("rest") == 0
        limiter.responded("rest", None)
        clock.now += SECOND // 2
    with db.read() as session:
        left = requests_left(session, epoch.id)
    assert left is not None
    assert left[0] >= 911 - 100 - BLOCK


def test_requests_granted_in_one_window_are_not_used_in_the_next(
    epoch: Epoch, clock: Clock
) -> None:
    limiter, other = _two(epoch, clock)
    _know(limiter)
    clock.now += 60 * SECOND - 1
    assert limiter.admit("rest") == 0
    clock.now += 1
    assert [other.admit("rest") for _ in range(5)][:4] == [0] * 4
    assert limiter.admit("rest") > 0


def test_a_429_of_one_process_pauses_all(epoch: Epoch, clock: Clock) -> None:
    one, other = _two(epoch, clock)
    _know(one)
    one.admit("rest")
    one.limited("rest", RateLimit(960, 0, 20))
    assert other.admit("rest") == pytest.approx(20)
    assert 0 < one.admit("rest") <= 20
    assert other.admit("oncalls") == 0


def test_failures_of_several_processes_open_the_circuit_of_all(epoch: Epoch, clock: Clock) -> None:
    limiters = _two(epoch, clock)
    for number in range(FAILURES):
        limiters[number % 2].admit("rest")
        limiters[number % 2].failed("rest")
    for limiter in limiters:
        with pytest.raises(CircuitOpen) as error:
            limiter.admit("rest")
        assert error.value.retry_after == 30
    clock.now += 30 * SECOND
    assert limiters[0].admit("rest") == 0
    assert 0 < limiters[1].admit("rest") <= 2
    limiters[0].responded("rest", None)
    clock.now += SECOND
    assert limiters[1].admit("rest") == 0


def test_a_response_between_failures_keeps_the_circuit_closed(epoch: Epoch, clock: Clock) -> None:
    one, other = _two(epoch, clock)
    _know(one)
    for _ in range(3):
        for _ in range(FAILURES - 1):
            assert one.admit("rest") == 0
            one.failed("rest")
        assert other.admit("rest") == 0
        other.responded("rest", None)
    assert one.admit("rest") == 0


def test_the_page_shows_what_is_left_and_when_there_is_more(epoch: Epoch) -> None:
    limiter = SharedLimiter(epoch.id)
    with db.read() as session:
        assert requests_left(session, epoch.id) is None
    _know(limiter, remaining=500)
    with db.read() as session:
        left = requests_left(session, epoch.id)
    assert left is not None
    assert left[0] == 500 - 48
    assert 58 < (left[1] - now()).total_seconds() <= 60
    with db.write() as session:
        session.execute(update(Budget).values(resets_at=NOW))
    with db.read() as session:
        assert requests_left(session, epoch.id) == (912, from_microseconds(NOW))


def test_after_a_disconnect_nothing_is_admitted_and_nothing_written(
    tenant: Tenant, epoch: Epoch
) -> None:
    limiter = SharedLimiter(epoch.id)
    _know(limiter, remaining=48 + 1)
    assert limiter.admit("rest") == 0
    with db.write() as session:
        disconnect(session, tenant.engagement)
    for verb in (limiter.failed, limiter.unused, SharedLimiter(epoch.id).admit):
        with pytest.raises(EpochClosed):
            verb("rest")


def test_with_the_epoch_its_traffic_is_gone(epoch: Epoch) -> None:
    limiter = SharedLimiter(epoch.id)
    _know(limiter)
    with db.write() as session:
        session.execute(delete(Epoch).where(Epoch.id == epoch.id))
    with pytest.raises(EpochClosed):
        limiter.limited("rest", None)
    with db.read() as session:
        for table in (Budget, Circuit):
            assert session.scalar(select(func.count()).select_from(table)) == 0
