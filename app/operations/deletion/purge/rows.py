"""Rows: deleted in short transactions, then counted where the database says there may be some."""

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
from app.operations.deletion.purge.work import Code, Facts, StageBlocked, Work, change


def epoch_tables() -> list[Table]:
    """Every table that hangs from the epoch, found in the metadata, children first."""
    return [table for table in reversed(Base.metadata.sorted_tables) if "epoch_id" in table.c]


def delete_rows(work: Work) -> Facts:
    """Every row of the epoch, in transactions of up to 5,000, then the epoch itself."""
    for table in epoch_tables():
        _delete_all(work, table)
    reach(CrashPoint.PURGE_ROWS_MIDDLE)
    _delete_epoch(work)
    return {}


def _delete_all(work: Work, table: Table) -> None:
    with db.read() as session:
        known = chunks(session, table, work.epoch_id)
    for each in known:
        _delete(work, table, each)
    few = some(table, work.epoch_id, db.engine.dialect.name)
    while _delete(work, table, few) == CHUNK:
        pass


def _delete(work: Work, table: Table, chunk: Delete) -> int:
    """Rows deleted, counted in the same transaction."""
    with change(work) as (session, purge):
        count = _removed(session.execute(chunk))
        purge.rows = {**purge.rows, table.name: purge.rows.get(table.name, 0) + count}
        session.flush()
        reach(CrashPoint.PURGE_ROWS_DELETED)
    reach(CrashPoint.PURGE_ROWS_MIDDLE)
    return count


def _delete_epoch(work: Work) -> None:
    # Where a million rows have just gone, their dead index entries are in the way of each count.
    with change(work, long=True) as (session, purge):
        # The cascade is the safety net: what a late transaction left goes with the epoch.
        left = {table.name: _count(session, table, work.epoch_id) for table in epoch_tables()}
        gone = _removed(session.execute(delete(Epoch).where(Epoch.id == work.epoch_id)))
        rows = {name: purge.rows.get(name, 0) + count for name, count in left.items()}
        purge.rows = {**purge.rows, **rows, "epoch": purge.rows.get("epoch", 0) + gone}


def recount(work: Work) -> Facts:
    """Count again, in every table that the database itself says to hang from an epoch."""
    reach(CrashPoint.PURGE_RECOUNT_MIDDLE)
    with db.read() as session:
        counts = counted(session, work.epoch_id)
    if any(counts.values()):
        raise StageBlocked(Code.ROWS_LEFT)
    return {"tables": len(counts), "rows": 0}


def counted(session: Session, epoch_id: bytes) -> dict[str, int]:
    """Rows of the epoch per table of the live database, by reflection: no list of ours."""
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
