"""Errors of work that is claimed: which are retried, and what is recorded of the others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import InterfaceError, OperationalError

from app.core.errors import Busy

DATABASE_UNAVAILABLE = (Busy, OperationalError, InterfaceError)
"""The database is busy, restarting or out of reach: the lease expires, the work is queued again."""

MOST_ATTEMPTS = 5
"""Claims without any progress before a piece of work is called failed."""


@contextmanager
def recorded(record: Callable[[], None]) -> Iterator[None]:
    """Call ``record`` for an error of ours, and raise it: the page must say that the work stopped.

    While the database is unavailable nothing can be recorded.
    """
    try:
        yield
    except DATABASE_UNAVAILABLE:
        raise
    except Exception:
        # Any defect of ours may be behind it: without a record the work would look like running.
        record()
        raise
