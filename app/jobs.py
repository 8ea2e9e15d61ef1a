"""What a worker runs: a handle in, one operation. Nothing of an error reaches Redis."""

from collections.abc import Callable

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from app.errors import Busy
from app.extensions import db, queues
from app.logs import Event, event
from app.models import Assessment, CollectionRun
from app.operations import assess as assessing
from app.operations import check as checking
from app.operations import collect as collecting
from app.operations import purge as purging
from app.queues import Job

_TABLES: dict[Job, type[CollectionRun] | type[Assessment]] = {
    Job.COLLECT: CollectionRun,
    Job.ASSESS: Assessment,
}


def _sealed(job: Job, work: Callable[[str], object], handle: str) -> None:
    """Run ``work``; whatever it raises becomes a code in the log and the database.

    RQ would keep exception texts, with row values in them, for a year.
    """
    event(Event.JOB_STARTED, job=job, id=handle)
    try:
        work(handle)
    except (Busy, DBAPIError) as error:
        # The database is away or busy: the sweeper puts the handle back when the lease runs out.
        event(Event.JOB_FAILED, error=error, job=job, id=handle)
        return
    except BaseException as error:  # noqa: BLE001 - no exception may reach RQ, see above
        failure = error
    else:
        event(Event.JOB_FINISHED, job=job, id=handle)
        return
    event(Event.JOB_FAILED, error=failure, job=job, id=handle)
    _note_failure(job, handle, failure)


def _note_failure(job: Job, handle: str, error: BaseException) -> None:
    table = _TABLES.get(job)
    if table is None or isinstance(error, SystemExit | KeyboardInterrupt):
        return
    with db.write() as session:
        session.execute(
            update(table)
            .where(table.handle == handle)
            .values(state="failed", code="internal_error", lease_owner=None, lease_until=None)
        )


def _collect_then_assess(handle: str) -> None:
    assessment = collecting.collect(handle)
    if assessment is not None:
        queues.enqueue(Job.ASSESS, assessment)


def collect(handle: str) -> None:
    """Work on a collection run; when it is done, queue its assessment."""
    _sealed(Job.COLLECT, _collect_then_assess, handle)


def check(handle: str) -> None:
    """Ask whether a connection's grant still stands."""
    _sealed(Job.CHECK, checking.check, handle)


def assess(handle: str) -> None:
    """Compute an assessment."""
    _sealed(Job.ASSESS, assessing.assess, handle)


def purge(handle: str) -> None:
    """Delete what is due."""
    _sealed(Job.PURGE, purging.purge, handle)
