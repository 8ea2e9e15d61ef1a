"""The state of a connection: everything the PagerDuty card shows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import (
    ACTIVE,
    Assessment,
    CollectionRun,
    Connection,
    ConnectionState,
    Engagement,
    Epoch,
    JobState,
    Purge,
)
from app.models.purge import PurgeState
from app.operations.collection.refresh import next_refresh
from app.operations.deletion.retention import DeletionDate, dates
from app.operations.runs.progress import RunStatus, run_status
from app.operations.runs.runs import latest_run
from app.operations.transactions.fence import open_epoch


@dataclass(frozen=True, slots=True)
class PurgeStatus:
    """One deletion, under way or done."""

    handle: str
    requested_at: datetime
    deadline_at: datetime
    finished_at: datetime | None
    cause: str


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """What the card of an engagement shows."""

    state: ConnectionState
    partial: bool = False
    connected_at: datetime | None = None
    lost_at: datetime | None = None
    lost_reason: str | None = None
    run: RunStatus | None = None
    as_of: datetime | None = None
    """The moment that the stored records show; None before the first collection is done."""
    refresh: str = "off"
    next_refresh_at: datetime | None = None
    extensions: tuple[str, ...] = ()
    assessing: bool = False
    assessment_ready: bool = False
    assessment_failed: bool = False
    purge: PurgeStatus | None = None
    deletions: tuple[DeletionDate, ...] = ()
    """When the collected data is deleted automatically; the earliest first."""

    @property
    def moving(self) -> bool:
        """Whether the card will change without a user."""
        running = self.run is not None and self.run.state in ACTIVE
        if self.state == ConnectionState.DELETING or self.assessing:
            return True
        return running and self.state != ConnectionState.LOST


def connection_status(session: Session, engagement: Engagement) -> ConnectionStatus:
    """The card of one engagement."""
    connection = session.scalar(select(Connection).where(Connection.engagement_id == engagement.id))
    epoch = open_epoch(session, engagement.id)
    if connection is None:
        return ConnectionStatus(ConnectionState.NONE)
    if epoch is None:
        return _after_disconnect(session, engagement)
    run = latest_run(session, epoch)
    states = _assessment_states(session, epoch)
    return ConnectionStatus(
        state=ConnectionState.LOST if connection.lost_at else ConnectionState.CONNECTED,
        partial=connection.partial,
        connected_at=connection.connected_at,
        lost_at=connection.lost_at,
        lost_reason=connection.lost_reason,
        run=None if run is None else run_status(session, run),
        as_of=_as_of(session, epoch),
        refresh=engagement.refresh,
        next_refresh_at=None if run is None else next_refresh(engagement, run),
        extensions=tuple(epoch.extensions.split()),
        assessing=not set(states).isdisjoint(ACTIVE),
        assessment_ready=JobState.DONE in states,
        assessment_failed=bool(states) and states[-1] == JobState.FAILED,
        deletions=tuple(dates(session, engagement)),
    )


def _after_disconnect(session: Session, engagement: Engagement) -> ConnectionStatus:
    purge = session.scalar(
        select(Purge).where(Purge.engagement_id == engagement.id).order_by(Purge.id.desc()).limit(1)
    )
    if purge is None:
        return ConnectionStatus(ConnectionState.NONE)
    status = PurgeStatus(
        purge.handle, purge.requested_at, purge.deadline_at, purge.finished_at, purge.cause
    )
    done = purge.state == PurgeState.DONE
    return ConnectionStatus(
        ConnectionState.DELETED if done else ConnectionState.DELETING, purge=status
    )


def _as_of(session: Session, epoch: Epoch) -> datetime | None:
    return session.scalar(
        select(func.max(CollectionRun.as_of)).where(
            CollectionRun.epoch_id == epoch.id, CollectionRun.state == JobState.DONE
        )
    )


def _assessment_states(session: Session, epoch: Epoch) -> list[str]:
    """Oldest first."""
    return list(
        session.scalars(
            select(Assessment.state).where(Assessment.epoch_id == epoch.id).order_by(Assessment.id)
        )
    )
