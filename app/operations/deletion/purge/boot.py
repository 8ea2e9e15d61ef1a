"""The check at the start of every process: due purges run before anything is served or read."""

import threading

from app.core.logs import Event, contained
from app.extensions import bound, db
from app.operations.deletion.purge.run import attempt, due
from app.operations.deletion.purge.stages import FIRST
from app.operations.transactions.failures import DATABASE_UNAVAILABLE


class StartCheck:
    """Whether this process has passed the check."""

    lock = threading.Lock()
    passed = False


def clear_due() -> None:
    """Delete keys and rows of every due purge without a lease; the sweeper does the rest.

    Raises an error of DATABASE_UNAVAILABLE if the due purges cannot be read.
    """
    with db.read() as session:
        handles = due(session, bound.config.deadlines.purge_head_start)
    for handle in handles:
        with contained(Event.PURGE_FAILED, purge=handle):
            attempt(handle, FIRST)


def clear_once() -> None:
    """Before the first request of a web process. Without a database the next one tries again."""
    if StartCheck.passed:
        return
    with StartCheck.lock:
        if not StartCheck.passed:
            try:
                clear_due()
            except DATABASE_UNAVAILABLE:
                return
            StartCheck.passed = True
