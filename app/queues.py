"""The queue carries "look at this": one handle a job, and nothing that could leak."""

import secrets
from enum import StrEnum

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from app.core.logs import Event, event

_FAILURE_SECONDS = 300
_REDIS_SECONDS = 0.5
"""A page waits no longer for a queue that hangs; what it could not put there, the sweeper does."""
_WORKER_CONNECT_SECONDS = 2.0
_ENQUEUE_SECONDS = 2.0
"""To look whether a handle waits and to put it there is one step; who dies in it blocks it."""


class Job(StrEnum):
    """Every function a worker may call, by its dotted name."""

    COLLECT = "app.jobs.collect"
    CHECK = "app.jobs.check"
    ASSESS = "app.jobs.assess"
    PURGE = "app.jobs.purge"


class QueueName(StrEnum):
    """``urgent`` has a worker of its own, so that a purge never waits for a collection."""

    COLLECT = "collect"
    URGENT = "urgent"


_QUEUE_OF = {
    Job.COLLECT: QueueName.COLLECT,
    # Behind a long collection of another client it would notice a revocation too late.
    Job.CHECK: QueueName.URGENT,
    Job.ASSESS: QueueName.URGENT,
    Job.PURGE: QueueName.URGENT,
}


class Stopping:
    """Whether this work-horse was asked to end: it stops after its page and gives its lease back.

    A plain word, not an Event: that one's lock could be held by whom the signal interrupts.
    """

    asked = False


stopping = Stopping()


class Queues:
    """Redis as transport: whatever is lost here, the sweeper puts back from the database."""

    def __init__(self) -> None:
        self._url = ""

    def bind(self, redis_url: str) -> None:
        """Remember where Redis is; nothing connects yet."""
        self._url = redis_url

    def redis(self) -> Redis:
        """A client that gives up before a page's reader does."""
        return Redis.from_url(
            self._url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS
        )

    def worker_redis(self) -> Redis:
        """A client for workers, which wait long for their next job."""
        return Redis.from_url(self._url, socket_connect_timeout=_WORKER_CONNECT_SECONDS)

    def queue(self, name: QueueName, connection: Redis) -> Queue:
        """An RQ queue that speaks JSON: a pickle in Redis would be code."""
        return Queue(name.value, connection=connection, serializer=JSONSerializer)

    def enqueue(self, job: Job, handle: str) -> bool:
        """Put one handle on the job's queue, once; False when Redis cannot be reached."""
        try:
            with self.redis() as connection:
                name = _QUEUE_OF[job]
                lock = f"tacit:enqueue:{name}"
                with connection.lock(lock, _ENQUEUE_SECONDS, blocking_timeout=_REDIS_SECONDS):
                    _put_once(self.queue(name, connection), job, handle)
        except RedisError:
            event(Event.ENQUEUE_FAILED, job=job, id=handle)
            return False
        return True


def _put_once(queue: Queue, job: Job, handle: str) -> None:
    if any(waiting.startswith(handle) for waiting in queue.get_job_ids()):
        return
    queue.enqueue_call(
        job.value,
        args=(handle,),
        job_id=f"{handle}-{secrets.token_hex(8)}",
        timeout=-1,
        result_ttl=0,
        failure_ttl=_FAILURE_SECONDS,
        description="-",
    )
