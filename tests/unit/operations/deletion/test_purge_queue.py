"""No job of a deleted client is left in Redis; an unavailable queue is stated after a wait."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis
from rq import Worker
from rq.registry import FailedJobRegistry, StartedJobRegistry
from sqlalchemy import select

from app.extensions import db, queues
from app.models import CollectionRun, new_handle
from app.operations.deletion.purge import queue as stage
from app.operations.deletion.purge.claimed import Code, StageBlocked
from app.operations.deletion.purge.queue import clear_queue, jobs_left
from app.queues import Job, QueueName
from tests.servers import QueueServer
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.purges import due_purge, hurry, in_hand

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = ON_SQLITE


@pytest.fixture
def redis(
    tenant: Tenant, queue_server: QueueServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator["Redis"]:
    hurry(monkeypatch)
    queues.bind(queue_server.url)
    with queues.redis() as connection:
        connection.flushall()
        yield connection
        connection.flushall()


def _everything(connection: Any) -> str:
    found: list[bytes] = []
    for key in connection.scan_iter():
        found.append(key)
        kind = connection.type(key)
        if kind == b"list":
            found += connection.lrange(key, 0, -1)
        elif kind == b"zset":
            found += connection.zrange(key, 0, -1)
    return b"\n".join(found).decode()


def test_jobs_of_epochs_that_are_gone_are_removed_and_others_stay(
    redis: Redis, tenant: Tenant
) -> None:
    gone = {job: new_handle() for job in Job}
    due = due_purge(tenant)
    queues.enqueue(Job.PURGE, due.handle)
    tenant.connect()
    with db.read() as session:
        newest = select(CollectionRun.handle).order_by(CollectionRun.id.desc())
        kept = session.scalars(newest).first() or ""
    queues.enqueue(Job.COLLECT, kept)
    for job, handle in gone.items():
        queues.enqueue(job, handle)
    # RQ keeps what failed and what a killed worker had begun.
    queue = queues.queue(QueueName.URGENT, redis)
    failed, begun, *_ = (job for job in queue.jobs if job.args[0] in gone.values())
    FailedJobRegistry(queue=queue).add(failed, ttl=300)
    queue.remove(begun)
    redis.zadd(StartedJobRegistry(queue=queue).key, {f"{begun.id}:{'0' * 32}": 9e9})
    redis.set(f"rq:results:{failed.id}", "packed")
    assert jobs_left()
    facts = clear_queue(in_hand(due.handle))
    assert facts == {"reached": True, "removed": len(Job)}
    assert not any(handle in _everything(redis) for handle in gone.values())
    assert kept in _everything(redis)
    assert due.handle in _everything(redis)
    assert jobs_left() is False


def test_a_job_of_a_running_worker_may_end(
    redis: Redis, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch, queue_patience=timedelta(minutes=15))
    monkeypatch.setattr(stage, "JOB_END_SECONDS", 0.3)
    due = due_purge(tenant)
    queues.enqueue(Job.COLLECT, new_handle())
    queue = queues.queue(QueueName.COLLECT, redis)
    worker: Any = Worker([queue], connection=redis)
    worker.register_birth()
    worker.set_current_job_id(queue.job_ids[0])
    work = in_hand(due.handle)
    with pytest.raises(StageBlocked) as blocked:
        clear_queue(work)
    assert blocked.value.code == Code.QUEUE_BUSY
    assert queue.job_ids
    worker.register_death()
    assert clear_queue(work) == {"reached": True, "removed": 1}
    assert not queue.job_ids
