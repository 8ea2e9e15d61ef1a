"""PostgreSQL: tables rewritten, the write-ahead log rotated, both searched through SQL alone.

Nothing here needs access to the server's machine. The receipt states what the role may not do.
"""

import time
from collections.abc import Iterable

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from app.extensions import bound, db
from app.models import Purge
from app.operations.deletion.purge.claimed import ClaimedPurge, Code, Facts, StageBlocked
from app.operations.deletion.purge.quiet import await_quiet
from app.operations.deletion.purge.search_patterns import Search
from app.operations.deletion.purge.server_files import (
    log_files,
    relation_files,
    search_server_files,
)

ATTEMPTS = 5
_PAUSE_SECONDS = 0.3
"""Between two attempts to lock a table: sessions that waited behind the first go on."""
_ROUNDS = 3
MOST_ROUNDS = 80
"""With recycling each rotation overwrites one old segment; there may be max_wal_size of them."""
READER_SECONDS = 3.0
_STATISTICS = "pg_statistic"
_LOCKED = "55P03"
_FORBIDDEN = "42501"

_HORIZON = text("SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)")
_READERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() "
    "AND age(backend_xmin) > age(CAST(CAST(:horizon AS xid8) AS xid))"
)


def rewrite(claimed: ClaimedPurge, names: Iterable[str]) -> Facts:
    """VACUUM FULL of these tables. Raises StageBlocked."""
    await_quiet(claimed)
    names = sorted(names)
    with db.maintain(
        long_wait=not claimed.requested_within(bound.config.deadlines.purge_stop)
    ) as connection:
        _await_readers(connection)
        done = sum(_rewritten(connection, name) for name in names)
    return {"tables": len(names), "rewritten": done}


def rotate_log(epoch_id: bytes) -> Facts:
    """Rotate the write-ahead log until no file of it has the id. Raises StageBlocked.

    A checkpoint first writes out what is only in memory: a search would read old pages.
    """
    with db.maintain() as connection:
        recycled = connection.scalar(text("SHOW wal_recycle")) == "on"
        # A compressed log cannot be searched.
        plain = connection.scalar(text("SHOW wal_compression")) == "off"
        permitted = bool(_permitted(connection, "CHECKPOINT")) and _rotated(connection)
        rounds = MOST_ROUNDS if recycled else _ROUNDS
        while permitted and rounds and _log_has(connection, epoch_id):
            _rotated(connection)
            rounds -= 1
    return search(epoch_id, log_too=permitted and plain) | {"log_recycled": recycled}


def search(epoch_id: bytes, *, log_too: bool) -> Facts:
    """Search every file of this database and of the log. Raises StageBlocked.

    A log that could not be rotated is not searched: the result would be chance.
    """
    with db.maintain() as connection:
        database = search_server_files(connection, relation_files, epoch_id)
        log = search_server_files(connection, log_files, epoch_id) if log_too else None
    if database is not None and database.found:
        raise StageBlocked(Code.DATABASE_LEFT)
    if log is not None and log.found:
        raise StageBlocked(Code.LOG_LEFT)
    return {
        "database": _outcome(database),
        "log": _outcome(log),
        "bytes": sum(each.size for each in (database, log) if each is not None),
        "found": 0,
    }


def _rotated(connection: Connection) -> bool:
    """Begin a new segment and release those before it; False where the role may not."""
    return bool(_permitted(connection, "SELECT pg_switch_wal()")) and bool(
        _permitted(connection, "CHECKPOINT")
    )


def _log_has(connection: Connection, epoch_id: bytes) -> bool:
    found = search_server_files(connection, log_files, epoch_id)
    return found is not None and found.found > 0


def _outcome(search: Search | None) -> str:
    return "not searched" if search is None else "searched"


def tables_deleted_from(claimed: ClaimedPurge) -> set[str]:
    """The tables that this purge has deleted rows from."""
    with db.read() as session:
        removed = session.scalars(select(Purge.rows).where(Purge.id == claimed.purge_id)).one()
        there = inspect(session.connection()).get_table_names()
    return ({name for name, count in removed.items() if count} | {"epoch", "token"}) & set(there)


def epoch_tables() -> set[str]:
    """Every table with rows of an epoch, and the statistics of the planner.

    The files still contain rows deleted before the purge or never committed, and the pseudonyms
    that PostgreSQL sampled before migration 0007.
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
    """VACUUM FULL copies every row that an older reader might still see."""
    horizon = connection.scalar(_HORIZON)
    give_up = time.monotonic() + READER_SECONDS
    while connection.scalar(_READERS, {"horizon": horizon}):
        if time.monotonic() > give_up:
            raise StageBlocked(Code.READER)
        time.sleep(_PAUSE_SECONDS)


def _rewritten(connection: Connection, name: str) -> bool:
    """Rewrite one table and its indexes; False where the role does not own it."""
    quoted = connection.dialect.identifier_preparer.quote(name)
    path = text("SELECT pg_relation_filepath(CAST(:name AS regclass))")
    before = connection.scalar(path, {"name": quoted})
    for _ in range(ATTEMPTS):
        if _permitted(connection, f"VACUUM FULL {quoted}") is not None:
            # PostgreSQL only warns a role that is not the owner.
            return bool(connection.scalar(path, {"name": quoted}) != before)
        time.sleep(_PAUSE_SECONDS)
    raise StageBlocked(Code.TABLE_BUSY)


def _permitted(connection: Connection, command: str) -> bool | None:
    """Run a command; False where the role may not, None where a lock was not acquired."""
    try:
        connection.exec_driver_sql(command)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state not in {_FORBIDDEN, _LOCKED}:
            raise
        return None if state == _LOCKED else False
    return True
