"""PostgreSQL: tables written anew, the log turned over, both searched through SQL alone.

Nothing here needs access to the server's machine. What the role may not is told, not failed.
"""

import time
from collections.abc import Iterable

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from app.extensions import bound, db
from app.models import Purge
from app.operations.deletion.purge.needles import Search
from app.operations.deletion.purge.quiet import await_quiet
from app.operations.deletion.purge.server_files import log_files, look_through, relation_files
from app.operations.deletion.purge.work import Code, Facts, StageBlocked, Work

_TRIES = 5
_PAUSE_SECONDS = 0.3
"""Between two tries for a table's lock: whoever had to stand behind the first goes ahead."""
_ROUNDS = 3
_MOST_ROUNDS = 80
"""With recycling each turn of the log overwrites one old segment; there may be max_wal_size."""
_READER_SECONDS = 3.0
_STATISTICS = "pg_statistic"
_LOCKED = "55P03"
_FORBIDDEN = "42501"

_HORIZON = text("SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)")
_READERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() "
    "AND age(backend_xmin) > age(CAST(CAST(:horizon AS xid8) AS xid))"
)


def rewrite(work: Work, names: Iterable[str]) -> Facts:
    """VACUUM FULL of these tables. Raises StageBlocked."""
    await_quiet(work)
    names = sorted(names)
    with db.maintain(patient=not work.young(bound.config.terms.purge_stop)) as connection:
        _await_readers(connection)
        done = sum(_rewritten(connection, name) for name in names)
    return {"tables": len(names), "rewritten": done}


def turn_over(epoch_id: bytes) -> Facts:
    """Turn the write-ahead log over until no file of it has the id. Raises StageBlocked.

    A checkpoint first writes what is in memory only, else a search would read old pages.
    """
    with db.maintain() as connection:
        recycled = connection.scalar(text("SHOW wal_recycle")) == "on"
        # What is compressed cannot be searched.
        plain = connection.scalar(text("SHOW wal_compression")) == "off"
        may = bool(_may(connection, "CHECKPOINT")) and _turned(connection)
        rounds = _MOST_ROUNDS if recycled else _ROUNDS
        while may and rounds and _log_has(connection, epoch_id):
            _turned(connection)
            rounds -= 1
    return search(epoch_id, log_too=may and plain) | {"log_recycled": recycled}


def search(epoch_id: bytes, *, log_too: bool) -> Facts:
    """Look through every file of this database and of the log. Raises StageBlocked.

    Where nobody could turn the log over, what a search of it says is chance: it is left out.
    """
    with db.maintain() as connection:
        database = look_through(connection, relation_files, epoch_id)
        log = look_through(connection, log_files, epoch_id) if log_too else None
    if database is not None and database.found:
        raise StageBlocked(Code.DATABASE_LEFT)
    if log is not None and log.found:
        raise StageBlocked(Code.LOG_LEFT)
    return {
        "database": _said(database),
        "log": _said(log),
        "bytes": sum(each.size for each in (database, log) if each is not None),
        "found": 0,
    }


def _turned(connection: Connection) -> bool:
    """Begin a new segment, and let go of those before it; False where the role may not."""
    return bool(_may(connection, "SELECT pg_switch_wal()")) and bool(_may(connection, "CHECKPOINT"))


def _log_has(connection: Connection, epoch_id: bytes) -> bool:
    found = look_through(connection, log_files, epoch_id)
    return found is not None and found.found > 0


def _said(search: Search | None) -> str:
    return "not searched" if search is None else "searched"


def touched(work: Work) -> set[str]:
    """Tables from which this purge has deleted."""
    with db.read() as session:
        removed = session.scalars(select(Purge.rows).where(Purge.id == work.purge_id)).one()
        there = inspect(session.connection()).get_table_names()
    return ({name for name, count in removed.items() if count} | {"epoch", "token"}) & set(there)


def every() -> set[str]:
    """Every table that hangs from an epoch, and what the planner knows of them.

    Rows that went before the purge, or were never committed, are still in the files; so is what
    was known of pseudonyms before migration 0007 put an end to that.
    """
    with db.read() as session:
        there = inspect(session.connection())
        names = {
            name
            for name in there.get_table_names()
            if "epoch_id" in {column["name"] for column in there.get_columns(name)}
        }
    return names | {"epoch", _STATISTICS}


def _await_readers(connection: Connection) -> None:
    """A row that an older reader might still see is taken along into the new file."""
    horizon = connection.scalar(_HORIZON)
    give_up = time.monotonic() + _READER_SECONDS
    while connection.scalar(_READERS, {"horizon": horizon}):
        if time.monotonic() > give_up:
            raise StageBlocked(Code.READER)
        time.sleep(_PAUSE_SECONDS)


def _rewritten(connection: Connection, name: str) -> bool:
    """Write one table and its indexes anew; False where the role does not own it."""
    quoted = connection.dialect.identifier_preparer.quote(name)
    path = text("SELECT pg_relation_filepath(CAST(:name AS regclass))")
    before = connection.scalar(path, {"name": quoted})
    for _ in range(_TRIES):
        if _may(connection, f"VACUUM FULL {quoted}") is not None:
            # PostgreSQL only warns whoever is not the owner.
            return bool(connection.scalar(path, {"name": quoted}) != before)
        time.sleep(_PAUSE_SECONDS)
    raise StageBlocked(Code.TABLE_BUSY)


def _may(connection: Connection, command: str) -> bool | None:
    """Run a command; False where the role may not, None where a lock was not to be had."""
    try:
        connection.exec_driver_sql(command)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state not in {_FORBIDDEN, _LOCKED}:
            raise
        return None if state == _LOCKED else False
    return True
