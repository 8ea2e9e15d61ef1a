"""One answer into the database: its rows and its window's progress in one transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.crash_points import CrashPoint, reach
from app.extensions import db
from app.models import CollectionRun, Reason, Window, WindowObject, WindowState
from app.operations.collection.held_run import Held, hold
from app.operations.collection.list_requests import ListAsks
from app.operations.collection.object_requests import ObjectAsks
from app.operations.collection.request import Ask
from app.operations.collection.store import held_of, release, store_page
from app.operations.runs.windows import (
    RESOURCES,
    advance,
    count_odd,
    cut,
    proven,
    restart,
    split,
)
from collectors.decode import Page
from collectors.windows import RECORD_CAP


def land(held: Held, task: ListAsks | ObjectAsks, ask: Ask, page: Page) -> bool:
    """Store a page and move its window on; True where other windows took its place."""
    reach(CrashPoint.PAGE_ANSWERED)
    with db.write() as session:
        run = hold(session, held)
        held.counters.calls.settle(page.call)
        run.attempts, run.away_since, run.not_before = 1, None, None
        window = session.get_one(Window, task.window.id)
        window.failures = 0
        if isinstance(task, ObjectAsks):
            _land_object(session, run, window, ask, page)
        elif split(session, window, page):
            return True
        else:
            _land_page(session, run, window, ask, page)
        session.flush()
        reach(CrashPoint.PAGE_WRITTEN)
    reach(CrashPoint.PAGE_COMMITTED)
    task.landed(window)
    return False


def _land_page(session: Session, run: CollectionRun, window: Window, ask: Ask, page: Page) -> None:
    if ask.overlap and page.first_id != window.edge:
        _again(session, window)
        return
    stored, duplicate = store_page(session, ask.resource, run, page)
    window.stored += stored
    window.duplicate += duplicate - min(ask.overlap, duplicate)
    advance(window, page, fresh=page.received - min(ask.overlap, page.received))
    if window.state == WindowState.DONE and window.duplicate and _short(session, window):
        # A record that came in front while pages were under way pushed another between two.
        _again(session, window)


def _again(session: Session, window: Window) -> None:
    release(session, window)
    restart(window)


def _short(session: Session, window: Window) -> bool:
    session.flush()
    declared = window.declared or 0
    return held_of(session, window) + window.skipped < declared


def _land_object(
    session: Session, run: CollectionRun, window: Window, ask: Ask, page: Page
) -> None:
    stored, duplicate = store_page(session, ask.resource, run, page)
    window.received += page.received
    window.stored += stored
    window.duplicate += duplicate
    window.read_at = window.read_at if window.carried else now()
    count_odd(window, page)
    if page.more is None and ask.resource.paged:
        window.reason = Reason.END_NOT_TOLD
    elif page.more and ask.offset + page.received >= RECORD_CAP:
        window.reason = Reason.OVER_CAP
    if not goes_on(ask, page):
        done(session, window, ask)


def goes_on(ask: Ask, page: Page) -> bool:
    """Whether an object's list has another page that may be asked."""
    return bool(page.more and page.received) and ask.offset + page.received < RECORD_CAP


def done(session: Session, window: Window, ask: Ask) -> None:
    """An object is asked for; its page was the last one."""
    if ask.owner is not None:
        session.add(
            WindowObject(window_id=window.id, object=ask.owner.pseudonym, epoch_id=window.epoch_id)
        )
        window.objects_done += 1


def close(held: Held, task: ObjectAsks) -> None:
    """End a window whose objects have all been asked for."""
    with db.write() as session:
        hold(session, held)
        window = session.get_one(Window, task.window.id)
        if window.objects and window.objects_refused == window.objects:
            window.state, window.reason = WindowState.ABSENT, Reason.ROLE
        elif window.reason is None and (task.shaky or not _parent_proven(session, window)):
            cut(window, Reason.PARENT)
        elif window.reason is None and 1 < (window.objects or 0) == window.objects_gone:
            cut(window, Reason.REFUSED)
        elif window.reason is None:
            window.state, window.read_at = WindowState.DONE, window.read_at or now()
        else:
            cut(window, Reason(window.reason))
    task.landed(window)


def _parent_proven(session: Session, window: Window) -> bool:
    """Whether the objects are all there are; a parent's list asked for its ids alone has no row."""
    parents = session.scalars(
        select(Window).where(
            Window.run_id == window.run_id,
            Window.resource == RESOURCES[window.resource].parent,
        )
    )
    return all(proven(each) for each in parents)


def count_objects(held: Held, task: ObjectAsks) -> None:
    """Note how many objects a window has, for progress and certificate."""
    with db.write() as session:
        hold(session, held)
        window = session.get_one(Window, task.window.id)
        window.objects = task.objects
        # What an earlier run had asked may not exist any more.
        window.objects_done = task.done
    task.landed(window)
