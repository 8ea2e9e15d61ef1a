"""The plan of a run: which windows are read, and which are copied from the run before."""

from datetime import timedelta

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models import CollectionRun, Window, WindowObject, WindowState
from app.operations.runs.windows import proven, windows_of
from collectors.manifest import COLLECTED
from collectors.resource import Refresh, Resource

OVERLAP = timedelta(minutes=15)
"""Entries reach PagerDuty's log a little late: a refresh reads this period again."""
_DUE_AFTER = timedelta(hours=23)
"""Of what is read daily. Less than a day: a daily refresh may begin a minute early."""
_MOST_MERGED = timedelta(hours=24)
_SUMS = ("received", "stored", "duplicate", "skipped", "unknown")
_NOT_CARRIED = {"id", "run_id", "carried"}


def plan(session: Session, run: CollectionRun, extensions: tuple[str, ...]) -> None:
    """Write the run's windows, once."""
    if session.scalar(select(Window.id).where(Window.run_id == run.id).limit(1)) is not None:
        return
    base = None if run.base_run_id is None else session.get(CollectionRun, run.base_run_id)
    for resource in COLLECTED:
        if resource.fallback or (resource.extension and resource.name not in extensions):
            continue
        since = run.since
        if base is not None:
            carried = _carried(session, run, base, resource)
            if carried and resource.refresh is Refresh.DAILY:
                continue
            since = max((w.until for w in carried if w.until), default=None) or run.since
            since = max(run.since, since - OVERLAP)
        session.add_all(windows_of(resource, run, since, run.until))


def _carried(
    session: Session, run: CollectionRun, base: CollectionRun, resource: Resource
) -> list[Window]:
    """Copies of the windows that need not be read again: all of them, or none."""
    if resource.refresh is Refresh.WHOLE:
        return []
    windows = session.scalars(
        select(Window)
        .where(Window.run_id == base.id, Window.resource == resource.name)
        .order_by(Window.since, Window.id)
    ).all()
    needed = [each for each in windows if each.until is None or each.until > run.since]
    if not all(proven(each) for each in needed):
        return []
    if resource.refresh is Refresh.SINCE_LAST:
        carried = _merged([_copy(each, run) for each in needed])
        session.add_all(carried)
    elif all(_is_recent(each) for each in needed):
        carried = [_reopened(session, each, run) for each in needed]
    else:
        carried = []
    session.flush()  # certificates list windows in the order of their ids
    return carried


def _is_recent(window: Window) -> bool:
    return window.read_at is not None and now() - window.read_at < _DUE_AFTER


def _copy(window: Window, run: CollectionRun) -> Window:
    columns = {
        each.key: getattr(window, each.key)
        for each in inspect(Window).column_attrs
        if each.key not in _NOT_CARRIED
    }
    return Window(run_id=run.id, carried=True, **columns)


def _reopened(session: Session, window: Window, run: CollectionRun) -> Window:
    """An open copy: new objects are requested; those already done are not."""
    copy = _copy(window, run)
    copy.state, copy.objects = WindowState.OPEN, None
    session.add(copy)
    session.flush()  # its objects refer to it
    done = select(WindowObject.object).where(WindowObject.window_id == window.id)
    session.add_all(
        WindowObject(window_id=copy.id, object=each, epoch_id=run.epoch_id)
        for each in session.scalars(done).all()
    )
    return copy


def _merged(windows: list[Window]) -> list[Window]:
    """Adjacent windows as one of up to a day: hourly refreshes must not accumulate them."""
    merged: list[Window] = []
    for window in windows:
        last = merged[-1] if merged else None
        if last is None or not _mergeable(last, window):
            merged.append(window)
            continue
        last.until, last.read_at = window.until, window.read_at
        last.declared = (last.declared or 0) + (window.declared or 0)
        for name in _SUMS:
            setattr(last, name, getattr(last, name) + getattr(window, name))
    return merged


def _mergeable(one: Window, other: Window) -> bool:
    return (
        one.since is not None
        and other.until is not None
        and other.until - one.since <= _MOST_MERGED
    )
