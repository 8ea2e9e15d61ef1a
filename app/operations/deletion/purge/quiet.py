"""Quiet: when tables may be written anew, which holds up whoever reads them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import bound, db
from app.models import Assessment, CollectionRun
from app.operations.deletion.purge.work import Code, StageBlocked, Work
from app.operations.transactions.db_clock import moment
from app.operations.transactions.lease import free

_LAST_QUARTER = 4


def await_quiet(work: Work) -> None:
    """Return where nobody collects or assesses, in the quiet hour, or when it is high time.

    Nor is quiet waited for so long that an alarm would ring for it. Raises StageBlocked.
    """
    terms = bound.config.terms
    with db.read() as session:
        at = moment(session)
        if at.hour == bound.config.quiet_hour or not _busy(session):
            return
    left = work.deadline_at - at
    if left > terms.purge_deadline / _LAST_QUARTER and work.young(terms.purge_alarm):
        raise StageBlocked(Code.QUIET_HOUR)


def _busy(session: Session) -> bool:
    """Whether somebody holds a collection or an assessment."""
    return any(
        session.scalar(
            select(func.count())
            .select_from(table)
            .where(table.lease_owner.is_not(None), ~free(table))
        )
        for table in (CollectionRun, Assessment)
    )
