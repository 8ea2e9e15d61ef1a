"""Revocation: whoever holds the token in memory withdraws it; here its outcome is waited for."""

import time

from sqlalchemy import select

from app.core.crash_points import CrashPoint, reach
from app.extensions import bound, db
from app.models import Purge
from app.operations.deletion.purge.work import Facts, Work

_TIMES = 3
"""As long as PagerDuty is given, so often: the request has to come to it first."""
_LOOK_SECONDS = 0.1
UNKNOWN = "unknown"


def await_revocation(work: Work) -> Facts:
    """Note what became of the token; whoever died while withdrawing it left no word."""
    outcome = _outcome(work)
    while outcome is None and work.young(_TIMES * bound.config.terms.revocation):
        time.sleep(_LOOK_SECONDS)
        outcome = _outcome(work)
    reach(CrashPoint.PURGE_REVOCATION_MIDDLE)
    return {"outcome": outcome or UNKNOWN}


def _outcome(work: Work) -> str | None:
    with db.read() as session:
        return session.scalar(select(Purge.revocation).where(Purge.id == work.purge_id))
