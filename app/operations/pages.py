"""One answer into the database: its rows and its window's progress in one transaction."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.clock import now
from app.extensions import db
from app.models import CollectionRun, Window, WindowObject
from app.operations.asks import Ask, Asks, ListAsks, ObjectAsks
from app.operations.fence import hold_open
from app.operations.lease import keep
from app.operations.store import release, store_page
from app.operations.windows import (
    MOST_FAILURES,
    Reason,
    advance,
    count_odd,
    cut,
    restart,
    split,
    windows_of,
)
from collectors.client import Counters
from collectors.decode import Page
from collectors.errors import (
    CollectorError,
    Gone,
    NotAvailable,
    TooLarge,
    UnexpectedShape,
    Unreachable,
)
from collectors.manifest import COLLECTED


@dataclass(frozen=True, slots=True)
class Held:
    """The run a worker holds the lease of."""

    run_id: int
    epoch_id: bytes
    owner: str
    counters: Counters = field(default_factory=Counters)


def hold(session: Session, held: Held) -> CollectionRun:
    """Begin a transaction of the run. Raises EpochSealed, LeaseLost."""
    hold_open(session, held.epoch_id)
    keep(session, CollectionRun, held.run_id, held.owner)
    run = session.get_one(CollectionRun, held.run_id)
    requests, rate_limited = held.counters.take()
    run.requests += requests
    run.rate_limited += rate_limited
    return run


def land(held: Held, task: Asks, ask: Ask, page: Page) -> bool:
    """Store a page and move its window on; True where other windows took its place."""
    with db.write() as session:
        run = hold(session, held)
        run.attempts, run.away_since, run.not_before = 1, None, None
        window = session.get_one(Window, task.window.id)
        window.failures = 0
        if isinstance(task, ObjectAsks):
            _land_object(session, run, window, ask, page)
        elif split(session, window, page):
            return True
        else:
            _land_page(session, run, window, ask, page)
    task.landed(window)
    return False


def _land_page(session: Session, run: CollectionRun, window: Window, ask: Ask, page: Page) -> None:
    if ask.overlap and page.first_id != window.edge:
        release(session, ask.resource, run)
        restart(window)
        return
    stored, duplicate = store_page(session, ask.resource, run, page)
    window.stored += stored
    window.duplicate += duplicate - min(ask.overlap, duplicate)
    advance(window, page, fresh=page.received - min(ask.overlap, page.received))


def _land_object(
    session: Session, run: CollectionRun, window: Window, ask: Ask, page: Page
) -> None:
    stored, duplicate = store_page(session, ask.resource, run, page)
    window.received += page.received
    window.stored += stored
    window.duplicate += duplicate
    window.read_at = now()
    count_odd(window, page)
    if not page.more:
        _done(session, window, ask)


def _done(session: Session, window: Window, ask: Ask) -> None:
    if ask.owner is not None:
        session.add(
            WindowObject(window_id=window.id, object=ask.owner.pseudonym, epoch_id=window.epoch_id)
        )
        window.objects_done += 1


def miss(held: Held, task: Asks, ask: Ask, error: CollectorError) -> bool:
    """Note that an answer did not come; True where another window took its place."""
    with db.write() as session:
        run = hold(session, held)
        window = session.get_one(Window, task.window.id)
        if isinstance(error, NotAvailable) and not window.objects_done:
            window.state, window.reason = "absent", Reason(error.reason)
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
            if window is not None and window.state == "open":
                window.failures += 1
                if window.failures >= MOST_FAILURES:
                    cut(window, Reason.UNREACHABLE)


def _miss_object(session: Session, window: Window, ask: Ask, error: CollectorError) -> None:
    if isinstance(error, Gone):
        window.objects_gone += 1
    else:
        window.reason = _reason(error)
    _done(session, window, ask)


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
    if other is None or window.offset:
        return False
    session.delete(window)
    session.add_all(windows_of(other, run, run.since, run.until))
    return True


def close(held: Held, task: ObjectAsks) -> None:
    """End a window whose objects have all been asked for."""
    with db.write() as session:
        hold(session, held)
        window = session.get_one(Window, task.window.id)
        if window.reason is None:
            window.state = "done"
        else:
            cut(window, Reason(window.reason))
    task.landed(window)


def count_objects(held: Held, task: ObjectAsks) -> None:
    """Note how many objects a window has, for progress and certificate."""
    with db.write() as session:
        hold(session, held)
        window = session.get_one(Window, task.window.id)
        window.objects = task.objects
    task.landed(window)
