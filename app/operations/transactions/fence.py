"""The fence: nothing is written under an epoch, nor read from it, once it is sealed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import EpochSealed
from app.models import Connection, Epoch


def lock_open_epoch(session: Session, epoch_id: bytes) -> None:
    """Begin a page's transaction: the epoch stays unsealed until it commits.

    FOR SHARE on PostgreSQL makes a seal wait; on SQLite the transaction is IMMEDIATE already.
    Raises EpochSealed.
    """
    found = session.execute(
        select(Epoch.handle)
        .where(Epoch.id == epoch_id, Epoch.sealed_at.is_(None))
        .with_for_update(read=True)
    ).first()
    if found is None:
        raise EpochSealed


def require_open_epoch(session: Session, epoch_id: bytes) -> None:
    """Begin a reading; without a lock, for a long one must not keep the epoch from being sealed.

    What is made of it is stored under ``lock_open_epoch``. Raises EpochSealed.
    """
    found = session.execute(
        select(Epoch.handle).where(Epoch.id == epoch_id, Epoch.sealed_at.is_(None))
    ).first()
    if found is None:
        raise EpochSealed


def open_epoch(session: Session, engagement_id: int) -> Epoch | None:
    """The engagement's unsealed epoch: where every read of collected data starts."""
    return session.scalar(
        select(Epoch)
        .join(Connection, Connection.id == Epoch.connection_id)
        .where(Connection.engagement_id == engagement_id, Epoch.sealed_at.is_(None))
    )
