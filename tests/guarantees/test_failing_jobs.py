"""However a job fails, nothing of what it read stays in the queue or in the worker's log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue

from app.core.config import Config
from app.extensions import bind, db, queues
from app.processes.child import Child
from app.processes.process_list import ROOT
from app.queues import Job, QueueName
from tests.guarantees.failing_worker import KINDS, canary, handle
from tests.guarantees.queue_words import everything
from tests.servers import Process, QueueServer, environment, wait_until

_PLAIN = "tests.guarantees.failing_worker.fail"


@pytest.fixture
def server(short_folder: Path) -> Iterator[QueueServer]:
    started = QueueServer(short_folder)
    yield started
    started.process.end()


@pytest.fixture
def redis(server: QueueServer, tmp_path: Path, sqlite_settings: dict[str, str]) -> Iterator[Redis]:
    bind(Config.from_env({**sqlite_settings, **_settings(server, tmp_path)}))
    with queues.redis() as connection:
        yield connection
    db.engine.dispose()


def _settings(server: QueueServer, folder: Path) -> dict[str, str]:
    return {"TACIT_INSTANCE": str(folder), "REDIS_URL": server.url}


@contextmanager
def _worker(server: QueueServer, folder: Path, *how: str) -> Iterator[Process]:
    command = (sys.executable, "-m", "tests.guarantees.failing_worker", *how)
    environ = environment(**_settings(server, folder), PYTHONUNBUFFERED="1")
    process = Process(Child("worker", command, environ, ROOT), folder)
    try:
        yield process
    finally:
        process.end()


def _wait_for(process: Process, done: Callable[[], bool]) -> None:
    wait_until(lambda: done() or not process.running, 60, "the worker did not finish")
    assert process.running, process.log.read_text()[-2000:]


def _found(kind: str, *places: str) -> bool:
    return any(canary(kind) in place for place in places)


def test_no_failing_job_leaves_a_word_of_its_data(
    server: QueueServer, redis: Redis, tmp_path: Path
) -> None:
    for kind in KINDS:
        assert queues.enqueue(Job.CHECK, handle(kind))
    with _worker(server, tmp_path, "sealed") as worker:
        said = worker.log.read_text
        _wait_for(
            worker, lambda: said().count("job_failed") + said().count("job_finished") == len(KINDS)
        )
    kept, words = everything(redis), said()
    assert len(queues.queue(QueueName.URGENT, redis)) == 0
    assert [kind for kind in KINDS if _found(kind, kept, words)] == []
    assert "Traceback" not in words
    assert words.count("job_failed") >= 15
    assert words.count('"event":"crashed"') == 2, "the thread's and the finaliser's"
    written = b"".join(path.read_bytes() for path in server.socket.parent.glob("*.[lra]*"))
    assert b"CNRY" not in written


def test_the_librarys_own_worker_would_keep_most_of_it(
    server: QueueServer, redis: Redis, tmp_path: Path
) -> None:
    queue = Queue(QueueName.URGENT.value, connection=redis)
    silent = {"exit", "interrupt"}  # they end the horse before anything is written
    for kind in [kind for kind in KINDS if kind not in silent]:
        queue.enqueue_call(_PLAIN, args=(handle(kind),), timeout=-1)
    with _worker(server, tmp_path, "plain") as worker:
        _wait_for(worker, lambda: len(queue) == 0)
    kept, words = everything(redis), worker.log.read_text()
    assert len([kind for kind in KINDS if _found(kind, kept)]) >= 10
    assert len([kind for kind in KINDS if _found(kind, words)]) >= 10
