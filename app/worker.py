"""The worker: one queue, one forked work-horse a job, which ends with its parent."""

import os
import signal
import time
from contextlib import suppress

from rq import Queue, Worker
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer

# Before the fork: otherwise each work-horse would import it again, for a fifth of a second.
import app.jobs  # noqa: F401
from app.core.hygiene import die_with_parent
from app.extensions import db, queues
from app.operations.deletion.purge import clear_due
from app.operations.transactions.failures import DATABASE_UNAVAILABLE
from app.queues import Job, QueueName, stopping

_RETRY_SECONDS = 1.0
_ALLOWED = frozenset(job.value for job in Job)


class DeclaredJobWorker(Worker):
    """Runs the jobs of ``Job`` only, in a fork: what a job has read ends with its process."""

    # RQ's default is a minute: a queue that is available again would wait so long for its worker.
    max_connection_wait_time = 5.0

    def main_work_horse(self, job: RqJob, queue: Queue) -> None:
        """Start a work-horse: an orphan would go on collecting after its worker was killed."""
        tie = die_with_parent(self.pid or os.getppid())
        if tie is not None:
            tie()
        # The parent's connections must not be shared by two processes.
        db.engine.dispose(close=False)
        super().main_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        """In the work-horse: a stop takes effect at the end of the page."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: self._note_stop())

    def handle_warm_shutdown_request(self) -> None:
        """In the worker: pass the stop on. RQ would wait for the job, maybe for hours."""
        self._note_stop()
        if self.horse_pid:
            self.kill_horse(signal.SIGTERM)

    def _note_stop(self) -> None:
        stopping.requested = True

    def perform_job(self, job: RqJob, queue: Queue) -> bool:
        """Run a job whose function is declared; delete any other that was put into Redis."""
        if job.func_name not in _ALLOWED:
            job.delete()
            return False
        return super().perform_job(job, queue)


def _clear_first() -> None:
    """Delete what is due before the first job; without a database there is no job either."""
    while True:
        with suppress(*DATABASE_UNAVAILABLE):
            clear_due()
            return
        time.sleep(_RETRY_SECONDS)


def work(name: QueueName) -> None:
    """Serve one queue until SIGTERM."""
    _clear_first()
    connection = queues.worker_redis()
    worker = DeclaredJobWorker(
        [queues.queue(name, connection)],
        connection=connection,
        serializer=JSONSerializer,
        log_job_description=False,
        # A heartbeat at least every 15 s, so that /readyz notices within 30.
        worker_ttl=30,
        maintenance_interval=60,
        job_monitoring_interval=10,
    )
    worker.work(logging_level="WARNING")
