"""How far a run has come: records, requests, budget, and when it will be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models import CollectionRun, JobState, Window, WindowState
from app.operations.grant.limiter import requests_left
from app.operations.runs.forecast import requests_to_come, seconds_to_come
from collectors.manifest import COLLECTED

CARRIED = "carried"
"""The state of a resource all of whose windows are copied from the run before."""
_WORST_FIRST = (WindowState.OPEN, WindowState.ABSENT, WindowState.CUT)


@dataclass(frozen=True, slots=True)
class ResourceProgress:
    """Records of one resource, or objects where they are requested one by one.

    ``total`` is None while it is unknown; ``state`` is open, done, cut, absent or carried.
    """

    resource: str
    done: int
    total: int | None
    state: str


@dataclass(frozen=True, slots=True)
class RunStatus:
    """One collection; ``state`` is queued, running, done or failed."""

    state: str
    refresh: bool
    """It brings an earlier collection up to date."""
    resources: list[ResourceProgress]
    records_per_second: float | None
    requests: int
    requests_left: int | None
    """How many PagerDuty still allows in this minute; None without a stated limit."""
    seconds_to_come: float | None
    """None while it cannot be known."""
    started_at: datetime | None
    finished_at: datetime | None
    waiting_since: datetime
    not_before: datetime | None
    """PagerDuty did not respond; the run is retried then."""
    code: str | None


def run_status(session: Session, run: CollectionRun) -> RunStatus:
    """The progress of a run, as its card shows it."""
    windows = session.scalars(
        select(Window).where(Window.run_id == run.id).order_by(Window.id)
    ).all()
    begun = run.resumed_at
    seconds = ((run.finished_at or now()) - begun).total_seconds() if begun else 0
    read = records_read(session, run) - run.resumed_records
    left = requests_left(session, run.epoch_id)
    return RunStatus(
        state=run.state,
        refresh=run.base_run_id is not None,
        resources=_resources(windows),
        records_per_second=read / seconds if seconds >= 1 else None,
        requests=run.requests,
        requests_left=None if left is None else left[0],
        seconds_to_come=_to_come(run, windows, seconds, left),
        started_at=run.started_at,
        finished_at=run.finished_at,
        waiting_since=run.queued_at,
        not_before=run.not_before,
        code=run.code,
    )


def records_read(session: Session, run: CollectionRun) -> int:
    """How many records the run has received."""
    received = select(func.sum(Window.received)).where(Window.run_id == run.id)
    return session.scalar(received) or 0


def _to_come(
    run: CollectionRun,
    windows: Sequence[Window],
    seconds: float,
    left: tuple[int, datetime] | None,
) -> float | None:
    requests = requests_to_come(windows)
    made = run.requests - run.resumed_requests
    if run.state != JobState.RUNNING or requests is None or made < 1 or seconds < 1:
        return None
    speed = made / seconds
    if left is None:
        return seconds_to_come(requests, speed=speed, left=None, reset_in=0.0)
    reset_in = max(0.0, (left[1] - now()).total_seconds())
    return seconds_to_come(requests, speed=speed, left=left[0], reset_in=reset_in)


def _resources(windows: Sequence[Window]) -> list[ResourceProgress]:
    met = {window.resource for window in windows}
    return [
        _progress(each.name, [window for window in windows if window.resource == each.name])
        for each in COLLECTED
        if each.name in met
    ]


def _progress(name: str, windows: list[Window]) -> ResourceProgress:
    states = {window.state for window in windows}
    state: str = next((each for each in _WORST_FIRST if each in states), WindowState.DONE)
    if state == WindowState.DONE and all(window.carried for window in windows):
        state = CARRIED
    one_by_one = any(window.objects is not None for window in windows)
    totals = [_total(window, one_by_one=one_by_one) for window in windows]
    known = [total for total in totals if total is not None]
    return ResourceProgress(
        resource=name,
        done=sum(w.objects_done if one_by_one else w.received for w in windows),
        total=sum(known) if len(known) == len(totals) else None,
        state=state,
    )


def _total(window: Window, *, one_by_one: bool) -> int | None:
    """What is to be read of a window; a list that grows while it is read has more than it said."""
    if one_by_one:
        return None if window.objects is None else max(window.objects, window.objects_done)
    stated = window.expected if window.declared is None else window.declared
    return None if stated is None else max(stated, window.received)
