"""The lease of a run: every transaction of its worker begins here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.extensions import db
from app.models import CollectionRun
from app.operations.grant.requests_made import note
from app.operations.transactions.fence import lock_open_epoch
from app.operations.transactions.lease import renew
from collectors.calls import Call, Counters


@dataclass(frozen=True, slots=True)
class RunLease:
    """The lease that a worker has on a run, and the requests it made under it."""

    run_id: int
    epoch_id: bytes
    owner: str
    counters: Counters = field(default_factory=Counters)

    @contextmanager
    def transaction(self, *, long: bool = False) -> Iterator[tuple[Session, CollectionRun]]:
        """Renew the lease and write; requests are noted with what they brought, or with the next.

        Raises EpochClosed, LeaseLost.
        """
        requests, rate_limited = self.counters.take()
        noted: list[Call] = []
        committed = False
        try:
            with db.write(long=long) as session:
                lock_open_epoch(session, self.epoch_id)
                renew(session, CollectionRun, self.run_id, self.owner)
                run = session.get_one(CollectionRun, self.run_id)
                run.requests += requests
                run.rate_limited += rate_limited
                yield session, run
                # At the end: only now it is known how many records of a page were stored.
                noted = self.counters.calls.ready()
                note(session, self.epoch_id, noted)
            committed = True
        finally:
            if not committed:
                self.counters.add(requests=requests, rate_limited=rate_limited)
        self.counters.calls.discard(noted)

    def renew(self) -> None:
        """Raises EpochClosed, LeaseLost."""
        with self.transaction():
            pass
