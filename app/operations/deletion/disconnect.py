"""Disconnect: one transaction, after which nothing can be read or written any more.

A caller does three things: ``disconnect`` or ``close_epoch`` in a transaction, its commit, then
``carry_out``. What a crash leaves undone, the sweeper does.
"""

from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.core.crash_points import CrashPoint, reach
from app.core.crypto import SealBroken
from app.core.errors import NotFound
from app.core.logs import Event, event
from app.extensions import bound, keystore, queues
from app.keystore import KeyMissing
from app.models import Connection, Engagement, Epoch, Purge, Token, new_handle
from app.models.purge import Cause, PurgeState, masked
from app.operations.deletion import revocation
from app.operations.grant.grant import Grant
from app.operations.grant.tokens import opened_token
from app.operations.receipts import ledger
from app.operations.transactions.db_clock import moment
from app.operations.transactions.fence import open_epoch
from app.queues import Job


@dataclass(frozen=True, slots=True)
class ClosedEpoch:
    """The purge of a closed epoch, and the token to revoke, which is stored nowhere any more."""

    purge: Purge
    grant: Grant | None = field(default=None, repr=False)
    refreshing: bool = False
    """Another process was requesting a newer one: it cannot store the response, and revokes it."""


def disconnect(session: Session, engagement: Engagement) -> ClosedEpoch:
    """Close the engagement's open epoch. Called twice, it returns the same purge.

    Raises NotFound where nothing was ever connected.
    """
    # Of two at the same time, the second waits here and then sees the result of the first.
    session.scalar(
        select(Connection).where(Connection.engagement_id == engagement.id).with_for_update()
    )
    epoch = open_epoch(session, engagement.id)
    if epoch is not None:
        return close_epoch(session, epoch, Cause.DISCONNECT)
    newest = select(Purge).where(Purge.engagement_id == engagement.id).order_by(Purge.id.desc())
    purge = session.scalar(newest.limit(1))
    if purge is None:
        raise NotFound
    return ClosedEpoch(purge)


def close_epoch(session: Session, epoch: Epoch, cause: str) -> ClosedEpoch:
    """Delete the tokens, close the epoch, make the purge due and promise it; once per epoch."""
    connection = _locked(session, epoch)
    if epoch.closed_at is not None:
        made = select(Purge).where(Purge.epoch_handle == epoch.handle)
        return ClosedEpoch(session.scalars(made).one())
    row = session.scalar(select(Token).where(Token.epoch_id == epoch.id).with_for_update())
    refreshing = row is not None and row.refreshing_until is not None
    grant, tokens = _take_tokens(session, epoch, row)
    purge = _due(session, epoch, connection, Cause(cause))
    purge.rows = {"token": tokens}
    epoch.closed_at = purge.requested_at
    connection.lost_at = connection.lost_reason = None
    # The next connect has not agreed to a refresh on a schedule.
    session.execute(
        update(Engagement).where(Engagement.id == connection.engagement_id).values(refresh="off")
    )
    session.add(purge)
    ledger.promise(session, purge)
    return ClosedEpoch(purge, grant, refreshing)


def _locked(session: Session, epoch: Epoch) -> Connection:
    """The connection, then the epoch: from here no page is written until this commits."""
    connection = session.get_one(Connection, epoch.connection_id, with_for_update=True)
    session.refresh(epoch, with_for_update=True)
    return connection


def _take_tokens(session: Session, epoch: Epoch, row: Token | None) -> tuple[Grant | None, int]:
    """The grant in plain text, only in the memory of this request, and the number of rows."""
    grant = None
    if row is not None:
        # A token that cannot be opened cannot be revoked, and must not block the disconnect.
        with suppress(KeyMissing, SealBroken):
            grant = opened_token(epoch.handle, row)
    removed = session.execute(delete(Token).where(Token.epoch_id == epoch.id))
    return grant, removed.rowcount if isinstance(removed, CursorResult) else 0


def _due(session: Session, epoch: Epoch, connection: Connection, cause: Cause) -> Purge:
    handle, requested_at = new_handle(), moment(session)
    return Purge(
        handle=handle,
        engagement_id=connection.engagement_id,
        epoch_handle=epoch.handle,
        epoch_mask=masked(handle, epoch.id),
        state=PurgeState.DUE,
        cause=cause.value,
        allow_list_hash=epoch.allow_list_hash.hex(),
        requested_at=requested_at,
        deadline_at=requested_at + bound.config.deadlines.purge_deadline,
        stages={},
    )


def carry_out(ended: ClosedEpoch) -> None:
    """After the commit: keys, job, revocation. Nothing here can undo the promise."""
    purge = ended.purge
    event(Event.DISCONNECTED, purge=purge.handle, cause=Cause(purge.cause))
    reach(CrashPoint.EPOCH_CLOSED)
    try:
        destroy_keys(purge.epoch_handle)
    except OSError as error:
        # The purge destroys them again, and is not done before they are destroyed.
        event(Event.KEYS_LEFT, error=error, purge=purge.handle)
    reach(CrashPoint.EPOCH_KEYS_DESTROYED)
    queues.enqueue(Job.PURGE, purge.handle)
    reach(CrashPoint.EPOCH_PURGE_ENQUEUED)
    if ended.grant is not None:
        revocation.begin(purge.handle, ended.grant, newest=not ended.refreshing)


def destroy_keys(epoch_handle: str) -> None:
    """Destroy an epoch's keys: what they sealed cannot be opened any more."""
    keystore.destroy(epoch_handle)
