"""Rows: deleted in short transactions, then counted in every table that can have some."""

from sqlalchemy import (
    Column,
    Delete,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    inspect,
    select,
)
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.core.crash_points import CrashPoint, reach
from app.extensions import db
from app.models import Base, Epoch
from app.operations.deletion.purge.chunks import CHUNK, chunks, some
from app.operations.deletion.purge.claimed import ClaimedPurge, Code, Facts, StageBlocked, change


def epoch_tables() -> list[Table]:
    """Every table with rows of an epoch, found in the metadata, children first."""
    return [table for table in reversed(Base.metadata.sorted_tables) if "epoch_id" in table.c]


def delete_rows(claimed: ClaimedPurge) -> Facts:
    """Every row of the epoch, in transactions of up to 5,000, then the epoch itself."""
    for table in epoch_tables():
        _delete_all(claimed, table)
    reach(CrashPoint.PURGE_ROWS_MIDDLE)
    _delete_epoch(claimed)
    return {}


def _delete_all(claimed: ClaimedPurge, table: Table) -> None:
    with db.read() as session:
        known = chunks(session, table, claimed.epoch_id)
    for each in known:
        _delete(claimed, table, each)
    few = some(table, claimed.epoch_id, db.engine.dialect.name)
    while _delete(claimed, table, few) == CHUNK:
        pass


def _delete(claimed: ClaimedPurge, table: Table, chunk: Delete) -> int:
    """Rows deleted, counted in the same transaction."""
    with change(claimed) as (session, purge):
        count = _removed(session.execute(chunk))
        purge.rows = {**purge.rows, table.name: purge.rows.get(table.name, 0) + count}
        session.flush()
        reach(CrashPoint.PURGE_ROWS_DELETED)
    reach(CrashPoint.PURGE_ROWS_MIDDLE)
    return count


def _delete_epoch(claimed: ClaimedPurge) -> None:
    # After a million deleted rows, each count has to skip their dead index entries.
    with change(claimed, long=True) as (session, purge):
        # The cascade is the safety net: it deletes what a late transaction left.
        left = {table.name: _count(session, table, claimed.epoch_id) for table in epoch_tables()}
        gone = _removed(session.execute(delete(Epoch).where(Epoch.id == claimed.epoch_id)))
        rows = {name: purge.rows.get(name, 0) + count for name, count in left.items()}
        purge.rows = {**purge.rows, **rows, "epoch": purge.rows.get("epoch", 0) + gone}


def recount(claimed: ClaimedPurge) -> Facts:
    """Count again, in every table that has an epoch_id in the database itself."""
    reach(CrashPoint.PURGE_RECOUNT_MIDDLE)
    with db.read() as session:
        counts = counted(session, claimed.epoch_id)
    if any(counts.values()):
        raise StageBlocked(Code.ROWS_LEFT)
    return {"tables": len(counts), "rows": 0}


def counted(session: Session, epoch_id: bytes) -> dict[str, int]:
    """Rows of the epoch per table of the live database, found by reflection."""
    counts = {"epoch": _count(session, _live("epoch", "id", None), epoch_id, "id")}
    for schema, name in _reflected(session):
        table = _live(name, "epoch_id", schema)
        counts[table.fullname] = _count(session, table, epoch_id)
    return counts


def _reflected(session: Session) -> list[tuple[str | None, str]]:
    found = inspect(session.connection())
    own = found.default_schema_name
    schemas = [
        name
        for name in found.get_schema_names()
        if name != "information_schema" and not name.startswith("pg_")
    ]
    return [
        (None if schema == own else schema, name)
        for schema in schemas
        for name in found.get_table_names(schema=schema)
        if "epoch_id" in {column["name"] for column in found.get_columns(name, schema=schema)}
    ]


def _live(name: str, column: str, schema: str | None) -> Table:
    return Table(name, MetaData(), Column(column, LargeBinary), schema=schema)


def _count(session: Session, table: Table, epoch_id: bytes, column: str = "epoch_id") -> int:
    count = select(func.count()).select_from(table).where(table.c[column] == epoch_id)
    return session.scalar(count) or 0


def _removed(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
