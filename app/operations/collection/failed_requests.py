"""Failed requests: which window they end, and what replaces it."""

from sqlalchemy.orm import Session

from app.core.clock import now
from app.models import CollectionRun, Reason, Window, WindowState
from app.operations.collection.list_requests import ListRequests
from app.operations.collection.object_requests import ObjectRequests
from app.operations.collection.pages import mark_read
from app.operations.collection.request import WindowRequest
from app.operations.collection.run_lease import RunLease
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
"""After so many refusals and not one object, the others would be refused as well."""


def record_failure(
    lease: RunLease,
    task: ListRequests | ObjectRequests,
    request: WindowRequest,
    error: CollectorError,
) -> bool:
    """Record the failure in the window; True where another window replaced it."""
    with lease.transaction() as (session, run):
        window = session.get_one(Window, task.window.id)
        if isinstance(error, NotAvailable) and _nothing_given(window, request, error):
            window.state, window.reason = WindowState.ABSENT, Reason(error.reason)
            window.read_at = now()
        elif isinstance(error, Unreachable) and window.failures + 1 < MOST_FAILURES:
            window.failures += 1
        elif isinstance(task, ListRequests) and _fall_back(session, run, window, task):
            return True
        elif isinstance(task, ListRequests) or request.listing:
            cut(window, _reason(error))
        else:
            _fail_object(session, window, request, error)
    task.set_window(window)
    return False


def count_failures(lease: RunLease, window_ids: set[int]) -> None:
    """Count a failure of each of these windows; the last one allowed cuts it."""
    with lease.transaction() as (session, _):
        for window_id in window_ids:
            window = session.get(Window, window_id)
            if window is not None and window.state == WindowState.OPEN:
                window.failures += 1
                if window.failures >= MOST_FAILURES:
                    cut(window, Reason.UNREACHABLE)


def _fail_object(
    session: Session, window: Window, request: WindowRequest, error: CollectorError
) -> None:
    if isinstance(error, Gone):
        window.objects_gone += 1
    else:
        window.objects_refused += isinstance(error, NotAvailable)
        window.reason = _reason(error)
    mark_read(session, window, request)


def _nothing_given(window: Window, request: WindowRequest, error: NotAvailable) -> bool:
    """Whether plan or role do not give the resource at all."""
    if request.listing:
        return window.objects_done == 0
    if request.owner is None:
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


def _fall_back(session: Session, run: CollectionRun, window: Window, task: ListRequests) -> bool:
    """Request the objects one by one where PagerDuty refuses them as a list."""
    other = next(
        (each for each in COLLECTED if each.fallback and each.parent == task.resource.name), None
    )
    if other is None:
        return False
    release(session, window)
    session.delete(window)
    session.add_all(windows_of(other, run, run.since, run.until))
    return True
