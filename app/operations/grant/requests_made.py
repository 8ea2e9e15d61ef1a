"""Requests made with the client's token, for the client to see: noted, counted, read."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.core.errors import EpochClosed
from app.extensions import db
from app.models import ApiRequest, Base, Budget
from app.operations.transactions.failures import DATABASE_UNAVAILABLE
from app.operations.transactions.fence import lock_open_epoch
from app.operations.transactions.upsert import insert_into
from collectors.calls import Call, Calls
from collectors.client.budget import BudgetState

PAGE = 100
"""Requests of one page of the list."""

_INSERT = insert(Base.metadata.tables[ApiRequest.__tablename__])


@dataclass(frozen=True, slots=True)
class PathTotal:
    """The requests of one path since the epoch began."""

    method: str
    path: str
    requests: int
    unanswered: int
    """Without a status of 2xx."""
    kept: int
    dropped: int
    last: datetime


def note(session: Session, epoch_id: bytes, calls: Sequence[Call]) -> None:
    """Store requests, in one statement."""
    if calls:
        rows = [
            {
                "epoch_id": epoch_id,
                "method": call.method,
                "path": call.path,
                "asked_at": call.at,
                "status": call.status,
                "kept": call.kept,
                "dropped": call.dropped,
            }
            for call in calls
        ]
        # The table, not its class: the difference is measurable for each page of a collection.
        session.execute(_INSERT, rows)


def note_uncounted(session: Session, epoch_id: bytes, calls: Sequence[Call]) -> None:
    """The same for requests that did not pass the limiter: counted here, so that sums agree."""
    note(session, epoch_id, calls)
    count(session, epoch_id, len(calls))


def count(session: Session, epoch_id: bytes, number: int) -> None:
    """Count so many requests as let through."""
    if not number:
        return
    empty = insert_into(session, Budget).values(
        epoch_id=epoch_id, bucket="rest", let_through=number, **asdict(BudgetState())
    )
    session.execute(
        empty.on_conflict_do_update(
            index_elements=[Budget.epoch_id, Budget.bucket],
            set_={"let_through": Budget.let_through + number},
        )
    )


def note_rest(epoch_id: bytes, calls: Calls) -> None:
    """At the end of a worker's part: also requests that are still in flight.

    Needs no lease: the requests were made before it was lost. A closed epoch takes its log with
    it; while the database is unavailable, the limiter's count shows how many are missing.
    """
    every = calls.close()
    with suppress(EpochClosed, *DATABASE_UNAVAILABLE):
        if every:
            with db.write() as session:
                lock_open_epoch(session, epoch_id)
                note(session, epoch_id, every)
            calls.discard(every)


def totals(session: Session, epoch_id: bytes) -> list[PathTotal]:
    """Per method and path, the most frequent first."""
    number, answered = func.count(), func.count().filter(ApiRequest.status.between(200, 299))
    rows = session.execute(
        select(
            ApiRequest.method,
            ApiRequest.path,
            number,
            number - answered,
            func.sum(ApiRequest.kept),
            func.sum(ApiRequest.dropped),
            func.max(ApiRequest.asked_at),
        )
        .where(ApiRequest.epoch_id == epoch_id)
        .group_by(ApiRequest.method, ApiRequest.path)
        .order_by(number.desc(), ApiRequest.path, ApiRequest.method)
    )
    return [PathTotal(*row) for row in rows]


def page(session: Session, epoch_id: bytes, number: int) -> Sequence[ApiRequest]:
    """The ``number``th page of requests, from 1, newest first."""
    return session.scalars(
        select(ApiRequest)
        .where(ApiRequest.epoch_id == epoch_id)
        .order_by(ApiRequest.asked_at.desc(), ApiRequest.id.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()


def unaccounted(session: Session, epoch_id: bytes) -> int:
    """How many more requests were let through than are noted.

    They are in flight, or lost with the process that made them; some may never have left, for the
    limiter lets several through at once.
    """
    let = session.scalar(select(func.sum(Budget.let_through)).where(Budget.epoch_id == epoch_id))
    written = session.scalar(
        select(func.count()).select_from(ApiRequest).where(ApiRequest.epoch_id == epoch_id)
    )
    return max(0, int(let or 0) - int(written or 0))
