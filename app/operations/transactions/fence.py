"""The fence: nothing is written under an epoch, nor read from it, once it is closed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import EpochClosed
from app.models import Connection, Epoch


def lock_open_epoch(session: Session, epoch_id: bytes) -> None:
    """Begin a page's transaction: the epoch stays open until it commits.

    FOR SHARE on PostgreSQL makes the close wait; on SQLite the transaction is IMMEDIATE already.
    Raises EpochClosed.
    """
    found = session.execute(
        select(Epoch.handle)
        .where(Epoch.id == epoch_id, Epoch.closed_at.is_(None))
        .with_for_update(read=True)
    ).first()
    if found is None:
        raise EpochClosed


def require_open_epoch(session: Session, epoch_id: bytes) -> None:
    """Begin a reading; without a lock, for a long one must not keep the epoch from being closed.

    What is made of it is stored under ``lock_open_epoch``. Raises EpochClosed.
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
