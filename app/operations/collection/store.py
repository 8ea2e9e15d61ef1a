"""Record to row: a page is written to its tables, each record once."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.orm import Session

from app.core.clock import to_microseconds
from app.models import RECORD_TABLES, CollectionRun, Window
from app.operations.runs.windows import RESOURCES
from app.operations.transactions.upsert import insert_into
from collectors.decode import Page
from collectors.layout import layout
from collectors.records import Record
from collectors.resource import Resource

Key = tuple[int | bytes | None, ...]
_NEVER = 0
"""No run has this id: rows of a list that is read again."""


def store_page(
    session: Session, resource: Resource, run: CollectionRun, page: Page
) -> tuple[int, int]:
    """Write a page; returns how many records were new to this run, and how many duplicate."""
    table, *children = (RECORD_TABLES[each.name] for each in layout(resource.schema))
    received = page.rows.get(table.name, [])
    if resource.clip is not None:
        _clip(received, resource.clip, run)
    keys = _keys(table)
    records = {tuple(row[key] for key in keys): row for row in received}
    known = _known(session, table, run.epoch_id, keys, records)
    duplicates = sum(1 for earlier in known.values() if earlier == run.id)
    _upsert(session, table, run, list(records.values()))
    for child in children:
        _replace(session, child, table, run.epoch_id, [key[0] for key in known])
        _upsert(session, child, run, page.rows.get(child.name, []))
    stored = len(records) - duplicates
    if page.call is not None:
        page.call.kept = stored + _nested(page, table, children, known, run)
        page.call.dropped = page.received - stored
    # A record that occurs twice on one page was merged when it was decoded.
    return stored, page.received - page.skipped - stored


def _nested(
    page: Page, table: Table, children: list[Table], known: dict[Key, int], run: CollectionRun
) -> int:
    """How many rows are nested in the records that are new to the run."""
    repeated = {key[0] for key, earlier in known.items() if earlier == run.id}
    parent = _parent(table)
    return sum(
        row[parent] not in repeated for child in children for row in page.rows.get(child.name, ())
    )


def _parent(table: Table) -> str:
    """The column of a nested table that names the row of ``table``."""
    return f"{table.name}_id" if "id" in table.c else f"{table.name}_position"


def release(session: Session, window: Window) -> None:
    """Count what this run has read of a window as unread: it is read again."""
    table, stored = _stored(window)
    session.execute(update(table).where(stored).values(run_id=_NEVER))


def stored_of(session: Session, window: Window) -> int:
    """How many records of the window's period this run has stored, from any window."""
    table, stored = _stored(window)
    return session.scalar(select(func.count()).select_from(table).where(stored)) or 0


def _stored(window: Window) -> tuple[Table, ColumnElement[bool]]:
    resource = RESOURCES[window.resource]
    table = RECORD_TABLES[resource.schema.TABLE]
    stored = (table.c.epoch_id == window.epoch_id) & (table.c.run_id == window.run_id)
    begin, end = resource.clip or (resource.moment, resource.moment)
    if window.since is None or window.until is None or begin is None or end is None:
        return table, stored
    since, until = to_microseconds(window.since), to_microseconds(window.until)
    # Both edges are inside, and so are records without a begin or an end.
    stored &= func.coalesce(table.c[begin], until) <= until
    return table, stored & (func.coalesce(table.c[end], since) >= since)


def _clip(rows: list[Record], clip: tuple[str, str], run: CollectionRun) -> None:
    """Clip a period to the run's bounds; an open end stays open."""
    since, until = to_microseconds(run.since), to_microseconds(run.until)
    begin, end = clip
    for row in rows:
        if isinstance(row[begin], int):
            row[begin] = max(int(row[begin] or 0), since)
        if isinstance(row[end], int):
            row[end] = min(int(row[end] or 0), until)


@cache
def _keys(table: Table) -> tuple[str, ...]:
    """The columns that, after the epoch, name a row."""
    names = (column.name for column in table.primary_key.columns)
    return tuple(name for name in names if name != "epoch_id")


def _known(
    session: Session, table: Table, epoch_id: bytes, keys: tuple[str, ...], records: dict[Key, Any]
) -> dict[Key, int]:
    """The records that are stored already, and the run that read them last."""
    columns = [table.c[key] for key in keys]
    found = session.execute(
        select(*columns, table.c.run_id).where(
            table.c.epoch_id == epoch_id, columns[0].in_({key[0] for key in records})
        )
    )
    return {row[:-1]: row[-1] for row in map(tuple, found) if row[:-1] in records}


def _replace(
    session: Session, child: Table, parent: Table, epoch_id: bytes, known: list[Any]
) -> None:
    """Delete the nested rows of records that are written again: a list may have become shorter."""
    if known:
        column = child.c[_parent(parent)]
        session.execute(delete(child).where(child.c.epoch_id == epoch_id, column.in_(known)))


def _upsert(session: Session, table: Table, run: CollectionRun, records: list[Record]) -> None:
    if not records:
        return
    own = {"epoch_id": run.epoch_id, "run_id": run.id}
    if table.info["top"]:
        own["deleted_at"] = None
    keys = _keys(table)
    # The same key twice in one statement is an error on PostgreSQL; the last one counts.
    rows = {tuple(row[key] for key in keys): {**row, **own} for row in records}
    insert = insert_into(session, table)
    key = ["epoch_id", *keys]
    changed = {each.name: insert.excluded[each.name] for each in table.c if each.name not in key}
    session.execute(
        insert.on_conflict_do_update(index_elements=key, set_=changed),
        list(rows.values()),
    )
