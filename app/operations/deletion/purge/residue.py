"""Residue: what the files of a database still contain of deleted rows."""

from pathlib import Path

from app.core.crash_points import CrashPoint, reach
from app.extensions import db
from app.operations.deletion.purge import postgres
from app.operations.deletion.purge.claimed import ClaimedPurge, Code, Facts, StageBlocked
from app.operations.deletion.purge.quiet import await_quiet
from app.operations.deletion.purge.search_patterns import Search, search_files

_SUFFIXES = ("", "-wal", "-shm", "-journal")


def clear_residue(claimed: ClaimedPurge) -> Facts:
    """Clear the files of the database, then look through their raw bytes for the epoch's id."""
    if db.engine.dialect.name == "postgresql":
        facts = postgres.rewrite(claimed, postgres.tables_deleted_from(claimed))
        reach(CrashPoint.PURGE_RESIDUE_MIDDLE)
        try:
            return facts | postgres.rotate_log(claimed.epoch_id)
        except StageBlocked as blocked:
            if blocked.code is not Code.DATABASE_LEFT:
                raise
        return postgres.rewrite(claimed, postgres.epoch_tables()) | postgres.rotate_log(
            claimed.epoch_id
        )
    _truncate_log()
    reach(CrashPoint.PURGE_RESIDUE_MIDDLE)
    rewritten = _in_sqlite(claimed.epoch_id).found > 0
    if rewritten:
        _vacuum(claimed)
    return {**_search_sqlite(claimed.epoch_id), "rewritten": rewritten}


def search_again(epoch_id: bytes, *, log_too: bool) -> Facts:
    """The same search once more, without clearing. Raises StageBlocked."""
    if db.engine.dialect.name == "postgresql":
        return postgres.search(epoch_id, log_too=log_too)
    return _search_sqlite(epoch_id)


def _truncate_log() -> None:
    if not db.truncate_log():
        raise StageBlocked(Code.READER)


def _vacuum(claimed: ClaimedPurge) -> None:
    """No process can write meanwhile, so this waits for quiet. Raises StageBlocked."""
    await_quiet(claimed)
    if not db.vacuum():
        raise StageBlocked(Code.TABLE_BUSY)
    _truncate_log()


def _in_sqlite(epoch_id: bytes) -> Search:
    """Look through the database, its log, the log's index and a journal."""
    name = db.engine.url.database
    return search_files((Path(f"{name}{suffix}") for suffix in _SUFFIXES), epoch_id)


def _search_sqlite(epoch_id: bytes) -> Facts:
    search = _in_sqlite(epoch_id)
    if search.found:
        raise StageBlocked(Code.DATABASE_LEFT)
    return {"database": "searched", "log": "searched", "bytes": search.size, "found": 0}
