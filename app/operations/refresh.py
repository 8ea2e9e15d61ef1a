"""Refresh: bring what is collected up to date, and forget what is no longer there."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.clock import now, to_microseconds
from app.errors import BadInput
from app.models import (
    RECORD_TABLES,
    Assessment,
    CollectionRun,
    Connection,
    Engagement,
    Epoch,
    Window,
)
from app.operations.connect import latest_run, requeue, start_run
from app.operations.fence import open_epoch
from app.operations.windows import proven
from collectors.authorizer import SEES_EVERYTHING
from collectors.layout import layout
from collectors.manifest import COLLECTED
from collectors.resource import Refresh, Resource
from collectors.vocabularies import ROLE

PERIODS = {"daily": timedelta(days=1), "hourly": timedelta(hours=1)}
_ENDED = {"done", "failed"}


def set_refresh(engagement: Engagement, word: str) -> None:
    """How often to refresh: off, daily or hourly. Raises BadInput."""
    if word not in {"off", *PERIODS}:
        raise BadInput("That is not a refresh rhythm", "Choose off, daily or hourly.")
    engagement.refresh = word


def refresh(session: Session, engagement: Engagement) -> CollectionRun | None:
    """Queue a refresh of the last run, or that run again if it failed; None while one is due."""
    connection = session.scalar(
        # The row that a connect holds as well: of two at once, the second sees what the first did.
        select(Connection).where(Connection.engagement_id == engagement.id).with_for_update()
    )
    epoch = open_epoch(session, engagement.id)
    if connection is None or connection.lost_at is not None or epoch is None:
        return None
    run = latest_run(session, epoch, lock=True)
    if run is None or run.state in {"queued", "running"} or _assessing(session, run):
        return None
    if run.state == "failed":
        requeue(run)
        return run
    fresh = start_run(session, engagement, epoch, partial=connection.partial)
    # Another window than before is collected anew: what is stored does not reach that far.
    if fresh.since >= run.since and fresh.until >= run.until:
        fresh.base_run_id = run.id
    return fresh


def _assessing(session: Session, run: CollectionRun) -> bool:
    """An assessment reads the rows that its certificate is about: they must not move under it."""
    waiting = select(Assessment.id).where(
        Assessment.run_id == run.id, Assessment.state.in_(("queued", "running"))
    )
    return session.scalar(waiting.limit(1)) is not None


def due(session: Session) -> list[str]:
    """Handles of the engagements whose refresh is due."""
    found = []
    for engagement, epoch in session.execute(
        select(Engagement, Epoch)
        .join(Connection, Connection.engagement_id == Engagement.id)
        .join(Epoch, Epoch.connection_id == Connection.id)
        .where(Engagement.refresh != "off", Epoch.sealed_at.is_(None), Connection.lost_at.is_(None))
    ):
        run = latest_run(session, epoch)
        begins = None if run is None or run.state not in _ENDED else next_refresh(engagement, run)
        if begins is not None and begins <= now():
            found.append(engagement.handle)
    return found


def next_refresh(engagement: Engagement, run: CollectionRun) -> datetime | None:
    """When the engagement's next refresh begins, counted from the start of the last run."""
    period = PERIODS.get(engagement.refresh)
    return None if period is None else run.queued_at + period


def settle(session: Session, run: CollectionRun) -> None:
    """At the end of a run: what is too old, what complete lists no longer hold."""
    for resource in COLLECTED:
        if resource.moment is not None:
            _forget(session, run, resource, resource.moment)
    for name in sorted(_whole_tables(session, run)):
        table = RECORD_TABLES[name]
        session.execute(
            update(table)
            .where(
                table.c.epoch_id == run.epoch_id,
                table.c.run_id != run.id,
                table.c.deleted_at.is_(None),
            )
            .values(deleted_at=to_microseconds(run.as_of))
        )
    # Their certificates stand in the assessments made of them.
    older = select(CollectionRun.id).where(
        CollectionRun.epoch_id == run.epoch_id, CollectionRun.id < run.id
    )
    session.execute(delete(Window).where(Window.run_id.in_(older)))


def note_authorizer(session: Session, run: CollectionRun) -> None:
    """Private teams may be hidden from whoever is neither admin nor owner, or does not say."""
    table = RECORD_TABLES["authorizer"]
    code = session.scalar(
        select(table.c.role).where(table.c.epoch_id == run.epoch_id, table.c.run_id == run.id)
    )
    epoch = session.get_one(Epoch, run.epoch_id)
    # The connection first and the epoch after it, as a disconnect takes them.
    connection = session.get_one(Connection, epoch.connection_id, with_for_update=True)
    run.partial = connection.partial = ROLE.by_code().get(code or 0) not in SEES_EVERYTHING


def _whole_tables(session: Session, run: CollectionRun) -> set[str]:
    """Tables whose resources were read whole in this run."""
    windows = session.scalars(select(Window).where(Window.run_id == run.id)).all()
    read = {each.resource for each in windows}
    partly = {each.resource for each in windows if each.carried or not proven(each)}
    replaced = {each.parent for each in COLLECTED if each.fallback and each.name in read}
    filled: dict[str, set[str]] = {}
    for resource in COLLECTED:
        wanted = not resource.fallback and resource.name not in replaced
        if resource.refresh is not Refresh.SINCE_LAST and (wanted or resource.name in read):
            filled.setdefault(resource.schema.TABLE, set()).add(resource.name)
    return {table for table, names in filled.items() if names <= read and not names & partly}


def _forget(session: Session, run: CollectionRun, resource: Resource, column: str) -> None:
    """Delete what lies before a window that has moved on."""
    table, *children = (RECORD_TABLES[each.name] for each in layout(resource.schema))
    old = (table.c.epoch_id == run.epoch_id) & (table.c[column] < to_microseconds(run.since))
    for child in children:
        parent = child.c[f"{table.name}_id"]
        session.execute(
            delete(child).where(
                child.c.epoch_id == run.epoch_id, parent.in_(select(table.c.id).where(old))
            )
        )
    session.execute(delete(table).where(old))
