"""Verification: the same questions once more, on a connection that cannot write."""

from sqlalchemy import select

from app.core.crash_points import CrashPoint, reach
from app.extensions import db
from app.models import Purge
from app.operations.deletion.purge.files import named
from app.operations.deletion.purge.queue import jobs_left
from app.operations.deletion.purge.residue import search_again
from app.operations.deletion.purge.rows import counted
from app.operations.deletion.purge.work import Code, Facts, StageBlocked, Work


def verify(work: Work) -> Facts:
    """Count, look for keys, files and jobs, and search once more. Raises StageBlocked.

    What is found here was put there after its stage: every stage is then done anew.
    """
    with db.look() as session:
        counts = counted(session, work.epoch_id)
    reach(CrashPoint.PURGE_VERIFIED_MIDDLE)
    jobs = jobs_left()
    if any(counts.values()) or named(work.epoch_handle) or jobs:
        raise StageBlocked(Code.NOT_VERIFIED)
    return {
        "tables": len(counts),
        "rows": 0,
        "files": 0,
        "queue": "not reached" if jobs is None else "searched",
        **search_again(work.epoch_id, log_too=_log_was_searched(work)),
    }


def _log_was_searched(work: Work) -> bool:
    with db.read() as session:
        stages = session.scalars(select(Purge.stages).where(Purge.id == work.purge_id)).one()
    return bool(stages["residue"]["log"] == "searched")
