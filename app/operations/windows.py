"""The windows of a run: planned, halved above PagerDuty's cap, and moved on page by page."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import CollectionRun, Window
from collectors.decode import Page
from collectors.manifest import COLLECTED
from collectors.resource import Resource, Span
from collectors.windows import PAGE_SIZE, RECORD_CAP, halves, slices, wire

RESOURCES = {resource.name: resource for resource in COLLECTED}


def plan(session: Session, run: CollectionRun) -> None:
    """Write the run's windows, once."""
    if session.scalar(select(Window.id).where(Window.run_id == run.id).limit(1)) is not None:
        return
    for resource in COLLECTED:
        for since, until in _stretches(resource, run):
            session.add(_window(run.epoch_id, run.id, resource.name, since, until))


def _stretches(
    resource: Resource, run: CollectionRun
) -> list[tuple[datetime | None, datetime | None]]:
    if resource.span is Span.NONE:
        return [(None, None)]
    until = run.as_of if resource.span is Span.WINDOW_TO_AS_OF else run.until
    return list(slices(resource, run.since, until))


def _window(
    epoch_id: bytes, run_id: int, resource: str, since: datetime | None, until: datetime | None
) -> Window:
    return Window(epoch_id=epoch_id, run_id=run_id, resource=resource, since=since, until=until)


def query(window: Window) -> dict[str, str]:
    """What to ask for the window's next page."""
    query = {"limit": str(PAGE_SIZE), "offset": str(window.offset)}
    if window.offset == 0 or not _divisible(window):
        query["total"] = "true"
    if window.since is not None and window.until is not None:
        query |= {"since": wire(window.since), "until": wire(window.until)}
    return query


def _divisible(window: Window) -> bool:
    """Whether its records belong to times: the others can change while they are paged."""
    return RESOURCES[window.resource].span not in {Span.NONE, Span.RENDERED}


def split(session: Session, window: Window, page: Page) -> bool:
    """Replace a window above PagerDuty's cap by its halves."""
    if window.offset or page.total is None or page.total <= RECORD_CAP:
        return False
    parts = (
        _divisible(window) and window.since and window.until and halves(window.since, window.until)
    )
    if not parts:
        return False
    for since, until in parts:
        half = _window(window.epoch_id, window.run_id, window.resource, since, until)
        half.expected = page.total // 2
        session.add(half)
    session.execute(delete(Window).where(Window.id == window.id))
    return True


def advance(window: Window, page: Page, stored: int, duplicate: int) -> None:
    """Count a page and move on, or end the window."""
    if window.offset == 0:
        window.declared = page.total
    window.offset += page.received
    window.received += page.received
    window.stored += stored
    window.duplicate += duplicate
    window.skipped += page.skipped
    moved = page.total is not None and page.total != window.declared
    if page.more is False and not moved:
        window.state = "done"
    elif not page.more or page.received == 0 or window.offset + PAGE_SIZE > RECORD_CAP:
        # PagerDuty did not say that this was the last page, or the list changed under the paging.
        window.state = "cut"
