"""Redis carries a handle and nothing else; a failed job leaves no text behind."""

import io
import json
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue

from app.core.config import Config
from app.extensions import bind, queues
from app.queues import Job, QueueName
from app.worker import DeclaredJobWorker
from tests.guarantees.queue_words import everything
from tests.servers import QueueServer

CANARY = "CNRYjob"


@pytest.fixture
def redis(queue_server: QueueServer, sqlite_settings: dict[str, str]) -> Iterator[Redis]:
    bind(Config.from_env({**sqlite_settings, "REDIS_URL": queue_server.url}))
    with queues.redis() as connection:
        connection.flushall()
        yield connection
        connection.flushall()


@pytest.mark.parametrize("job", list(Job))
def test_a_job_has_one_handle_and_leaves_no_result(redis: Redis, job: Job) -> None:
    assert queues.enqueue(job, "0123456789abcdef")
    waiting = [each for name in QueueName for each in queues.queue(name, redis).jobs]
    assert [each.func_name for each in waiting] == [job.value]
    stored = waiting[0]
    assert stored.args == ["0123456789abcdef"]
    assert stored.kwargs == {}
    assert stored.description == "-"
    assert (stored.timeout, stored.result_ttl, stored.failure_ttl) == (-1, 0, 300)
    assert stored.meta == {}
    assert stored.retries_left is None
    packed = redis.hget(stored.key, "data")
    assert json.loads(zlib.decompress(packed))  # type: ignore[arg-type] # JSON, not a pickle


def test_a_job_is_in_the_queue_once_however_often_it_is_queued_again(redis: Redis) -> None:
    for _ in range(3):
        queues.enqueue(Job.COLLECT, "0123456789abcdef")
    assert len(queues.queue(QueueName.COLLECT, redis)) == 1


def test_a_job_that_several_processes_queue_at_once_is_in_the_queue_once(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Queue.get_job_ids

    def look_slowly(self: Queue) -> list[str]:
        seen = look(self)
        time.sleep(0.05)
        return seen

    monkeypatch.setattr(Queue, "get_job_ids", look_slowly)
    with ThreadPoolExecutor(4) as pool:
        queued = list(pool.map(queues.enqueue, [Job.COLLECT] * 4, ["0123456789abcdef"] * 4))
    assert queued == [True] * 4
    assert len(queues.queue(QueueName.COLLECT, redis)) == 1


def test_an_unreachable_queue_is_logged_and_raises_nothing(tmp_path: Path) -> None:
    queues.bind(f"unix://{tmp_path}/nothing.sock")
    assert queues.enqueue(Job.PURGE, "0123456789abcdef") is False


@pytest.mark.parametrize("job", list(Job))
def test_no_exception_reaches_redis_or_the_log(
    redis: Redis, job: Job, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def fail(_handle: str) -> None:
        raise ValueError(CANARY)

    verbs = ("assessments.assess", "connection.check", "collection.collect", "deletion.purge")
    for module in verbs:
        monkeypatch.setattr(f"app.operations.{module}.{module.rpartition('.')[2]}", fail)
    monkeypatch.setattr("rq.worker.base.BaseWorker.procline", lambda *_: None)
    queues.enqueue(job, "0123456789abcdef")
    waiting = [name for name in QueueName if len(queues.queue(name, redis))]
    _work_off(queues.queue(waiting[0], redis), redis)
    assert len(queues.queue(waiting[0], redis)) == 0
    assert CANARY not in everything(redis)
    assert CANARY not in log.getvalue()
    assert "job_failed" in log.getvalue()


def _work_off(queue: Queue, connection: Redis) -> None:
    """What a work-horse does, in this process: fork and log would hide what is tested."""
    worker = DeclaredJobWorker([queue], connection=connection, serializer=queue.serializer)
    job = queue.jobs[0]
    queue.remove(job)
    worker.prepare_job_execution = lambda *_args, **_kwargs: None  # type: ignore[method-assign]
    worker.perform_job(job, queue)


def test_a_function_that_is_not_ours_is_dropped(redis: Redis, tmp_path: Path) -> None:
    target = tmp_path / "made"
    queue = queues.queue(QueueName.URGENT, redis)
    queue.enqueue_call("os.mkdir", args=(str(target),), timeout=5)
    _work_off(queue, redis)
    assert not target.exists()
    assert "os.mkdir" not in everything(redis)
