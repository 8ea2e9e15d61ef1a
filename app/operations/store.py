"""Record to row: one page into its tables, each record once."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import RECORD_TABLES
from collectors.decode import Page
from collectors.layout import layout
from collectors.records import Record
from collectors.resource import Resource


def store_page(
    session: Session, resource: Resource, epoch_id: bytes, run_id: int, page: Page
) -> tuple[int, int]:
    """Write a page; returns how many records were new to this run, and how many duplicate."""
    table = RECORD_TABLES[resource.schema.TABLE]
    received = page.rows.get(table.name, [])
    records = {record["id"]: record for record in received}
    known = _known(session, table, epoch_id, records)
    duplicates = sum(1 for run in known.values() if run == run_id)
    _upsert(session, table, _owned(records.values(), epoch_id, run_id))
    for child in (RECORD_TABLES[each.name] for each in layout(resource.schema)[1:]):
        _replace(session, child, table.name, epoch_id, list(known))
        _upsert(session, child, _owned(page.rows.get(child.name, []), epoch_id, run_id))
    stored = len(records) - duplicates
    return stored, len(received) - stored


def _known(
    session: Session, table: Table, epoch_id: bytes, records: Iterable[Any]
) -> dict[bytes, int]:
    found = session.execute(
        select(table.c.id, table.c.run_id).where(
            table.c.epoch_id == epoch_id, table.c.id.in_(list(records))
        )
    )
    return {row.id: row.run_id for row in found}


def _owned(records: Iterable[Record], epoch_id: bytes, run_id: int) -> list[dict[str, Any]]:
    return [{**record, "epoch_id": epoch_id, "run_id": run_id} for record in records]


def _replace(
    session: Session, child: Table, parent: str, epoch_id: bytes, known: Sequence[bytes]
) -> None:
    """Forget the nested rows of records that are written again: a list may have become shorter."""
    if known:
        session.execute(
            delete(child).where(child.c.epoch_id == epoch_id, child.c[f"{parent}_id"].in_(known))
        )


def _upsert(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    keys = [column.name for column in table.primary_key.columns]
    # The same key twice in one statement is an error on PostgreSQL; the last one counts.
    rows = list({tuple(row[key] for key in keys): row for row in rows}.values())
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(table) if postgres else sqlite.insert(table)
    changed = {
        column.name: insert.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), rows)
