"""Disconnect: one transaction, after which nothing can be read or written any more."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import NotFound
from app.extensions import keystore
from app.logs import Event, event
from app.models import Connection, Engagement, Purge, Token, new_handle
from app.operations.fence import open_epoch

DEADLINE = timedelta(hours=24)


def disconnect(session: Session, engagement: Engagement) -> Purge:
    """Delete the tokens, seal the epoch, make the purge due. Asked twice, the same purge.

    Raises NotFound where nothing was ever connected.
    """
    connection = session.scalar(
        select(Connection).where(Connection.engagement_id == engagement.id).with_for_update()
    )
    if connection is None:
        raise NotFound
    epoch = open_epoch(session, engagement.id)
    if epoch is None:
        return _latest(session, engagement)
    moment = now()
    removed = session.execute(delete(Token).where(Token.epoch_id == epoch.id))
    epoch.sealed_at = moment
    purge = Purge(
        handle=new_handle(),
        engagement_id=engagement.id,
        epoch_handle=epoch.handle,
        epoch_id=epoch.id,
        state="sealed",
        allow_list_hash=epoch.allow_list_hash.hex(),
        requested_at=moment,
        deadline_at=moment + DEADLINE,
        rows={"token": removed.rowcount if isinstance(removed, CursorResult) else 0},
    )
    session.add(purge)
    connection.lost_at = connection.lost_reason = None
    # Whoever connects next has not agreed to be read again by the clock.
    session.execute(update(Engagement).where(Engagement.id == engagement.id).values(refresh="off"))
    session.flush()  # the caller enqueues its handle
    event(Event.DISCONNECTED, purge=purge.handle)
    return purge


def destroy_keys(epoch_handle: str) -> None:
    """After the commit: what was sealed under these keys cannot be opened any more."""
    keystore.destroy(epoch_handle)


def _latest(session: Session, engagement: Engagement) -> Purge:
    purge = session.scalar(
        select(Purge).where(Purge.engagement_id == engagement.id).order_by(Purge.id.desc()).limit(1)
    )
    if purge is None:
        raise NotFound
    return purge
