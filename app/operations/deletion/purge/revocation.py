"""Revocation: wait for the outcome of the process that has the token in memory."""

import time

from sqlalchemy import select

from app.core.crash_points import CrashPoint, reach
from app.extensions import bound, db
from app.models import Purge
from app.models.purge import Revocation
from app.operations.deletion.purge.claimed import ClaimedPurge, Facts

_TIMES = 3
"""The wait, in time-outs of the revocation: the request has to reach PagerDuty first."""
_LOOK_SECONDS = 0.1


def await_revocation(claimed: ClaimedPurge) -> Facts:
    """Note what became of the token; a process that died while revoking it noted nothing."""
    outcome = _outcome(claimed)
    while outcome is None and claimed.requested_within(_TIMES * bound.config.deadlines.revocation):
        time.sleep(_LOOK_SECONDS)
        outcome = _outcome(claimed)
    reach(CrashPoint.PURGE_REVOCATION_MIDDLE)
    return {"outcome": outcome or Revocation.UNKNOWN.value}


def _outcome(claimed: ClaimedPurge) -> str | None:
    with db.read() as session:
        return session.scalar(select(Purge.revocation).where(Purge.id == claimed.purge_id))
