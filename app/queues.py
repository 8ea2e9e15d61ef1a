"""The queue: one handle a job, and nothing that could leak."""

import secrets
from enum import StrEnum

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from app.core.logs import Event, event

_FAILURE_SECONDS = 300
_REDIS_SECONDS = 0.5
"""A page waits no longer for a queue that hangs; the sweeper queues the job then."""
_WORKER_CONNECT_SECONDS = 2.0
_ENQUEUE_SECONDS = 2.0
"""A lock makes search and insertion one step; a process that dies in it blocks it for so long."""


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
    # Behind a long collection of another client, a revocation would be noticed too late.
    Job.CHECK: QueueName.URGENT,
    Job.ASSESS: QueueName.URGENT,
    Job.PURGE: QueueName.URGENT,
}


class Stopping:
    """Whether this work-horse has to stop: it does after its page, and releases its lease.

    A plain attribute, not an Event: the code that the signal interrupts may have its lock.
    """

    requested = False


stopping = Stopping()


class Queues:
    """Redis as transport: the sweeper queues from the database what is lost here."""

    def __init__(self) -> None:
        self._url = ""

    def bind(self, redis_url: str) -> None:
        """Remember where Redis is; nothing connects yet."""
        self._url = redis_url

    def redis(self) -> Redis:
        """A client whose time-out is shorter than a reader of a page waits."""
        return Redis.from_url(
            self._url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS
        )

    def worker_redis(self) -> Redis:
        """A client for workers, which may wait long for their next job."""
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
