"""Store one response: its rows and its window's progress in one transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.crash_points import CrashPoint, reach
from app.models import CollectionRun, Reason, Window, WindowObject, WindowState
from app.operations.collection.list_requests import ListRequests
from app.operations.collection.object_requests import ObjectRequests
from app.operations.collection.request import WindowRequest
from app.operations.collection.run_lease import RunLease
from app.operations.collection.store import release, store_page, stored_of
from app.operations.runs.windows import (
    RESOURCES,
    advance,
    count_anomalies,
    cut,
    proven,
    restart,
    split,
)
from collectors.decode import Page
from collectors.windows import RECORD_CAP


def store_response(
    lease: RunLease, task: ListRequests | ObjectRequests, request: WindowRequest, page: Page
) -> bool:
    """Store a page and advance its window; True where other windows replaced it."""
    reach(CrashPoint.PAGE_ANSWERED)
    with lease.transaction() as (session, run):
        lease.counters.calls.settle(page.call)
        run.attempts, run.away_since, run.not_before = 1, None, None
        window = session.get_one(Window, task.window.id)
        window.failures = 0
        if isinstance(task, ObjectRequests):
            _store_object_page(session, run, window, request, page)
        elif split(session, window, page):
            return True
        else:
            _store_list_page(session, run, window, request, page)
        session.flush()
        reach(CrashPoint.PAGE_WRITTEN)
    reach(CrashPoint.PAGE_COMMITTED)
    task.set_window(window)
    return False


def _store_list_page(
    session: Session, run: CollectionRun, window: Window, request: WindowRequest, page: Page
) -> None:
    if request.overlap and page.first_id != window.edge:
        _read_again(session, window)
        return
    stored, duplicate = store_page(session, request.resource, run, page)
    window.stored += stored
    window.duplicate += duplicate - min(request.overlap, duplicate)
    advance(window, page, fresh=page.received - min(request.overlap, page.received))
    if window.state == WindowState.DONE and window.duplicate and _lacks_records(session, window):
        # A new record moved another one from a page not yet read to one that was.
        _read_again(session, window)


def _read_again(session: Session, window: Window) -> None:
    release(session, window)
    restart(window)


def _lacks_records(session: Session, window: Window) -> bool:
    session.flush()
    declared = window.declared or 0
    return stored_of(session, window) + window.skipped < declared


def _store_object_page(
    session: Session, run: CollectionRun, window: Window, request: WindowRequest, page: Page
) -> None:
    stored, duplicate = store_page(session, request.resource, run, page)
    window.received += page.received
    window.stored += stored
    window.duplicate += duplicate
    window.read_at = window.read_at if window.carried else now()
    count_anomalies(window, page)
    if page.more is None and request.resource.paged:
        window.reason = Reason.END_NOT_TOLD
    elif page.more and request.offset + page.received >= RECORD_CAP:
        window.reason = Reason.OVER_CAP
    if not has_more(request, page):
        mark_read(session, window, request)


def has_more(request: WindowRequest, page: Page) -> bool:
    """Whether an object's list has another page that may be requested."""
    return bool(page.more and page.received) and request.offset + page.received < RECORD_CAP


def mark_read(session: Session, window: Window, request: WindowRequest) -> None:
    """Mark an object as read: its page was the last one."""
    if request.owner is not None:
        session.add(
            WindowObject(
                window_id=window.id, object=request.owner.pseudonym, epoch_id=window.epoch_id
            )
        )
        window.objects_done += 1


def close_window(lease: RunLease, task: ObjectRequests) -> None:
    """End a window whose objects have all been requested."""
    with lease.transaction() as (session, _):
        window = session.get_one(Window, task.window.id)
        if window.objects and window.objects_refused == window.objects:
            window.state, window.reason = WindowState.ABSENT, Reason.ROLE
        elif window.reason is None and (task.uncertain or not _parent_proven(session, window)):
            cut(window, Reason.PARENT)
        elif window.reason is None and 1 < (window.objects or 0) == window.objects_gone:
            cut(window, Reason.REFUSED)
        elif window.reason is None:
            window.state, window.read_at = WindowState.DONE, window.read_at or now()
        else:
            cut(window, Reason(window.reason))
    task.set_window(window)


def _parent_proven(session: Session, window: Window) -> bool:
    """Whether the list of objects was complete; a parent read only for its ids has no window."""
    parents = session.scalars(
        select(Window).where(
            Window.run_id == window.run_id,
            Window.resource == RESOURCES[window.resource].parent,
        )
    )
    return all(proven(each) for each in parents)


def count_objects(lease: RunLease, task: ObjectRequests) -> None:
    """Store how many objects a window has, for progress and certificate."""
    with lease.transaction() as (session, _):
        window = session.get_one(Window, task.window.id)
        window.objects = task.objects
        # An object that an earlier run requested may not exist any more.
        window.objects_done = task.done
    task.set_window(window)
