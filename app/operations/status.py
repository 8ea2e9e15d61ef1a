"""How a connection stands: everything the PagerDuty card shows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.models import Assessment, CollectionRun, Connection, Engagement, Epoch, Purge, Window
from app.operations.connect import latest_run
from app.operations.fence import open_epoch
from collectors.manifest import COLLECTED


@dataclass(frozen=True, slots=True)
class ResourceProgress:
    """Records of one resource; ``total`` is None until PagerDuty has told it."""

    resource: str
    done: int
    total: int | None
    state: str


@dataclass(frozen=True, slots=True)
class RunStatus:
    """One collection; ``state`` is queued, running, done or failed."""

    state: str
    resources: list[ResourceProgress]
    records_per_second: float | None
    started_at: datetime | None
    finished_at: datetime | None
    waiting_since: datetime
    code: str | None


@dataclass(frozen=True, slots=True)
class PurgeStatus:
    """One deletion, under way or done."""

    handle: str
    requested_at: datetime
    deadline_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """``state`` is none, connected, lost, deleting or deleted."""

    state: str
    partial: bool = False
    connected_at: datetime | None = None
    lost_at: datetime | None = None
    lost_reason: str | None = None
    run: RunStatus | None = None
    assessing: bool = False
    assessment_ready: bool = False
    assessment_failed: bool = False
    purge: PurgeStatus | None = None

    @property
    def moving(self) -> bool:
        """Whether the card will change by itself."""
        running = self.run is not None and self.run.state in {"queued", "running"}
        return self.state == "deleting" or self.assessing or (running and self.state != "lost")


def connection_status(session: Session, engagement: Engagement) -> ConnectionStatus:
    """The card of one engagement."""
    connection = session.scalar(select(Connection).where(Connection.engagement_id == engagement.id))
    epoch = open_epoch(session, engagement.id)
    if connection is None:
        return ConnectionStatus("none")
    if epoch is None:
        return _after_disconnect(session, engagement)
    run = latest_run(session, epoch)
    states = _assessment_states(session, epoch)
    return ConnectionStatus(
        state="lost" if connection.lost_at else "connected",
        partial=connection.partial,
        connected_at=connection.connected_at,
        lost_at=connection.lost_at,
        lost_reason=connection.lost_reason,
        run=None if run is None else _run_status(session, run),
        assessing=bool({"queued", "running"} & set(states)),
        assessment_ready="done" in states,
        assessment_failed=bool(states) and states[-1] == "failed",
    )


def _after_disconnect(session: Session, engagement: Engagement) -> ConnectionStatus:
    purge = session.scalar(
        select(Purge).where(Purge.engagement_id == engagement.id).order_by(Purge.id.desc()).limit(1)
    )
    if purge is None:
        return ConnectionStatus("none")
    status = PurgeStatus(purge.handle, purge.requested_at, purge.deadline_at, purge.finished_at)
    return ConnectionStatus("deleted" if purge.state == "done" else "deleting", purge=status)


def _assessment_states(session: Session, epoch: Epoch) -> list[str]:
    """Oldest first."""
    return list(
        session.scalars(
            select(Assessment.state).where(Assessment.epoch_id == epoch.id).order_by(Assessment.id)
        )
    )


def _run_status(session: Session, run: CollectionRun) -> RunStatus:
    windows = session.scalars(
        select(Window).where(Window.run_id == run.id).order_by(Window.id)
    ).all()
    met = {window.resource for window in windows}
    names = [resource.name for resource in COLLECTED if resource.name in met]
    resources = [
        _progress(name, [window for window in windows if window.resource == name]) for name in names
    ]
    end = run.finished_at or now()
    seconds = (end - run.started_at).total_seconds() if run.started_at else 0.0
    done = sum(progress.done for progress in resources)
    return RunStatus(
        state=run.state,
        resources=resources,
        records_per_second=done / seconds if seconds >= 1 else None,
        started_at=run.started_at,
        finished_at=run.finished_at,
        waiting_since=run.queued_at,
        code=run.code,
    )


def _progress(name: str, windows: list[Window]) -> ResourceProgress:
    totals = [window.expected if window.declared is None else window.declared for window in windows]
    known = [total for total in totals if total is not None]
    states = {window.state for window in windows}
    state = "open" if "open" in states else "absent" if "absent" in states else "done"
    return ResourceProgress(
        resource=name,
        done=sum(window.received for window in windows),
        total=sum(known) if len(known) == len(totals) else None,
        state=state,
    )
