"""Queue: remove every job from Redis whose handle is not in the database."""

import re
import time
from collections.abc import Iterator
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from sqlalchemy import select, union

from app.core.crash_points import CrashPoint, reach
from app.extensions import bound, db, queues
from app.models import Assessment, CollectionRun, Connection, Purge
from app.operations.deletion.purge.claimed import ClaimedPurge, Code, Facts, StageBlocked

_JOB = re.compile(r"\b([0-9a-f]{16})-[0-9a-f]{16}\b")
_EVERY = "rq:*"
JOB_END_SECONDS = 3.0
"""A collector sees at its next page that its run is deleted; its work-horse ends by itself."""
_LOOK_SECONDS = 0.1


def clear_queue(claimed: ClaimedPurge) -> Facts:
    """Remove what is left of the epoch's jobs in any key of RQ.

    The purge waits for a queue that is unavailable; after that the receipt states it.
    """
    reach(CrashPoint.PURGE_QUEUE_MIDDLE)
    try:
        with queues.redis() as connection:
            _await_running_jobs(connection, claimed)
            return {"reached": True, "removed": _remove(connection, _orphans(connection))}
    except RedisError:
        reached = False
    if not reached and claimed.requested_within(bound.config.deadlines.queue_patience):
        raise StageBlocked(Code.QUEUE_UNAVAILABLE)
    return {"reached": False}


def jobs_left() -> bool | None:
    """Whether a job without a row is left; None where Redis does not respond."""
    try:
        with queues.redis() as connection:
            return bool(_orphans(connection))
    except RedisError:
        return None


def _await_running_jobs(connection: Redis, claimed: ClaimedPurge) -> None:
    """Wait for jobs that are running: RQ fails when the job of a worker disappears."""
    give_up = time.monotonic() + JOB_END_SECONDS
    while _running(connection) & _orphans(connection):
        if time.monotonic() > give_up:
            if claimed.requested_within(bound.config.deadlines.queue_patience):
                raise StageBlocked(Code.QUEUE_BUSY)
            return
        time.sleep(_LOOK_SECONDS)


def _running(connection: Redis) -> set[str]:
    """Jobs that a worker is running."""
    found = (worker.get_current_job_id() for worker in Worker.all(connection=connection))
    return {job for job in found if job is not None}


def _orphans(connection: Redis) -> set[str]:
    """Ids of jobs whose handle is in no table."""
    jobs = {
        match.group(0): match.group(1)
        for text in _texts(connection)
        for match in _JOB.finditer(text)
    }
    known = _known(set(jobs.values()))
    return {job for job, handle in jobs.items() if handle not in known}


def _known(handles: set[str]) -> set[str]:
    tables = (CollectionRun, Assessment, Connection, Purge)
    with db.read() as session:
        every = union(*(select(table.handle).where(table.handle.in_(handles)) for table in tables))
        return set(session.scalars(every))


def _texts(connection: Redis) -> Iterator[str]:
    """Names of RQ's keys, and members of its lists and sets."""
    for key in connection.scan_iter(_EVERY):
        yield _word(key)
        for member in _members(connection, key):
            yield _word(member)


def _word(raw: object) -> str:
    """Redis may contain anything: bytes that are not text are not the name of a job."""
    return raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)


def _members(connection: Redis, key: bytes | str) -> list[Any]:
    kind = _word(connection.type(key))
    if kind == "list":
        return list(connection.lrange(key, 0, -1))
    if kind == "zset":
        return list(connection.zrange(key, 0, -1))
    return list(connection.smembers(key)) if kind == "set" else []


def _remove(connection: Redis, orphans: set[str]) -> int:
    """Remove these jobs from every key of RQ."""
    for key in connection.scan_iter(_EVERY):
        if _names_one(key, orphans):
            connection.delete(key)
            continue
        for member in _members(connection, key):
            if _names_one(member, orphans):
                _remove_member(connection, key, member)
    return len(orphans)


def _names_one(raw: object, orphans: set[str]) -> bool:
    return any(match.group(0) in orphans for match in _JOB.finditer(_word(raw)))


def _remove_member(connection: Redis, key: bytes | str, member: Any) -> None:
    kind = _word(connection.type(key))
    if kind == "list":
        connection.lrem(key, 0, member)
    elif kind == "zset":
        connection.zrem(key, member)
    else:
        connection.srem(key, member)
