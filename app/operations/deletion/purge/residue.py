"""Residue: what a database keeps of deleted rows, cleared and searched for."""

from pathlib import Path

from app.core.crash_points import CrashPoint, reach
from app.extensions import db
from app.operations.deletion.purge import postgres
from app.operations.deletion.purge.needles import Search, search_files
from app.operations.deletion.purge.quiet import await_quiet
from app.operations.deletion.purge.work import Code, Facts, StageBlocked, Work

_SUFFIXES = ("", "-wal", "-shm", "-journal")


def clear_residue(work: Work) -> Facts:
    """Clear the files of the database, then look through their raw bytes for the epoch's id."""
    if db.engine.dialect.name == "postgresql":
        facts = postgres.rewrite(work, postgres.touched(work))
        reach(CrashPoint.PURGE_RESIDUE_MIDDLE)
        try:
            return facts | postgres.turn_over(work.epoch_id)
        except StageBlocked as held:
            if held.code is not Code.DATABASE_LEFT:
                raise
        return postgres.rewrite(work, postgres.every()) | postgres.turn_over(work.epoch_id)
    _forget()
    reach(CrashPoint.PURGE_RESIDUE_MIDDLE)
    anew = _in_sqlite(work.epoch_id).found > 0
    if anew:
        _write_anew(work)
    return {**_search_sqlite(work.epoch_id), "rewritten": anew}


def search_again(epoch_id: bytes, *, log_too: bool) -> Facts:
    """The same search once more; nothing is cleared. Raises StageBlocked."""
    if db.engine.dialect.name == "postgresql":
        return postgres.search(epoch_id, log_too=log_too)
    return _search_sqlite(epoch_id)


def _forget() -> None:
    if not db.forget_residue():
        raise StageBlocked(Code.READER)


def _write_anew(work: Work) -> None:
    """Nobody can write meanwhile, so where it is quiet. Raises StageBlocked."""
    await_quiet(work)
    if not db.write_anew():
        raise StageBlocked(Code.TABLE_BUSY)
    _forget()


def _in_sqlite(epoch_id: bytes) -> Search:
    """Look through the database, its log, the log's index and a journal."""
    name = db.engine.url.database
    return search_files((Path(f"{name}{suffix}") for suffix in _SUFFIXES), epoch_id)


def _search_sqlite(epoch_id: bytes) -> Facts:
    search = _in_sqlite(epoch_id)
    if search.found:
        raise StageBlocked(Code.DATABASE_LEFT)
    return {"database": "searched", "log": "searched", "bytes": search.size, "found": 0}
