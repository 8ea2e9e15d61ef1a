"""What a worker runs: a handle in, one operation. Nothing of an error reaches Redis."""

from collections.abc import Callable

from app.core.logs import Event, event
from app.extensions import queues
from app.operations.assessments import assess as assessing
from app.operations.collection import collect as collecting
from app.operations.connection import check as checking
from app.operations.deletion import purge as purging
from app.queues import Job


def _run(job: Job, work: Callable[[str], object], handle: str) -> None:
    """Run ``work``; of an error, only its type and place are logged.

    RQ would keep exception texts, with row values in them, for a year. The operations record their
    own failures in the database; otherwise the lease expires and the job is queued again.
    """
    event(Event.JOB_STARTED, job=job, id=handle)
    try:
        work(handle)
    except BaseException as error:  # noqa: BLE001 - no exception may reach RQ, see above
        event(Event.JOB_FAILED, error=error, job=job, id=handle)
    else:
        event(Event.JOB_FINISHED, job=job, id=handle)


def _collect_then_assess(handle: str) -> None:
    assessment = collecting.collect(handle)
    if assessment is not None:
        queues.enqueue(Job.ASSESS, assessment)


def collect(handle: str) -> None:
    """Work on a collection run; when it is done, queue its assessment."""
    _run(Job.COLLECT, _collect_then_assess, handle)


def check(handle: str) -> None:
    """Check whether a connection's grant still works."""
    _run(Job.CHECK, checking.check, handle)


def assess(handle: str) -> None:
    """Compute an assessment."""
    _run(Job.ASSESS, assessing.assess, handle)


def purge(handle: str) -> None:
    """Delete what is due."""
    _run(Job.PURGE, purging.purge, handle)
