"""Every crash point is reached and survived, for the first time it is reached and for the last."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import update

from app.core import crash_points
from app.core.clock import now
from app.core.crash_points import VARIABLE, CrashPoint
from app.extensions import bound, db, keystore
from app.keystore import EPOCH_PURPOSE, SESSION_PURPOSE
from app.models import Epoch, Purge, Token
from app.models.purge import Stage
from app.operations.deletion.purge import purge
from app.operations.grant.rotate import rotate
from app.operations.grant.tokens import opened_token
from tests.conftest import new_folder
from tests.faults import test_fences, test_killed_collections, test_purges
from tests.faults.instance import Instance, at, in_a_process, new_instance, purges, rotates
from tests.faults.oracle import Oracle
from tests.unit.operations.purges import due_purge

OF_A_PURGE = [point for point in CrashPoint if point.startswith("purge.")]
OF_A_ROTATION = [point for point in CrashPoint if point.startswith("keys.")]
ELSEWHERE = {
    *test_killed_collections.POINTS,
    *test_fences.POINTS,
    *test_purges.POINTS,
}
"""Killed or suspended there in whole products."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def instance(request: pytest.FixtureRequest) -> Iterator[Instance]:
    with new_folder() as folder:
        if request.param == "sqlite":
            with new_instance(folder, f"sqlite:///{folder / 'tacit.db'}") as found:
                yield found
            return
        server = request.getfixturevalue("postgres")
        with server.database() as url, new_instance(folder, url) as found:
            yield found


@pytest.fixture(scope="module")
def oracle(instance: Instance) -> Oracle:
    """Of an instance with a client who is connected and must notice nothing."""
    bystander = instance.tenant().connect()
    return Oracle(instance.url, instance.instance, bystander.handle)


@contextmanager
def _counted() -> Iterator[Counter[CrashPoint]]:
    """How often each point is reached inside the block."""
    seen: Counter[CrashPoint] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "all")
        patch.setattr(crash_points, "obey", lambda point, *_: seen.update([point]))
        yield seen


@pytest.fixture(scope="module")
def times(instance: Instance, oracle: Oracle) -> Counter[CrashPoint]:
    """How often an undisturbed purge and rotation come by each point."""
    found = due_purge(instance.tenant())
    with _counted() as seen:
        assert purge(found.handle)
        rotate()
    oracle.look_again()
    return seen


def _expire_lease(handle: str) -> None:
    with db.write() as session:
        session.execute(update(Purge).where(Purge.handle == handle).values(lease_until=now()))


def test_every_point_is_one_of_these() -> None:
    tested = {*OF_A_PURGE, *OF_A_ROTATION, *ELSEWHERE}
    assert set(CrashPoint) - tested == set()
    stages = set(Stage)
    places = {"begin", "middle", "end"}
    assert {f"purge.{stage}.{place}" for stage in stages for place in places} <= set(OF_A_PURGE)


def test_cell_31_killed_at_every_point_in_turn_a_purge_is_finished_by_the_next_process(
    instance: Instance, oracle: Oracle, times: Counter[CrashPoint]
) -> None:
    points = [point for point in times if point in OF_A_PURGE]
    assert set(points) == set(OF_A_PURGE), "a purge does not reach every point"
    _killed_in_turn(instance, oracle, dict.fromkeys(points, 1))
    _killed_in_turn(instance, oracle, {p: times[p] for p in points if times[p] > 1})


def _killed_in_turn(instance: Instance, oracle: Oracle, points: dict[CrashPoint, int]) -> None:
    """One purge, whose process dies at each point when it reaches it for that time."""
    found = due_purge(instance.tenant())
    for point, time in points.items():
        ended = in_a_process(purges, instance.environ, found.handle, at(point, time))
        assert ended == -signal.SIGKILL, f"{point} was not reached for the {time}. time"
        oracle.judge()
        _expire_lease(found.handle)
    assert purge(found.handle)
    oracle.judge()


@pytest.mark.parametrize("point", OF_A_ROTATION)
def test_a_rotation_killed_at_any_point_is_completed_by_the_next(
    instance: Instance,
    oracle: Oracle,
    times: Counter[CrashPoint],
    point: CrashPoint,
) -> None:
    assert times[point] > 0, "no rotation comes by"
    for time in sorted({1, times[point]}):
        masters = keystore.derived(EPOCH_PURPOSE).keys
        sessions = keystore.derived(SESSION_PURPOSE).keys
        ended = in_a_process(rotates, instance.environ, at(point, time))
        assert ended == -signal.SIGKILL, "the point was never reached"
        _assert_tokens_open()
        rotate()
        _assert_tokens_open()
        _assert_former_keys_are_gone()
        assert not {*masters} & {*keystore.derived(EPOCH_PURPOSE).keys}
        assert sessions.items() <= keystore.derived(SESSION_PURPOSE).keys.items()
        oracle.look_again()


def _assert_tokens_open() -> None:
    with db.read() as session:
        for epoch, token in session.query(Epoch, Token).join(Token, Token.epoch_id == Epoch.id):
            assert opened_token(epoch.handle, token).access_token == "access"


def _assert_former_keys_are_gone() -> None:
    names = [path.name for path in bound.config.keystore.iterdir()]
    assert not [name for name in names if name.endswith(".half")]
    assert len([name for name in names if name.startswith("former-")]) == 1
    assert len(keystore.derived(EPOCH_PURPOSE).keys) == 1
    for handle in keystore.names()[1]:
        assert len(keystore.read(handle).token.keys) == 1


def test_no_key_is_left_after_a_purge(instance: Instance, tmp_path: Path) -> None:
    tenant = instance.tenant()
    found = due_purge(tenant)
    assert purge(found.handle)
    assert found.epoch_handle not in keystore.names()[1]
