"""Verification: the same checks once more, on a connection that cannot write."""

from sqlalchemy import select

from app.core.crash_points import CrashPoint, reach
from app.extensions import db
from app.models import Purge
from app.operations.deletion.purge.claimed import ClaimedPurge, Code, Facts, StageBlocked
from app.operations.deletion.purge.files import named
from app.operations.deletion.purge.queue import jobs_left
from app.operations.deletion.purge.residue import search_again
from app.operations.deletion.purge.rows import counted


def verify(claimed: ClaimedPurge) -> Facts:
    """Count, look for keys, files and jobs, and search once more. Raises StageBlocked.

    What is found here came after its stage: every stage then runs again.
    """
    with db.read_only() as session:
        counts = counted(session, claimed.epoch_id)
    reach(CrashPoint.PURGE_VERIFIED_MIDDLE)
    jobs = jobs_left()
    if any(counts.values()) or named(claimed.epoch_handle) or jobs:
        raise StageBlocked(Code.NOT_VERIFIED)
    return {
        "tables": len(counts),
        "rows": 0,
        "files": 0,
        "queue": "not reached" if jobs is None else "searched",
        **search_again(claimed.epoch_id, log_too=_log_was_searched(claimed)),
    }


def _log_was_searched(claimed: ClaimedPurge) -> bool:
    with db.read() as session:
        stages = session.scalars(select(Purge.stages).where(Purge.id == claimed.purge_id)).one()
    return bool(stages["residue"]["log"] == "searched")
