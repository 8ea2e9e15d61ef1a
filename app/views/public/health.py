"""Whether the process runs, and whether the installation can work."""

from datetime import timedelta

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from rq import Worker
from sqlalchemy.exc import SQLAlchemyError

from app.access.guard import open_to_all
from app.core.clock import now
from app.extensions import db, queues
from app.models import Heartbeat
from app.operations.deletion.alarms import stopped
from app.operations.deletion.purge import clear_once
from app.queues import QueueName
from app.sweep import NAME

blueprint = Blueprint("health", __name__)
_SEEN = timedelta(seconds=30)


@blueprint.get("/healthz")
@open_to_all
def alive() -> ResponseReturnValue:
    """200 as long as the process responds."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@open_to_all
def ready() -> ResponseReturnValue:
    """200 if database, queue, workers and sweeper are available and no purge is overdue."""
    swept, unstopped = _swept(), _unstopped()
    served = _served()
    parts = {
        "database": swept is not None,
        "queue": served is not None,
        "workers": served is not None and served >= {name.value for name in QueueName},
        "sweeper": bool(swept),
        "purges": bool(unstopped),
    }
    ok = all(parts.values())
    return jsonify(status="ready" if ok else "not ready", **parts), 200 if ok else 503


def _swept() -> bool | None:
    """Whether the sweeper was seen lately; None if the database is unavailable."""
    try:
        with db.read() as session:
            beat = session.get(Heartbeat, NAME)
    except SQLAlchemyError:
        return None
    return beat is not None and now() - beat.seen_at < _SEEN


def _unstopped() -> bool:
    """Whether collection is allowed; not while the database is unavailable."""
    try:
        with db.read() as session:
            return not stopped(session)
    except SQLAlchemyError:
        return False


def clear_first() -> None:
    """Delete what is due before a process serves its first page, except the health checks."""
    if request.blueprint != blueprint.name:
        clear_once()


def _served() -> set[str] | None:
    """The queues that a running worker serves; None if Redis is unavailable."""
    try:
        with queues.redis() as connection:
            return {
                name
                for worker in Worker.all(connection=connection)
                if worker.last_heartbeat and now() - worker.last_heartbeat < _SEEN
                for name in worker.queue_names()
            }
    except RedisError:
        return None
