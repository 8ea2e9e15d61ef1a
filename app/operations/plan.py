"""The plan of a run: which windows are read, and which are carried over from the run before."""

from datetime import timedelta

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.clock import now
from app.models import CollectionRun, Window
from app.operations.windows import windows_of
from collectors.manifest import COLLECTED
from collectors.resource import Refresh, Resource

OVERLAP = timedelta(minutes=15)
"""Entries reach PagerDuty's log a little late: a refresh reads this much of the past again."""
_DAY = timedelta(hours=24)
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
            session.add_all(carried)
            session.flush()  # certificates list windows in the order of their ids
            if carried and resource.refresh is Refresh.DAILY:
                continue
            since = max((w.until for w in carried if w.until), default=None) or run.since
            since = max(run.since, since - OVERLAP)
        session.add_all(windows_of(resource, run, since, run.until))


def _carried(
    session: Session, run: CollectionRun, base: CollectionRun, resource: Resource
) -> list[Window]:
    """The windows of the run before that need not be read again: all, or none."""
    if resource.refresh is Refresh.WHOLE:
        return []
    windows = session.scalars(
        select(Window)
        .where(Window.run_id == base.id, Window.resource == resource.name)
        .order_by(Window.id)
    ).all()
    kept = [each for each in windows if each.until is None or each.until > run.since]
    if resource.refresh is Refresh.DAILY and not all(_fresh(each) for each in kept):
        return []
    if resource.refresh is Refresh.SINCE_LAST and not all(_joins(each, base) for each in kept):
        return []
    return [_copy(each, run) for each in kept]


def _fresh(window: Window) -> bool:
    return window.state == "done" and window.read_at is not None and now() - window.read_at < _DAY


def _joins(window: Window, base: CollectionRun) -> bool:
    """Whether what the window holds is whole: only then may a later one begin at its end."""
    return window.state == "done" and window.until is not None and window.until <= base.as_of


def _copy(window: Window, run: CollectionRun) -> Window:
    columns = {
        each.key: getattr(window, each.key)
        for each in inspect(Window).column_attrs
        if each.key not in _NOT_CARRIED
    }
    return Window(run_id=run.id, carried=True, **columns)
