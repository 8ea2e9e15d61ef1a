"""Quiet: when tables may be rewritten, which blocks every reader."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import bound, db
from app.models import Assessment, CollectionRun
from app.operations.deletion.purge.claimed import ClaimedPurge, Code, StageBlocked
from app.operations.transactions.db_clock import moment
from app.operations.transactions.lease import free

_LAST_QUARTER = 4


def await_quiet(claimed: ClaimedPurge) -> None:
    """Return when no job collects or assesses, in the quiet hour, or near the deadline.

    The wait ends before an alarm would be raised for it. Raises StageBlocked.
    """
    deadlines = bound.config.deadlines
    with db.read() as session:
        at = moment(session)
        if at.hour == bound.config.quiet_hour or not _busy(session):
            return
    left = claimed.deadline_at - at
    if left > deadlines.purge_deadline / _LAST_QUARTER and claimed.requested_within(
        deadlines.purge_alarm
    ):
        raise StageBlocked(Code.QUIET_HOUR)


def _busy(session: Session) -> bool:
    """Whether a collection or an assessment has a lease."""
    return any(
        session.scalar(
            select(func.count())
            .select_from(table)
            .where(table.lease_owner.is_not(None), ~free(table))
        )
        for table in (CollectionRun, Assessment)
    )
