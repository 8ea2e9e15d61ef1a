"""The end of a run: old records are deleted, missing ones are marked as deleted."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.clock import to_microseconds
from app.models import (
    RECORD_TABLES,
    CollectionRun,
    Connection,
    Epoch,
    Window,
)
from app.operations.runs.windows import proven
from collectors.layout import layout
from collectors.manifest import COLLECTED
from collectors.resource import Refresh, Resource
from collectors.resources.authorizer import SEES_EVERYTHING
from collectors.vocabularies import ROLE


def settle(session: Session, run: CollectionRun) -> None:
    """Delete records before the window, and mark those that complete lists no longer have."""
    for resource in COLLECTED:
        if resource.moment is not None:
            _delete_before(session, run, resource, resource.moment)
    for name in sorted(_complete_tables(session, run)):
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
    # Their certificates are in the assessments computed from them.
    older = select(CollectionRun.id).where(
        CollectionRun.epoch_id == run.epoch_id, CollectionRun.id < run.id
    )
    session.execute(delete(Window).where(Window.run_id.in_(older)))


def note_authorizer(session: Session, run: CollectionRun) -> None:
    """Private teams may be hidden from an authorizer who is not shown to be admin or owner."""
    table = RECORD_TABLES["authorizer"]
    code = session.scalar(
        select(table.c.role).where(table.c.epoch_id == run.epoch_id, table.c.run_id == run.id)
    )
    epoch = session.get_one(Epoch, run.epoch_id)
    # The connection first and the epoch after it, as a disconnect locks them.
    connection = session.get_one(Connection, epoch.connection_id, with_for_update=True)
    run.partial = connection.partial = ROLE.by_code().get(code or 0) not in SEES_EVERYTHING


def _complete_tables(session: Session, run: CollectionRun) -> set[str]:
    """Tables whose resources were read completely in this run."""
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


def _delete_before(session: Session, run: CollectionRun, resource: Resource, column: str) -> None:
    """Delete records before the run's window."""
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
