"""The fence: nothing is written under an epoch, nor read from it, once it is closed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import EpochClosed
from app.models import Connection, Epoch


def lock_open_epoch(session: Session, epoch_id: bytes, *, key_share: bool = False) -> None:
    """Begin a transaction that writes under an epoch: it stays open until the commit.

    FOR SHARE on PostgreSQL makes a disconnect and a purge wait, which lock FOR UPDATE; so does
    ``key_share``. On SQLite the transaction is IMMEDIATE already. Raises EpochClosed.
    """
    found = session.execute(
        select(Epoch.handle)
        .where(Epoch.id == epoch_id, Epoch.closed_at.is_(None))
        .with_for_update(read=True, key_share=key_share)
    ).first()
    if found is None:
        raise EpochClosed


def require_open_epoch(session: Session, epoch_id: bytes) -> None:
    """Begin a read without a lock: a long one must not delay a disconnect.

    Its result is stored under ``lock_open_epoch``. Raises EpochClosed.
    """
    found = session.execute(
        select(Epoch.handle).where(Epoch.id == epoch_id, Epoch.closed_at.is_(None))
    ).first()
    if found is None:
        raise EpochClosed


def open_epoch(session: Session, engagement_id: int) -> Epoch | None:
    """The engagement's open epoch: where every read of collected data starts."""
    return session.scalar(
        select(Epoch)
        .join(Connection, Connection.id == Epoch.connection_id)
        .where(Connection.engagement_id == engagement_id, Epoch.closed_at.is_(None))
    )
