"""The windows of a run: planned, split below PagerDuty's cap, advanced page by page."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models import CollectionRun, Reason, Window, WindowState
from collectors.decode import Page
from collectors.manifest import COLLECTED
from collectors.resource import Resource, Shape, Span
from collectors.windows import RECORD_CAP, parts, rendered_until, slices

RESOURCES = {resource.name: resource for resource in COLLECTED}
MOST_RESTARTS = 3
MOST_FAILURES = 3
MOST_WINDOWS = 1_000
"""Of one resource: some millions of records; more is an implausible response."""
_SAME = 0.9


def windows_of(
    resource: Resource, run: CollectionRun, since: datetime, until: datetime
) -> list[Window]:
    """The windows that read ``resource`` over [since, until] in a run."""
    if resource.span is Span.NONE:
        return [_window(run, resource, None, None)]
    if resource.span is Span.RENDERED:
        return [_window(run, resource, since, rendered_until(run.as_of))]
    end = run.as_of if resource.span is Span.WINDOW_TO_AS_OF else until
    if resource.shape is Shape.ONE and resource.max_days is not None:
        # One response for the entire period, and PagerDuty goes no further back than that.
        since = max(since, run.as_of - timedelta(days=resource.max_days))
        return [_window(run, resource, since, end)] if since < end else []
    return [_window(run, resource, *bounds) for bounds in slices(resource, since, end)]


def _window(
    run: CollectionRun, resource: Resource, since: datetime | None, until: datetime | None
) -> Window:
    return Window(
        epoch_id=run.epoch_id, run_id=run.id, resource=resource.name, since=since, until=until
    )


def divisible(resource: Resource) -> bool:
    """Whether its records belong to times; those of the others can move while they are paged."""
    return resource.span in {Span.WINDOW, Span.WINDOW_TO_AS_OF} and resource.paged


def split(session: Session, window: Window, page: Page) -> bool:
    """Replace a window above PagerDuty's cap by as many as should be below it."""
    resource = RESOURCES[window.resource]
    if not divisible(resource) or window.since is None or window.until is None:
        return False
    total = page.total if window.offset == 0 else window.declared
    if not _over_cap(window, page) or not _shrinks(window, total):
        return False
    bounds = parts(window.since, window.until, total or RECORD_CAP)
    if len(bounds) < 2 or _window_count(session, window) > MOST_WINDOWS:
        return False
    for since, until in bounds:
        session.add(
            Window(
                epoch_id=window.epoch_id,
                run_id=window.run_id,
                resource=window.resource,
                since=since,
                until=until,
                cut_from=total,
                expected=None if total is None else total // len(bounds),
            )
        )
    session.delete(window)
    return True


def _over_cap(window: Window, page: Page) -> bool:
    """Stated at the beginning, or reached at the end: a missing total is no reason to split."""
    if window.offset == 0 and page.total is not None:
        return page.total > RECORD_CAP
    return page.more is True and window.offset + page.received >= RECORD_CAP


def _shrinks(window: Window, total: int | None) -> bool:
    """Whether splitting has helped so far: of periods that continue, every part has as many."""
    periods = RESOURCES[window.resource].clip is not None
    if not periods or window.cut_from is None or total is None:
        return True
    return total < _SAME * window.cut_from


def _window_count(session: Session, window: Window) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Window)
            .where(Window.run_id == window.run_id, Window.resource == window.resource)
        )
        or 0
    )


def advance(window: Window, page: Page, *, fresh: int) -> None:
    """Count a page and advance, or end the window. ``fresh``: records not read before."""
    if window.offset == 0:
        window.declared = _declared(window, page)
    window.offset += fresh
    window.received += fresh
    window.edge = page.last_id
    window.read_at = now()
    count_anomalies(window, page)
    if page.more is False:
        window.state = WindowState.DONE
        if page.total is not None and page.total != window.declared:
            cut(window, Reason.LIST_MOVED)
    elif page.more is None and RESOURCES[window.resource].paged:
        cut(window, Reason.END_NOT_TOLD)
    elif not RESOURCES[window.resource].paged:
        window.state = WindowState.DONE
    elif fresh == 0:
        cut(window, Reason.LIST_MOVED)
    elif window.offset >= RECORD_CAP:
        cut(window, Reason.OVER_CAP)


def count_anomalies(window: Window, page: Page) -> None:
    """Count skipped records and unknown values; store the names of unreadable fields."""
    window.skipped += page.skipped
    window.unknown += page.unknown.total()
    if page.unreadable_fields:
        names = page.unreadable_fields | set((window.fields or "").split())
        window.fields = " ".join(sorted(names))[:200]


def _declared(window: Window, page: Page) -> int | None:
    """PagerDuty's own count; a response that is not paged is complete by itself."""
    resource = RESOURCES[window.resource]
    if resource.shape is Shape.LIST and resource.paged:
        return page.total
    return page.received


def proven(window: Window) -> bool:
    """Whether everything that PagerDuty declared is stored."""
    return window.state == WindowState.DONE and not shortcomings(window)


def shortcomings(window: Window) -> list[str]:
    """Why the window does not prove that everything is stored; empty where it does."""
    if window.state == WindowState.OPEN:
        return [Reason.NOT_READ_YET]
    found = [window.reason] if window.reason else []
    if window.skipped:
        found.append(Reason.MALFORMED)
    if window.stored + window.duplicate + window.skipped < window.received:
        found.append(Reason.NOT_STORED)
    if window.state == WindowState.DONE and window.objects is None:
        if window.declared is None:
            found.append(Reason.TOTAL_NOT_STATED)
        elif window.received < window.declared:
            found.append(Reason.FEWER)
    if window.objects is not None and window.objects_done < window.objects and not found:
        found.append(Reason.FEWER)
    return found


def cut(window: Window, reason: Reason) -> None:
    """End a window that is incomplete."""
    window.state, window.reason = WindowState.CUT, reason
    window.read_at = now()


def restart(window: Window) -> None:
    """Read the list again from its beginning; cut once it has moved too often."""
    if window.restarts >= MOST_RESTARTS:
        cut(window, Reason.LIST_MOVED)
        return
    window.restarts += 1
    window.state, window.reason = WindowState.OPEN, None
    window.offset = window.received = window.stored = window.duplicate = 0
    window.skipped = window.unknown = 0
    window.edge = window.fields = None
