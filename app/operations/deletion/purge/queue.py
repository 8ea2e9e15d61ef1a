"""Queue: no job is left in Redis whose handle the database no longer knows."""

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
from app.operations.deletion.purge.work import Code, Facts, StageBlocked, Work

_JOB = re.compile(r"\b([0-9a-f]{16})-[0-9a-f]{16}\b")
_EVERY = "rq:*"
_PATIENCE_SECONDS = 3.0
"""A collector sees at its next page that its run is gone; its work-horse ends by itself."""
_LOOK_SECONDS = 0.1


def clear_queue(work: Work) -> Facts:
    """Remove what is left of the epoch's jobs, wherever RQ keeps it.

    A queue that cannot be reached is waited for, and after that the receipt says so.
    """
    reach(CrashPoint.PURGE_QUEUE_MIDDLE)
    try:
        with queues.redis() as connection:
            _let_end(connection, work)
            return {"reached": True, "removed": _remove(connection, _dead(connection))}
    except RedisError:
        away = True
    if away and work.young(bound.config.terms.queue_patience):
        raise StageBlocked(Code.QUEUE_AWAY)
    return {"reached": False}


def jobs_left() -> bool | None:
    """Whether a job is left that the database does not know; None where Redis does not answer."""
    try:
        with queues.redis() as connection:
            return bool(_dead(connection))
    except RedisError:
        return None


def _let_end(connection: Redis, work: Work) -> None:
    """RQ takes it ill when a job vanishes under the worker that works on it."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while _under_way(connection) & _dead(connection):
        if time.monotonic() > give_up:
            if work.young(bound.config.terms.queue_patience):
                raise StageBlocked(Code.QUEUE_BUSY)
            return
        time.sleep(_LOOK_SECONDS)


def _under_way(connection: Redis) -> set[str]:
    """Jobs that a living worker works on."""
    found = (worker.get_current_job_id() for worker in Worker.all(connection=connection))
    return {job for job in found if job is not None}


def _dead(connection: Redis) -> set[str]:
    """Ids of jobs whose handle stands for nothing any more."""
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
    """Redis may hold anything: what is no text is no name of a job either."""
    return raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)


def _members(connection: Redis, key: bytes | str) -> list[Any]:
    kind = _word(connection.type(key))
    if kind == "list":
        return list(connection.lrange(key, 0, -1))
    if kind == "zset":
        return list(connection.zrange(key, 0, -1))
    return list(connection.smembers(key)) if kind == "set" else []


def _remove(connection: Redis, dead: set[str]) -> int:
    """Take these jobs out of every key of RQ's."""
    for key in connection.scan_iter(_EVERY):
        if _holds(key, dead):
            connection.delete(key)
            continue
        for member in _members(connection, key):
            if _holds(member, dead):
                _take_out(connection, key, member)
    return len(dead)


def _holds(raw: object, dead: set[str]) -> bool:
    return any(match.group(0) in dead for match in _JOB.finditer(_word(raw)))


def _take_out(connection: Redis, key: bytes | str, member: Any) -> None:
    kind = _word(connection.type(key))
    if kind == "list":
        connection.lrem(key, 0, member)
    elif kind == "zset":
        connection.zrem(key, member)
    else:
        connection.srem(key, member)
