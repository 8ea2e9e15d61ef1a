"""Holding a run: every transaction of its worker begins here."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.extensions import db
from app.models import CollectionRun
from app.operations.grant.requests_made import note_with
from app.operations.transactions.fence import lock_open_epoch
from app.operations.transactions.lease import renew
from collectors.calls import Counters


@dataclass(frozen=True, slots=True)
class Held:
    """The run a worker holds the lease of."""

    run_id: int
    epoch_id: bytes
    owner: str
    counters: Counters = field(default_factory=Counters)


def hold(session: Session, held: Held) -> CollectionRun:
    """Begin a transaction of the run. Raises EpochClosed, LeaseLost."""
    lock_open_epoch(session, held.epoch_id)
    renew(session, CollectionRun, held.run_id, held.owner)
    run = session.get_one(CollectionRun, held.run_id)
    requests, rate_limited = note_with(session, held.epoch_id, held.counters)
    run.requests += requests
    run.rate_limited += rate_limited
    return run


def sign_of_life(held: Held) -> None:
    """Prolong the lease. Raises EpochClosed, LeaseLost."""
    with db.write() as session:
        hold(session, held)
