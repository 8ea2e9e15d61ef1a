"""Every process that asks for one connection keeps to the same 95 %, and rests together."""

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
from app.operations.grant.gate import BLOCK, SharedGate, requests_left
from collectors.client.breaker import FAILURES
from collectors.client.budget import RateLimit
from collectors.errors import CircuitOpen
from tests.unit.collectors.client.limiters import FixedWindow
from tests.unit.operations.conftest import World
from tests.unit.operations.grant.companions import (
    ask_pages,
    processes,
    send_json,
    serving,
    settings,
)

SECOND = 1_000_000
NOW = 1_700_000_000 * SECOND
PAGE = {"services": [{"id": "P1"}], "more": False}


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def epoch(world: World) -> Epoch:
    return world.connect()


def _two(epoch: Epoch, clock: Clock) -> tuple[SharedGate, SharedGate]:
    """Two processes' gates."""
    return SharedGate(epoch.id, clock), SharedGate(epoch.id, clock)


def _know(gate: SharedGate, remaining: int = 959) -> None:
    assert gate.admit("rest") == 0
    gate.responded("rest", RateLimit(960, remaining, 60))


def test_four_processes_never_pass_95_percent_of_the_limit(epoch: Epoch) -> None:
    limiter, lock = FixedWindow(200, float, seconds=2.0), threading.Lock()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        with lock:
            allowed, told = limiter.ask(time.monotonic())
        headers = {
            "ratelimit-limit": str(told.limit),
            "ratelimit-remaining": str(told.remaining),
            "ratelimit-reset": f"{told.reset:.3f}",
        }
        send_json(handler, 200 if allowed else 429, PAGE, headers)

    with serving(answer) as url, processes(4, settings()) as pool:
        asked = [pool.submit(ask_pages, url, epoch.id, 180) for _ in range(4)]
        counted = [each.result(90) for each in asked]
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
    gate, _ = _two(epoch, clock)
    _know(gate)
    transactions = []
    plain = db.write

    def write() -> AbstractContextManager[Session]:
        transactions.append(1)
        return plain()

    monkeypatch.setattr(db, "write", write)
    for _ in range(4 * BLOCK):
        assert gate.admit("rest") == 0
        gate.responded("rest", RateLimit(960, 900, 60))
    assert len(transactions) == 4


def test_requests_taken_and_not_used_are_given_back(epoch: Epoch, clock: Clock) -> None:
    gate, _ = _two(epoch, clock)
    _know(gate)
    for _ in range(100):
        assert gate.admit("rest") == 0
        gate.responded("rest", None)
        clock.now += SECOND // 2
    with db.read() as session:
        left = requests_left(session, epoch.id)
    assert left is not None
    assert left[0] >= 911 - 100 - BLOCK


def test_of_one_window_nothing_is_used_in_the_next(epoch: Epoch, clock: Clock) -> None:
    gate, other = _two(epoch, clock)
    _know(gate)
    clock.now += 60 * SECOND - 1
    assert gate.admit("rest") == 0
    clock.now += 1
    assert [other.admit("rest") for _ in range(5)][:4] == [0] * 4
    assert gate.admit("rest") > 0


def test_a_429_of_one_process_pauses_all(epoch: Epoch, clock: Clock) -> None:
    one, other = _two(epoch, clock)
    _know(one)
    one.admit("rest")
    one.limited("rest", RateLimit(960, 0, 20))
    assert other.admit("rest") == pytest.approx(20)
    assert 0 < one.admit("rest") <= 20
    assert other.admit("oncalls") == 0


def test_failures_of_several_processes_open_the_circuit_of_all(epoch: Epoch, clock: Clock) -> None:
    gates = _two(epoch, clock)
    for number in range(FAILURES):
        gates[number % 2].admit("rest")
        gates[number % 2].failed("rest")
    for gate in gates:
        with pytest.raises(CircuitOpen) as told:
            gate.admit("rest")
        assert told.value.retry_after == 30
    clock.now += 30 * SECOND
    assert gates[0].admit("rest") == 0
    assert 0 < gates[1].admit("rest") <= 2
    gates[0].responded("rest", None)
    clock.now += SECOND
    assert gates[1].admit("rest") == 0


def test_an_answer_between_the_failures_of_others_keeps_it_closed(
    epoch: Epoch, clock: Clock
) -> None:
    one, other = _two(epoch, clock)
    _know(one)
    for _ in range(3):
        for _ in range(FAILURES - 1):
            assert one.admit("rest") == 0
            one.failed("rest")
        assert other.admit("rest") == 0
        other.responded("rest", None)
    assert one.admit("rest") == 0


def test_the_page_can_tell_what_is_left_and_when_there_is_more(epoch: Epoch) -> None:
    gate = SharedGate(epoch.id)
    with db.read() as session:
        assert requests_left(session, epoch.id) is None
    _know(gate, remaining=500)
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
    world: World, epoch: Epoch
) -> None:
    gate = SharedGate(epoch.id)
    _know(gate, remaining=48 + 1)
    assert gate.admit("rest") == 0
    with db.write() as session:
        disconnect(session, world.engagement)
    for verb in (gate.failed, gate.unused, SharedGate(epoch.id).admit):
        with pytest.raises(EpochClosed):
            verb("rest")


def test_with_the_epoch_its_traffic_is_gone(epoch: Epoch) -> None:
    gate = SharedGate(epoch.id)
    _know(gate)
    with db.write() as session:
        session.execute(delete(Epoch).where(Epoch.id == epoch.id))
    with pytest.raises(EpochClosed):
        gate.limited("rest", None)
    with db.read() as session:
        for table in (Budget, Circuit):
            assert session.scalar(select(func.count()).select_from(table)) == 0
