"""The gate at the start of every process: what is due goes before anything is served or read."""

import threading

from app.core.logs import Event, event
from app.extensions import bound, db
from app.operations.deletion.purge.run import attempt, due
from app.operations.deletion.purge.stages import FIRST
from app.operations.transactions.failures import DATABASE_UNAVAILABLE


class _Gate:
    """Whether this process has come through."""

    lock = threading.Lock()
    open = False


def clear_due() -> None:
    """Delete keys and rows of every purge that is due and nobody works on; the sweeper goes on.

    Raises an error of DATABASE_UNAVAILABLE where that could not be found out.
    """
    with db.read() as session:
        handles = due(session, bound.config.terms.purge_head_start)
    for handle in handles:
        try:
            attempt(handle, FIRST)
        except Exception as error:  # noqa: BLE001 - one that cannot go on must not stop the others
            event(Event.PURGE_FAILED, error=error, purge=handle)


def clear_once() -> None:
    """Before the first request of a web process. Without a database the next one tries again."""
    if _Gate.open:
        return
    with _Gate.lock:
        if not _Gate.open:
            try:
                clear_due()
            except DATABASE_UNAVAILABLE:
                return
            _Gate.open = True
