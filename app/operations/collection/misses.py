"""What did not come: which window it costs, and what takes its place."""

from sqlalchemy.orm import Session

from app.core.clock import now
from app.extensions import db
from app.models import CollectionRun, Reason, Window, WindowState
from app.operations.collection.held_run import Held, hold
from app.operations.collection.list_requests import ListAsks
from app.operations.collection.object_requests import ObjectAsks
from app.operations.collection.pages import done
from app.operations.collection.request import Ask
from app.operations.collection.store import release
from app.operations.runs.windows import MOST_FAILURES, cut, windows_of
from collectors.errors import (
    CollectorError,
    Gone,
    NotAvailable,
    TooLarge,
    UnexpectedShape,
    Unreachable,
)
from collectors.manifest import COLLECTED

_REFUSALS = 5
"""So many objects refused in a row, and none given: the others would be refused as well."""


def miss(held: Held, task: ListAsks | ObjectAsks, ask: Ask, error: CollectorError) -> bool:
    """Note that an answer did not come; True where another window took its place."""
    with db.write() as session:
        run = hold(session, held)
        window = session.get_one(Window, task.window.id)
        if isinstance(error, NotAvailable) and _nothing_came(window, ask, error):
            window.state, window.reason = WindowState.ABSENT, Reason(error.reason)
            window.read_at = now()
        elif isinstance(error, Unreachable) and window.failures + 1 < MOST_FAILURES:
            window.failures += 1
        elif isinstance(task, ListAsks) and _fall_back(session, run, window, task):
            return True
        elif isinstance(task, ListAsks) or ask.listing:
            cut(window, _reason(error))
        else:
            _miss_object(session, window, ask, error)
    task.landed(window)
    return False


def blame(held: Held, window_ids: set[int]) -> None:
    """Count a failure of each of these windows; the last one allowed cuts it."""
    with db.write() as session:
        hold(session, held)
        for window_id in window_ids:
            window = session.get(Window, window_id)
            if window is not None and window.state == WindowState.OPEN:
                window.failures += 1
                if window.failures >= MOST_FAILURES:
                    cut(window, Reason.UNREACHABLE)


def _miss_object(session: Session, window: Window, ask: Ask, error: CollectorError) -> None:
    if isinstance(error, Gone):
        window.objects_gone += 1
    else:
        window.objects_refused += isinstance(error, NotAvailable)
        window.reason = _reason(error)
    done(session, window, ask)


def _nothing_came(window: Window, ask: Ask, error: NotAvailable) -> bool:
    """Whether it is the whole resource that plan or role do not give."""
    if ask.listing:
        return window.objects_done == 0
    if ask.owner is None:
        return window.offset == 0
    refused = window.objects_refused == window.objects_done
    return refused and (error.reason == Reason.PLAN or window.objects_refused >= _REFUSALS)


def _reason(error: CollectorError) -> Reason:
    if isinstance(error, NotAvailable):
        return Reason(error.reason)
    for kind, reason in (
        (Unreachable, Reason.UNREACHABLE),
        (TooLarge, Reason.TOO_LARGE),
        (UnexpectedShape, Reason.SHAPE),
    ):
        if isinstance(error, kind):
            return reason
    return Reason.REFUSED


def _fall_back(session: Session, run: CollectionRun, window: Window, task: ListAsks) -> bool:
    """Ask for the objects one by one where PagerDuty refuses them as a list."""
    other = next(
        (each for each in COLLECTED if each.fallback and each.parent == task.resource.name), None
    )
    if other is None:
        return False
    release(session, window)
    session.delete(window)
    session.add_all(windows_of(other, run, run.since, run.until))
    return True
