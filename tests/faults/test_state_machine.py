"""Any order of what can happen to a connection: every promise is kept after every step."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from unittest import mock

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis import Redis
from sqlalchemy import select

from app.core import crash_points
from app.core.clock import now
from app.core.config import Config
from app.core.crash_points import VARIABLE, CrashPoint
from app.core.errors import AppError
from app.extensions import bind, db
from app.models import Assessment, CollectionRun, Connection, Epoch, Purge
from app.operations.assessments.assess import assess
from app.operations.collection import refresh as refreshing
from app.operations.collection.collect import collect
from app.operations.deletion import disconnect as disconnecting
from app.operations.transactions.fence import open_epoch
from app.sweep import sweep_once
from tests.faults.instance import Instance, new_instance
from tests.faults.oracle import Oracle
from tests.servers import QueueServer
from tests.unit.operations.api import Api
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.grant.other_processes import TokenEndpoint, token_endpoint

# HYPOTHESIS_PROFILE=deep goes on for an hour.
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
EXAMPLES, STEPS = (200, 60) if DEEP else (6, 14)
JUMPS = [timedelta(seconds=s) for s in (2, 40, -40, 3600, -3600, 26 * 3600, -26 * 3600)]
REACHED = [
    point
    for point in CrashPoint
    if point.startswith(("run.", "page.", "assessment.", "epoch.", "purge."))
    and point is not CrashPoint.EPOCH_REVOKED
]


class PowerCut(BaseException):
    """Ends the running operation; no handler of the product may catch it."""


@dataclass(frozen=True)
class Surroundings:
    """The installation of the state machine, with another client who must notice nothing."""

    instance: Instance
    redis: Redis
    oracle: Oracle


class Life(RuleBasedStateMachine):
    """One engagement, from its first connect to the end of its last purge."""

    place: ClassVar[Surroundings]

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._clock = self._stack.enter_context(time_machine.travel(now(), tick=True))
        self._api = Api()
        for module in ("collection.collect", "connection.check"):
            session = f"app.operations.{module}.rest_session"
            self._stack.enter_context(mock.patch(session, self._api.session))
        # PagerDuty's answer to a withdrawal comes from a thread: its cells have real processes.
        self._stack.enter_context(mock.patch("app.operations.deletion.revocation.begin"))
        self._armed: tuple[CrashPoint, int] | None = None
        self._stack.enter_context(mock.patch.dict(os.environ, {VARIABLE: "any"}))
        self._stack.enter_context(mock.patch.object(crash_points, "obey", self._reached))
        self._promised: dict[str, object] = {}
        self.tenant: Tenant

    def _reached(self, point: CrashPoint, *_: object) -> None:
        if self._armed is None or self._armed[0] is not point:
            return
        left = self._armed[1] - 1
        self._armed = (point, left) if left else None
        if not left:
            raise PowerCut

    @initialize()
    def begin(self) -> None:
        self.tenant = self.place.instance.tenant()
        self.tenant.connect()

    @property
    def connected(self) -> bool:
        with db.read() as session:
            return open_epoch(session, self.tenant.engagement.id) is not None

    def _queued(self, table: type[CollectionRun] | type[Assessment]) -> list[str]:
        with db.read() as session:
            return list(
                session.scalars(
                    select(table.handle)
                    .join(Epoch, Epoch.id == table.epoch_id)
                    .join(Connection, Connection.id == Epoch.connection_id)
                    .where(
                        table.state.in_(("queued", "running")),
                        Connection.engagement_id == self.tenant.engagement.id,
                    )
                )
            )

    @rule()
    def collects(self) -> None:
        with suppress(PowerCut):
            for handle in self._queued(CollectionRun):
                collect(handle)

    @rule()
    def assesses(self) -> None:
        with suppress(PowerCut):
            for handle in self._queued(Assessment):
                assess(handle)

    @rule()
    def refreshes(self) -> None:
        with db.write() as session:
            refreshing.refresh(session, self.tenant.engagement)

    @rule()
    def disconnects(self) -> None:
        with suppress(PowerCut):
            with db.write() as session:
                ended = disconnecting.disconnect(session, self.tenant.engagement)
            disconnecting.carry_out(ended)

    @rule()
    def reconnects(self) -> None:
        with suppress(AppError):
            self.tenant.connect()

    @rule()
    def sweeps(self) -> None:
        with suppress(PowerCut):
            sweep_once()

    @rule(point=st.sampled_from(REACHED), time=st.integers(1, 3))
    def arms_a_power_cut(self, point: CrashPoint, time: int) -> None:
        self._armed = (point, time)

    @rule(jump=st.sampled_from(JUMPS))
    def clock_jumps(self, jump: timedelta) -> None:
        self._clock.shift(jump)

    @rule()
    def queue_is_flushed(self) -> None:
        self.place.redis.flushall()

    @rule()
    def restarts(self) -> None:
        db.engine.dispose()
        bind(Config.from_env(self.place.instance.environ))

    @precondition(lambda self: hasattr(self, "tenant"))
    @invariant()
    def keeps_its_promises(self) -> None:
        with db.read() as session:
            purges = session.scalars(select(Purge)).all()
        for each in purges:
            # A deadline that was promised never moves.
            assert self._promised.setdefault(each.handle, each.deadline_at) == each.deadline_at
            if each.finished_at is not None and each.finished_at > each.deadline_at:
                self.place.oracle.late.add(each.handle)
        assert {each.handle for each in purges} >= set(self._promised)
        self.place.oracle.judge()

    def teardown(self) -> None:
        self._armed = None
        if hasattr(self, "tenant"):
            self.disconnects()
            for _ in range(20):
                if not self._under_way():
                    break
                # The process that died has its lease for another second.
                self._clock.shift(timedelta(seconds=2))
                sweep_once()
            assert self._under_way() == []
            self.keeps_its_promises()
            assert not self.connected
        self._stack.close()

    def _under_way(self) -> list[str]:
        with db.read() as session:
            return list(session.scalars(select(Purge.last_code).where(Purge.state == "due")))


@pytest.fixture
def place(database_url: str, short_folder: Path) -> Iterator[Surroundings]:
    queue = QueueServer(short_folder)
    try:
        with (
            # A clock that has jumped ahead finds every access token expired.
            token_endpoint(TokenEndpoint(forgiving=True)) as identity,
            new_instance(
                short_folder, database_url, REDIS_URL=queue.url, PAGERDUTY_IDENTITY_URL=identity
            ) as found,
            Redis.from_url(queue.url) as redis,
        ):
            bystander = found.tenant().connect()
            yield Surroundings(found, redis, Oracle(found.url, found.instance, bystander.handle))
    finally:
        queue.process.end()


@pytest.mark.timeout(3600 if DEEP else 240)
def test_any_order_of_events_keeps_every_promise(
    place: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``keeps_its_promises`` asserts after every event, ``teardown`` at the end of a life."""
    monkeypatch.setattr(Life, "place", place, raising=False)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
